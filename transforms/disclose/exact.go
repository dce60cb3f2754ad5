package disclose

import (
	"cmp"
	"slices"
)

// effort bounds the search for the cheapest cover, in weights looked at.
const effort = 4_000_000

// exchanges bounds how often a cover is attacked and the cuts it breaks are added.
const exchanges = 60

// exact looks for the best choice of all: the cheapest cover of the cuts known, if
// the attack finds no other cut, is the cheapest safe choice. Where the search ends
// before that, the choice made so far stands and the bound is what it was.
func (s *search) exact() error {
	best := slices.Clone(s.chosen)
	for range exchanges {
		if s.spent(best) <= s.bound || s.tired() {
			break
		}
		c := cover{search: s, left: effort / (1 + len(s.cuts)*s.size), limit: s.spent(best)}
		c.choose(slices.Clone(s.forced), slices.Clone(s.banned), 0)
		if c.left <= 0 {
			break
		}
		if c.best == nil { // nothing covers for less: the choice made is the best
			s.prove(s.spent(best))
			break
		}
		s.prove(c.limit)
		s.adopt(c.best)
		known, lost := len(s.cuts), len(s.lost)
		found, err := s.each(s.tooNarrow)
		if err == nil && found == 0 {
			found, err = s.each(s.notWhole)
		}
		if err != nil {
			return err
		}
		if found == 0 {
			best = c.best
			continue
		}
		if len(s.cuts) == known || len(s.lost) > lost {
			s.lost = s.lost[:lost]
			break
		}
	}
	s.adopt(best)
	return nil
}

// prove raises the bound to what the cheapest cover costs; cuts that aren't proven
// prove nothing.
func (s *search) prove(cost int64) {
	if !slices.ContainsFunc(s.cuts, func(c *cut) bool { return !c.proven }) && !slices.Contains(s.banned, true) {
		s.bound = max(s.bound, cost)
	}
}

// cover is a branch and bound search for the cheapest groups that satisfy all cuts.
type cover struct {
	*search
	left  int    // branches not yet taken
	limit int64  // cost of the best found; only cheaper ones are of interest
	best  []bool // nil: none yet
}

// choose completes a partial choice that costs so much: in is hidden, out is not
// to be. It takes the broken cut that would cost most to mend, and branches on
// which group mends it first.
func (c *cover) choose(in, out []bool, cost int64) {
	if c.left--; c.left <= 0 {
		return
	}
	worst, dearest := -1, int64(-1)
	for k, broken := range c.cuts {
		lack := broken.lacking(in)
		if lack == 0 {
			continue
		}
		mend := c.mend(broken, lack, in, out)
		if mend < 0 || cost+mend >= c.limit {
			return
		}
		if mend > dearest {
			worst, dearest = k, mend
		}
	}
	if worst < 0 {
		c.best, c.limit = slices.Clone(in), cost
		return
	}
	var ruled []int
	for _, w := range c.options(c.cuts[worst], in, out) {
		g := w.group
		if cost+c.cost[g] < c.limit {
			in[g] = true
			c.choose(in, out, cost+c.cost[g])
			in[g] = false
		}
		out[g] = true
		ruled = append(ruled, g)
	}
	for _, g := range ruled {
		out[g] = false
	}
}

// options are the groups that can still mend a cut, the most for its cost first.
func (c *cover) options(broken *cut, in, out []bool) (open []weight) {
	for _, w := range broken.weight {
		if !in[w.group] && !out[w.group] {
			open = append(open, w)
		}
	}
	slices.SortStableFunc(open, func(a, b weight) int {
		return cmp.Compare(b.weight*c.cost[a.group], a.weight*c.cost[b.group])
	})
	return open
}

// mend is what satisfying a cut costs at least; -1: it can't be.
func (c *cover) mend(broken *cut, lack int64, in, out []bool) int64 {
	cost := int64(0)
	for _, w := range c.options(broken, in, out) {
		if w.weight >= lack {
			return cost + (c.cost[w.group]*lack+w.weight-1)/w.weight
		}
		cost, lack = cost+c.cost[w.group], lack-w.weight
	}
	return -1
}
