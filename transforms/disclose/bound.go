package disclose

// unit is 1 in the fixed-point numbers of the relaxation: no floating point, so
// that every machine hides the same cells.
const unit = 1 << 16

// ascent is how many steps towards the best multipliers are taken at a time.
const ascent = 300

// relaxation is the covering problem with its cuts moved into the objective, each
// with a multiplier. Whatever the multipliers, its optimum is easy, and no choice
// of groups that satisfies the cuts costs less; the ascent looks for multipliers
// for which that says the most, and its average answer is a fractional choice.
type relaxation struct {
	*search
	cuts        []*cut  // the proven ones
	multipliers []int64 // times unit; per need of the cut
	best        int64   // the best optimum seen, times unit
	mean        []int64 // fractional choice of groups, times unit
}

func (s *search) relax() *relaxation {
	r := &relaxation{search: s, mean: make([]int64, s.size)}
	r.grow()
	return r
}

// grow takes in the cuts found since, and lets go of those given up: each keeps its
// multiplier.
func (r *relaxation) grow() {
	known := make(map[*cut]int64, len(r.cuts))
	for k, c := range r.cuts {
		known[c] = r.multipliers[k]
	}
	r.cuts, r.multipliers = nil, nil
	for _, c := range r.search.cuts {
		if c.proven {
			r.cuts, r.multipliers = append(r.cuts, c), append(r.multipliers, known[c])
		}
	}
}

// bound is a cost no choice can stay under.
func (r *relaxation) bound() int64 { return (r.best + unit - 1) / unit }

// climb improves the multipliers, given the cost of a known choice.
func (r *relaxation) climb(known int64) {
	pace, stuck := int64(unit), 0
	for range ascent {
		value, choice := r.optimum()
		if stuck++; value > r.best {
			r.best, stuck = value, 0
		} else if stuck > 15 {
			pace, stuck = pace/2, 0
		}
		for g, hidden := range choice {
			aim := int64(0)
			if hidden {
				aim = unit
			}
			r.mean[g] += (aim - r.mean[g]) / 16
		}
		if !r.step(choice, known*unit-value, pace) {
			return
		}
	}
}

// step moves each multiplier by how much its cut lacks; false when none does.
func (r *relaxation) step(choice []bool, gap, pace int64) bool {
	lacks := make([]int64, len(r.cuts))
	norm := int64(0)
	for k, c := range r.cuts {
		lack := c.need
		if c.owner >= 0 && !choice[c.owner] {
			lack = 0
		}
		for _, w := range c.weight {
			if choice[w.group] {
				lack -= w.weight
			}
		}
		lacks[k] = lack * unit / c.need
		if lacks[k] < 0 && r.multipliers[k] == 0 {
			lacks[k] = 0
		}
		lacks[k] /= 256 // room for the products below
		norm += lacks[k] * lacks[k]
	}
	if norm == 0 || gap <= 0 || pace == 0 {
		return false
	}
	for k, lack := range lacks {
		move := min(1<<40, max(-1<<40, lack*gap/norm*256))
		r.multipliers[k] = max(0, r.multipliers[k]+move/256*pace/(unit/256))
	}
	return true
}

// optimum is the relaxed problem's, rounded against us, and the choice of groups
// that attains it.
func (r *relaxation) optimum() (value int64, choice []bool) {
	reduced := make([]int64, r.size)
	for g := range reduced {
		reduced[g] = r.cost[g] * unit
	}
	for k, c := range r.cuts {
		m := r.multipliers[k]
		if m == 0 {
			continue
		}
		if c.owner < 0 {
			value += m
		} else {
			reduced[c.owner] += m
		}
		for _, w := range c.weight {
			reduced[w.group] -= (m*w.weight + c.need - 1) / c.need
		}
	}
	choice = make([]bool, r.size)
	for g, cost := range reduced {
		if cost < 0 && !r.forced[g] {
			choice[g] = true
			value += cost
		}
	}
	return value, choice
}

// grains is how finely a fractional choice is told to the linear program.
const grains = 32

// separate looks for cuts that the fractional choice breaks: quantities that must
// be hidden, attacked while each group is hidden only so far. It returns how many
// it found.
func (r *relaxation) separate() (found int, err error) {
	r.setGrains(func(g int) int64 { return (r.mean[g]*grains + unit/2) / unit })
	defer r.setBounds()
	for v := range r.groups {
		if !r.forced[r.groups[v]] || r.quantity(v).Value == 0 {
			continue
		}
		c, err := r.narrow(v, r.p.Threshold, grains)
		if err != nil {
			return found, err
		}
		if c != nil && c.breaks(r.mean) {
			r.search.cuts = append(r.search.cuts, c)
			found++
		}
	}
	return found, nil
}

// breaks reports whether a fractional choice lacks more than a hair.
func (c *cut) breaks(mean []int64) bool {
	if c.owner >= 0 || c.need <= 0 {
		return false
	}
	sum := int64(0)
	for _, w := range c.weight {
		sum += w.weight * mean[w.group]
	}
	return sum < c.need*unit*31/32
}

// setGrains gives every variable the room of a group hidden grains out of [grains]
// times.
func (r *relaxation) setGrains(of func(g int) int64) {
	t := r.tab
	for v, g := range r.groups {
		n := int64(grains)
		if !r.forced[g] {
			n = min(grains, max(0, of(g)))
		}
		t.low[v] = -n * r.room(v)
		// Nothing needs to move further than the threshold more than once.
		t.high[v] = n * r.p.Threshold
		if head := r.head(v); head < unbounded {
			t.high[v] = min(t.high[v], n*head)
		} else if n == grains {
			t.high[v] = unbounded
		}
	}
	for i, over := range r.slack {
		t.low[len(r.groups)+i] = -over * grains
	}
	t.reset()
}

// setBounds goes back to the bounds of the groups chosen.
func (r *relaxation) setBounds() {
	for v := range r.hidden {
		r.tab.low[v], r.tab.high[v] = 0, 0
		if r.hidden[v] {
			r.hide(v)
		}
	}
	for i, over := range r.slack {
		r.tab.low[len(r.groups)+i] = -over
	}
	r.tab.reset()
}
