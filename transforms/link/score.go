package link

import (
	"context"
	"slices"

	"cp3/pipeline/parallel"
)

// keep is the least weight, in bits, of a pair worth remembering: far below what
// merges, for pairs against also count when clusters meet.
const keep = -10

// weighed is a pair of records that was weighed.
type weighed struct {
	a, b         int32
	weight, pull float64
	conflict     bool
	times        uint8 // how many rules proposed it; 0: none, or it isn't known any more
}

// score weighs proposals and gives those worth remembering, in the order of pairs.
func (e *engine) score(ctx context.Context, p *proposals) ([]weighed, error) {
	found := make([][]weighed, len(p.buckets))
	parallel.With(len(found), func() func(i int) {
		w := e.newWeigher().take(e.model)
		return func(i int) {
			if ctx.Err() != nil {
				return
			}
			for _, proposal := range p.buckets[i] {
				a, b := pairOf(proposal)
				if w.weigh(a, b); w.weight >= keep {
					pair := w.pair(a, b)
					pair.times = uint8(proposal & (1<<ruleBits - 1))
					found[i] = append(found[i], pair)
				}
			}
			p.buckets[i] = nil
		}
	})
	return slices.Concat(found...), ctx.Err()
}

// pair is the one just weighed.
func (w *weigher) pair(a, b int32) weighed {
	return weighed{a: a, b: b, weight: w.weight, pull: w.pull, conflict: w.conflict()}
}
