package link

import (
	"context"
	"maps"
	"math"
	"slices"

	"cp3/pipeline/parallel"
)

// How many pairs are looked at to learn from.
const (
	fewestRandom = 150_000   // to see what strangers share: so many,
	mostRandom   = 1_000_000 // up to so many,
	randomEach   = 100       // by record, for the more there are the less it takes to be taken for another
	rulePairs    = 40_000    // of each blocking rule, to see what one person's records share
	priorPairs   = 100_000   // of all rules, to see how many matches there are
)

// learn estimates the model: u from pairs taken at random, m by EM over samples of
// each blocking rule's pairs, then the share of matches among all pairs.
func (e *engine) learn(ctx context.Context, p *proposals) error {
	drawn := e.draw(p)
	if e.records.learned < 2 {
		return nil
	}
	l := &learner{comparisons: e.plan.comparisons, model: e.model, samples: make([]*sample, len(drawn))}
	parallel.With(len(drawn), func() func(i int) {
		w := e.newWeigher()
		return func(i int) {
			if ctx.Err() == nil {
				l.samples[i] = w.sample(drawn[i])
			}
		}
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	random, last := l.samples[0], len(l.samples)-1
	random.random, random.match, random.household = true, 1e-4, 1e-4
	l.kinship = newKinship(e.model, l.samples[last], random)
	l.samples = l.samples[:last]
	l.learn()
	for range 200 {
		if l.kinship.shares(e.model, nil) < 1e-6 {
			break
		}
	}
	return nil
}

// drawing is a sample to be taken: its pairs, how many pairs each one stands for, and
// the fields that are not shown to the learner.
type drawing struct {
	pairs  [][2]int32
	scale  float64
	hidden []int
}

// draw says what to learn from: pairs at random first, then each rule's pairs that
// teach something, and last pairs of all rules with nothing hidden.
func (e *engine) draw(p *proposals) []drawing {
	pairs, scale := randomly(e.records.learned)
	all := []drawing{{pairs: pairs, scale: scale}}
	drawn := e.drawRules(p)
	proposed := 0
	for _, b := range e.blocked {
		proposed += b.pairs
		e.model.Rules = append(e.model.Rules, b.report(e))
		hidden := e.hidden(b.fields())
		if b.pairs > 0 && e.teaches(hidden) {
			all = append(all, drawing{drawn[b.number], float64(b.every()), hidden})
		}
	}
	every := max(proposed/priorPairs, 1)
	last := drawing{scale: float64(every)}
	for _, bucket := range p.buckets {
		for _, proposal := range bucket {
			if a, b := pairOf(proposal); mix(uint64(a))%uint64(every) == 0 {
				last.pairs = append(last.pairs, [2]int32{a, b})
			}
		}
	}
	return append(all, last)
}

// every is how many of a rule's pairs one is drawn of.
func (b blocking) every() int { return max(b.size/rulePairs, 1) }

// drawRules sorts the proposals, counts each rule's and draws from them.
func (e *engine) drawRules(p *proposals) [mostRules][][2]int32 {
	every := [mostRules]uint64{}
	for _, b := range e.blocked {
		every[b.number] = uint64(b.every())
	}
	type seen struct {
		pairs [mostRules]int
		drawn [mostRules][][2]int32
	}
	buckets := make([]*seen, len(p.buckets))
	p.sort(func(bucket int, proposal uint64) {
		s := buckets[bucket]
		if s == nil {
			s = &seen{}
			buckets[bucket] = s
		}
		rule := proposal & (1<<ruleBits - 1)
		s.pairs[rule]++
		if mix(proposal)%every[rule] == 0 {
			a, b := pairOf(proposal)
			s.drawn[rule] = append(s.drawn[rule], [2]int32{a, b})
		}
	})
	var drawn [mostRules][][2]int32
	for _, s := range buckets {
		for i := range e.blocked {
			if rule := e.blocked[i].number; s != nil {
				e.blocked[i].pairs += s.pairs[rule]
				drawn[rule] = append(drawn[rule], s.drawn[rule]...)
			}
		}
	}
	return drawn
}

// randomly takes pairs at random, all of them when there are few; and how many each
// stands for.
func randomly(n int) (pairs [][2]int32, scale float64) {
	all, wanted := n*(n-1)/2, min(max(n*randomEach, fewestRandom), mostRandom)
	if all <= wanted {
		for a := range int32(n) {
			for b := a + 1; b < int32(n); b++ {
				pairs = append(pairs, [2]int32{a, b})
			}
		}
		return pairs, 1
	}
	for i := range uint64(wanted) {
		a, b := int32(mix(i+1)%uint64(n)), int32(mix(i+1+mostRandom)%uint64(n))
		if a != b {
			pairs = append(pairs, [2]int32{min(a, b), max(a, b)})
		}
	}
	slices.SortFunc(pairs, func(p, q [2]int32) int { return slices.Compare(p[:], q[:]) })
	return slices.Compact(pairs), float64(all) / float64(wanted)
}

// hidden are the fields that a rule's pairs say nothing about: those of its key, and
// those that go with a name in it. Namesakes are of one country and one sex whoever
// they are; that they are would look like a match's doing.
func (e *engine) hidden(key []int) []int {
	all := slices.Clone(key)
	for _, f := range key {
		all = append(all, e.along[f]...)
	}
	return all
}

// teaches: two comparisons at least must stay visible for a rule's pairs to tell
// matches from others.
func (e *engine) teaches(hidden []int) bool {
	seen := 0
	for i := range e.fields {
		if !slices.Contains(hidden, i) {
			seen++
		}
	}
	return seen >= 2
}

// sample counts the outcomes of a drawing.
func (w *weigher) sample(d drawing) *sample {
	s := &sample{hidden: make([]bool, len(w.scales)), match: 0.1, household: 0.1, scale: d.scale}
	for k, c := range w.plan.comparisons {
		s.hidden[k] = c.column >= 0 && slices.Contains(d.hidden, c.column) ||
			c.aspect == "order" && (slices.Contains(d.hidden, w.plan.given) || slices.Contains(d.hidden, w.plan.family))
	}
	times := map[string]int{}
	var seen []byte
	for _, p := range d.pairs {
		w.compare(p[0], p[1])
		seen = seen[:0]
		for k, level := range w.levels {
			if s.hidden[k] {
				seen = append(seen, 0, 0)
				continue
			}
			// Rounded to two bits, so that pairs fall together.
			shift := int8(2 * math.Round(max(min(w.shifts[k], 20), -20)/2))
			seen = append(seen, level, byte(shift))
		}
		times[string(seen)]++
	}
	for _, said := range slices.Sorted(maps.Keys(times)) {
		p := pattern{levels: make([]uint8, len(w.scales)), shift: make([]float64, len(w.scales)), n: float64(times[said])}
		for k := range w.scales {
			p.levels[k], p.shift[k] = said[2*k], float64(int8(said[2*k+1]))
		}
		s.patterns = append(s.patterns, p)
	}
	return s
}
