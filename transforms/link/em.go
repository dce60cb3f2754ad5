package link

import "math"

// pattern is an outcome of all comparisons, with how many sampled pairs had it.
type pattern struct {
	levels []uint8
	shift  []float64 // bits; rounded, so that pairs fall together
	n      float64
}

// sample is the pairs one blocking rule gave, or pairs taken at random. Pairs of a
// rule agree on its key whoever they are of, so they say nothing about the fields
// of the key: those are hidden from them.
type sample struct {
	hidden           []bool // by comparison
	random           bool   // taken at random: only these teach u
	patterns         []pattern
	scale            float64 // pairs that each sampled pair stands for
	match, household float64 // shares of the classes among the pairs
}

// learner estimates a model by expectation-maximisation over several samples that
// share m, u and h but not their shares of matches.
type learner struct {
	comparisons []comparison
	model       *Model
	samples     []*sample
	kinship     *kinship
}

// rounds of EM; it stops earlier when nothing moves.
const rounds = 60

func (l *learner) learn() {
	for range rounds {
		if l.round() < 1e-5 {
			return
		}
	}
}

// tally is the expected number of pairs of a class at each level.
type tally struct {
	levels [][]float64
	most   float64 // pairs of the class in the richest sample: at least so many are distinct
}

func (l *learner) tally() *tally {
	t := &tally{levels: make([][]float64, len(l.comparisons))}
	for k := range t.levels {
		t.levels[k] = make([]float64, len(l.comparisons[k].levels))
	}
	return t
}

// temper scales the counts of comparison k down to distinct pairs: a pair that
// twenty rules proposed was counted twenty times, and is one pair of evidence
// against the prior.
func (t *tally) temper(k int) []float64 {
	total := 0.0
	for _, n := range t.levels[k] {
		total += n
	}
	if total > t.most {
		for i := range t.levels[k] {
			t.levels[k][i] *= t.most / total
		}
	}
	return t.levels[k]
}

// round does one E step and one M step and returns the largest change of a share.
func (l *learner) round() float64 {
	m, u := l.tally(), l.tally()
	tables := l.model.tables()
	moved := 0.0
	for _, s := range l.samples {
		matches, relatives, total := s.expect(tables, m, u)
		if !s.random || s.scale == 1 {
			m.most = max(m.most, matches*s.scale)
		}
		match, household := s.shares(matches, relatives, total, l.model.Household)
		moved = max(moved, math.Abs(match-s.match), math.Abs(household-s.household))
		s.match, s.household = match, household
	}
	// Few records can hold few pairs of one person: where more are found, in a list of
	// look-alikes, the priors keep their say.
	m.most = min(m.most, float64(l.model.Records)/4)
	l.maximise(m, u)
	l.learnHousehold()
	return moved
}

// expect is the E step on one sample: it adds the expected counts to the tallies
// and returns the expected pairs of each class. Of pairs taken at random, few can
// be of one person or household: where more look so, as neighbours in a series of
// papers or telephones do, the look is what strangers have in such data, and the
// excess teaches u.
func (s *sample) expect(t *tables, m, u *tally) (matches, relatives, total float64) {
	posteriors := make([][2]float64, len(s.patterns))
	for i, p := range s.patterns {
		pm, ph := t.posterior(p, s)
		posteriors[i] = [2]float64{pm, ph}
		matches += p.n * pm
		relatives += p.n * ph
		total += p.n
	}
	if known := matches + relatives; s.random && known > atRandom*total {
		share := atRandom * total / known
		for i := range posteriors {
			posteriors[i][0] *= share
			posteriors[i][1] *= share
		}
		matches, relatives = matches*share, relatives*share
	}
	for i, p := range s.patterns {
		pm, ph := posteriors[i][0], posteriors[i][1]
		for k, level := range p.levels {
			if level == 0 || s.hidden[k] {
				continue
			}
			m.levels[k][level-1] += p.n * pm
			if s.random {
				u.levels[k][level-1] += p.n * (1 - pm - ph)
			}
		}
	}
	return matches, relatives, total
}

// atRandom is the largest share of pairs taken at random that can be of one person
// or household.
const atRandom = 0.1

// shares of the classes, kept away from 0 and 1. Among pairs taken at random, a
// match is rare.
func (s *sample) shares(matches, relatives, total float64, households bool) (match, household float64) {
	top := 0.95
	if s.random {
		top = 0.05
	}
	match = min(max((matches+0.1)/(total+10), 1e-9), top)
	if households {
		household = min(max((relatives+0.1)/(total+10), 1e-9), top, 0.99-match)
	}
	return match, household
}

// maximise is the M step: the model is set to the expected counts, smoothed by the
// priors.
func (l *learner) maximise(m, u *tally) {
	for k, c := range l.comparisons {
		f := &l.model.Fields[k]
		matches, strangers := m.temper(k), u.levels[k]
		for i, lv := range c.levels {
			f.Levels[i].M = smooth(matches, i, c.freedom, lv.m)
			if c.column >= 0 && !f.Levels[i].fixed {
				f.Levels[i].U = smooth(strangers, i, unseen, lv.u)
			}
		}
		f.settle(c.place)
	}
}

// unseen is the weight of the prior on u, in pairs: small, so that a list of thirty
// persons whose numbers follow each other shows that such numbers mean nothing.
const unseen = 50

func smooth(counts []float64, i int, weight, prior float64) float64 {
	total := 0.0
	for _, n := range counts {
		total += n
	}
	return (counts[i] + weight*prior) / (total + weight)
}

// tables are the model's weights of evidence in bits, ready to add up.
type tables struct {
	match, household [][]float64 // by comparison and level-1
	shifted          []bool      // the household class gains by rarity too
	households       bool
}

// posterior is the probability of a match and of a household pair.
func (t *tables) posterior(p pattern, s *sample) (match, household float64) {
	bm, bh := t.add(p, s.hidden)
	m := s.match * math.Exp2(bm)
	h := 0.0
	if t.households {
		h = s.household * math.Exp2(bh)
	}
	sum := m + h + (1 - s.match - s.household)
	return m / sum, h / sum
}

// add sums a pattern's evidence for a match, and for a household, both against
// strangers.
func (t *tables) add(p pattern, hidden []bool) (match, household float64) {
	for k, level := range p.levels {
		if level == 0 || hidden[k] {
			continue
		}
		match += t.match[k][level-1] + p.shift[k]
		household += t.household[k][level-1]
		if t.shifted[k] {
			household += p.shift[k]
		}
	}
	return match, household
}
