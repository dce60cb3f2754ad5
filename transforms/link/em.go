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
	match, household float64 // shares of the classes among the pairs
}

// learner estimates a model by expectation-maximisation over several samples that
// share m, u and h but not their shares of matches.
type learner struct {
	comparisons []comparison
	model       *Model
	samples     []*sample
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

// round does one E step and one M step and returns the largest change of a share.
func (l *learner) round() float64 {
	m, u, h := l.counts(), l.counts(), l.counts()
	moved := 0.0
	tables := l.model.tables()
	for _, s := range l.samples {
		var matches, relatives, total float64
		for _, p := range s.patterns {
			pm, ph := tables.posterior(p, s)
			matches += p.n * pm
			relatives += p.n * ph
			total += p.n
			for k, level := range p.levels {
				if level == 0 || s.hidden[k] {
					continue
				}
				m[k][level-1] += p.n * pm
				h[k][level-1] += p.n * ph
				if s.random {
					u[k][level-1] += p.n * (1 - pm - ph)
				}
			}
		}
		match, household := s.shares(matches, relatives, total, l.model.Household)
		moved = max(moved, math.Abs(match-s.match), math.Abs(household-s.household))
		s.match, s.household = match, household
	}
	l.maximise(m, u, h)
	return moved
}

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

func (l *learner) counts() [][]float64 {
	c := make([][]float64, len(l.comparisons))
	for k := range c {
		c[k] = make([]float64, len(l.comparisons[k].levels))
	}
	return c
}

// maximise sets the model to the expected counts, smoothed by the priors.
func (l *learner) maximise(m, u, h [][]float64) {
	for k, c := range l.comparisons {
		f := &l.model.Fields[k]
		for i, lv := range c.levels {
			f.Levels[i].M = smooth(m[k], i, c.freedom, lv.m)
			if c.column >= 0 && !f.Levels[i].fixed {
				f.Levels[i].U = smooth(u[k], i, unseen, lv.u)
			}
			if c.place == shared {
				f.Levels[i].H = smooth(h[k], i, c.freedom, lv.h)
			}
		}
		f.settle(c.place)
	}
}

// unseen is the weight of the prior on u, in pairs.
const unseen = 500

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
