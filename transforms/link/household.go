package link

import "math"

// kinship is what teaches the household class: pairs of all rules, nothing hidden.
// EM over the rules' own pairs would not do: what most sets a crowd of pairs apart
// is not that they live together but that they share a country and its names, and
// the class would drift there. So it learns from what a household alone shares.
type kinship struct {
	*sample
	pairs float64 // all pairs of records
	given int     // the comparison of given names; -1: none
	ties  []tie
}

// tie is a comparison of what a household shares and strangers don't: a telephone,
// an e-mail, an address.
type tie struct {
	comparison int
	covered    float64 // share of all pairs that can be compared on it
}

// The weight of the prior on h, in pairs. What households don't share, birth dates and
// numbers, is hardly to be learned: where no households are, the pairs of one person
// whose given name was mistaken would make the class their own.
const (
	kin        = 100
	kinTelling = 2000
)

func newKinship(m *Model, all, random *sample) *kinship {
	n := float64(m.Records)
	k := &kinship{sample: all, pairs: n * (n - 1) / 2, given: -1}
	all.match, all.household = 0.3*n/k.pairs, 0.1*n/k.pairs
	for i, f := range m.Fields {
		switch f.Kind {
		case GivenName:
			if k.given < 0 {
				k.given = i
			}
		case Phone, Email, Address:
			k.ties = append(k.ties, tie{i, random.covered(i)})
		}
	}
	return k
}

// covered is the share of a sample's pairs that can be compared by comparison k.
func (s *sample) covered(k int) float64 {
	some, all := 0.0, 0.0
	for _, p := range s.patterns {
		all += p.n
		if p.levels[k] > 0 {
			some += p.n
		}
	}
	return some / max(all, 1)
}

// shares finds one better guess of the shares of matches and of household pairs
// among all pairs: the sums of the posteriors over the pairs compared, each
// standing for scale. It returns how much the share of matches moved, in nats.
//
// Most pairs of a household show nothing of it, for what they share is missing on
// one side, and so aren't among the pairs compared. Those that share a telephone
// say how many there are: as many as could, divided by how often a household does.
func (k *kinship) shares(m *Model, seen *tally) float64 {
	t := m.tables()
	n := float64(m.Records)
	matches, relatives := 0.0, 0.0
	tied := make([]float64, len(k.ties))
	for _, p := range k.patterns {
		pm, ph := t.posterior(p, k.sample)
		matches += p.n * pm
		relatives += p.n * ph
		k.meet(p, p.n*ph, tied, seen)
	}
	relatives = relatives*k.scale + 0.5
	for i, tie := range k.ties {
		if share := tie.covered * m.Fields[tie.comparison].Levels[0].H; share > 0 {
			relatives = max(relatives, tied[i]*k.scale/share)
		}
	}
	match := min((matches*k.scale+0.02*n+0.5)/k.pairs, 0.1)
	moved := math.Abs(math.Log(match / k.match))
	k.match, k.household = match, min(relatives/k.pairs, 0.03)
	m.Match = k.match
	if m.Household {
		m.Relatives = k.household
	}
	return moved
}

// meet counts what a pattern shows of households, weight being its expected pairs
// of that class. h is learned from pairs that are tied and whose given names have
// nothing in common; how often a household shares its telephone is seen among those
// who share an address, and the other way round.
func (k *kinship) meet(p pattern, weight float64, tied []float64, seen *tally) {
	for i, tie := range k.ties {
		if p.levels[tie.comparison] == 1 {
			tied[i] += weight
		}
	}
	if seen == nil || k.given < 0 || int(p.levels[k.given]) != len(seen.levels[k.given]) {
		return
	}
	for c, level := range p.levels {
		if level > 0 && k.tied(p, c) {
			seen.levels[c][level-1] += weight
		}
	}
}

// tied: a pair shares one of the ties, another than comparison but.
func (k *kinship) tied(p pattern, but int) bool {
	for _, tie := range k.ties {
		if tie.comparison != but && p.levels[tie.comparison] == 1 {
			return true
		}
	}
	return false
}

// learnHousehold does one round of EM on the household class.
func (l *learner) learnHousehold() {
	seen := l.tally()
	l.kinship.shares(l.model, seen)
	if !l.model.Household || len(l.kinship.ties) == 0 {
		return
	}
	for i, c := range l.comparisons {
		if c.place == personal {
			continue
		}
		trust := float64(kin)
		if c.place == telling {
			trust = kinTelling
		}
		for j, lv := range c.levels {
			l.model.Fields[i].Levels[j].H = smooth(seen.levels[i], j, trust, lv.h)
		}
	}
}
