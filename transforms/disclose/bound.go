package disclose

// scale turns multipliers into whole numbers.
const scale = 1 << 12

// steps of the ascent towards the best multipliers.
const steps = 400

// bound is a cost below which no choice of groups satisfies the proven cuts. For
// any multipliers of the cuts, none negative, moving the cuts into the objective
// gives such a bound; the ascent only looks for good ones. The sums are of whole
// numbers: the bound is not an estimate.
func (s *search) bound() int64 {
	var cuts []*cut
	for _, c := range s.cuts {
		if c.proven {
			cuts = append(cuts, c)
		}
	}
	multipliers := make([]int64, len(cuts))
	best := int64(0)
	for step := range steps {
		value, choice := s.relaxed(cuts, multipliers)
		best = max(best, value)
		for k, c := range cuts {
			// A lacking cut needs more weight, an over-satisfied one less.
			lack := c.need
			if c.owner >= 0 && !choice[c.owner] {
				lack = 0
			}
			for g, w := range c.weight {
				if choice[g] {
					lack -= w
				}
			}
			multipliers[k] = max(0, multipliers[k]+lack*scale/c.need/int64(2+step/4))
		}
	}
	return (best + scale - 1) / scale
}

// relaxed is the bound that multipliers give, times scale, and the choice of
// groups that attains it. A multiplier is per need of its cut.
func (s *search) relaxed(cuts []*cut, multipliers []int64) (value int64, choice []bool) {
	reduced := make([]int64, s.size)
	for g := range reduced {
		reduced[g] = s.cost[g] * scale
	}
	for k, c := range cuts {
		m := multipliers[k]
		if m == 0 {
			continue
		}
		if c.owner < 0 {
			value += m
		} else {
			reduced[c.owner] += m
		}
		for g, w := range c.weight {
			if w > 0 {
				reduced[g] -= (m*w + c.need - 1) / c.need // rounded against us
			}
		}
	}
	choice = make([]bool, s.size)
	for g, r := range reduced {
		if r < 0 && !s.forced[g] {
			choice[g] = true
			value += r
		}
	}
	return value, choice
}
