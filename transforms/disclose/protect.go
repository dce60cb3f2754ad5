package disclose

import (
	"cmp"
	"context"
	"errors"
	"slices"
)

// Reason says why a quantity is hidden. It is for those who may see the quantity:
// telling the public which are primary would tell that they are small.
type Reason uint8

// The reasons.
const (
	None      Reason = iota
	Primary          // fewer persons than the threshold, or in a group with one that has
	Secondary        // to protect another
	Earlier          // an earlier edition hid it
	Retained         // told, it would expose what an earlier edition hid
	Related          // shown, it would bound one too closely that is counted within it
)

// Plan says what is hidden, and how good a choice it is.
type Plan struct {
	Reasons []Reason // by quantity; None: shown
	// Secondary is what the secondary quantities cost; no method can do with less
	// than Bound.
	Secondary, Bound int64
}

// Hidden reports whether a quantity is hidden.
func (p Plan) Hidden(i int) bool { return p.Reasons[i] != None }

// Protect decides what to hide. An *Unprotectable error names what can't be hidden
// whatever is done.
func Protect(ctx context.Context, p *Problem) (Plan, error) { return choices{}.protect(ctx, p) }

// choices are those made on parts, by their first quantity: a part that is as it was
// isn't looked at again, and one of which more is known starts from there.
type choices map[int]choice

// choice is what was decided on a part.
type choice struct {
	part
	of               []Quantity
	reasons          []Reason // of those
	secondary, bound int64
	lost             []string
}

func (made choices) protect(ctx context.Context, p *Problem) (Plan, error) {
	if err := p.check(); err != nil {
		return Plan{}, err
	}
	plan := Plan{Reasons: make([]Reason, len(p.Quantities))}
	var lost []string
	for _, c := range p.parts() {
		if err := ctx.Err(); err != nil {
			return Plan{}, err
		}
		if c.past || c.silent {
			plan.silence(p, c)
			continue
		}
		if !slices.ContainsFunc(c.quantities, p.mustHide) {
			continue
		}
		one, err := made.choose(p, c)
		if err != nil {
			return Plan{}, err
		}
		lost = append(lost, one.lost...)
		plan.take(c, one)
	}
	if len(lost) > 0 {
		return plan, &Unprotectable{sortedKeys(lost)}
	}
	return plan, nil
}

// silence hides a part of which there is nothing to decide: all of it is hidden
// already, or it is of the past.
func (plan *Plan) silence(p *Problem, c part) {
	for _, i := range c.quantities {
		if p.mustHide(i) {
			plan.Reasons[i] = p.reason(i)
		}
	}
}

// reason is why a quantity that must be hidden is.
func (p *Problem) reason(i int) Reason {
	switch p.Quantities[i].State {
	case Hidden:
		return Earlier
	case Withheld:
		return Retained
	}
	if p.Quantities[i].Telling && !p.primary(i) {
		return Related
	}
	return Primary
}

// choose decides what to hide of a part.
func (made choices) choose(p *Problem, c part) (choice, error) {
	of := make([]Quantity, len(c.quantities))
	for v, i := range c.quantities {
		of[v] = p.Quantities[i]
	}
	one, known := made[c.quantities[0]]
	known = known && slices.Equal(one.quantities, c.quantities)
	if known && slices.Equal(one.relations, c.relations) && slices.Equal(one.of, of) {
		return one, nil
	}
	var earlier *choice
	if known {
		earlier = &one
	}
	found := remembered(p.memo, func(m *memo) map[fingerprint]chosen { return m.choices },
		func() fingerprint { return c.key(p, known, one.reasons, one.bound) },
		func() chosen { return c.decided(p, of, earlier) })
	if found.err != nil {
		return choice{}, c.hard(found.err)
	}
	found.part = c // in this problem
	made[c.quantities[0]] = found.choice
	return found.choice, nil
}

// decided makes a choice for a part, or mends an earlier one.
func (c part) decided(p *Problem, of []Quantity, earlier *choice) chosen {
	a, err := newAttack(p, c, false)
	if err != nil {
		return chosen{err: err}
	}
	s := newSearch(a)
	if earlier != nil {
		err = s.mend(*earlier)
	} else {
		err = s.run()
	}
	if errors.Is(err, errHard) {
		s, err = blunt(p, c)
	}
	if err != nil {
		return chosen{err: err}
	}
	return chosen{choice: s.choice(of)}
}

// mend adds to an earlier choice what is missing since more is known of the part's
// quantities. No choice got cheaper by that, so the bound stands, less what must be
// hidden now.
func (s *search) mend(earlier choice) error {
	start, must := slices.Clone(s.forced), make([]bool, s.size)
	for v, g := range s.groups {
		start[g] = start[g] || earlier.reasons[v] != None
		must[g] = must[g] || earlier.reasons[v] != None && earlier.reasons[v] != Secondary
	}
	s.adopt(start)
	s.bound = earlier.bound
	for g, forced := range s.forced {
		if forced && !must[g] {
			s.bound = max(0, s.bound-s.cost[g])
		}
	}
	for {
		if err := s.cover(); err != nil {
			return err
		}
		if found, err := s.each(s.notWhole); err != nil || found == 0 {
			return err
		}
	}
}

// choice is the decision the search came to.
func (s *search) choice(of []Quantity) choice {
	one := choice{part: s.part, of: of, reasons: make([]Reason, len(s.groups)), secondary: s.spent(s.chosen), bound: s.bound, lost: s.lost}
	for v, i := range s.part.quantities {
		g := s.groups[v]
		switch {
		case !s.chosen[g]:
		case s.forced[g]:
			one.reasons[v] = s.p.reason(i)
		default:
			one.reasons[v] = Secondary
		}
	}
	return one
}

// take enters the decision on one part.
func (plan *Plan) take(c part, one choice) {
	for v, i := range c.quantities {
		plan.Reasons[i] = one.reasons[v]
	}
	plan.Secondary += one.secondary
	plan.Bound += one.bound
}

// search looks for the cheapest groups to hide in one part.
type search struct {
	*attack
	cuts   []*cut
	chosen []bool // groups hidden
	banned []bool // groups that can't be hidden safely themselves
	lost   []string
	bound  int64 // no choice of groups costs less
	trying bool  // only whether it can be done is of interest,
	stuck  bool  // and it can't

	probing bool // one that isn't protected is enough to know
}

func newSearch(a *attack) *search {
	return &search{attack: a, chosen: slices.Clone(a.forced), banned: make([]bool, a.size)}
}

// rounds bounds how often the relaxation is sharpened, and the cover made anew
// from what it taught.
const rounds = 12

func (s *search) run() error {
	if err := s.settle(); err != nil {
		return err
	}
	best := slices.Clone(s.chosen)
	r := s.relax()
	for range rounds {
		if s.tired() {
			break
		}
		r.climb(s.spent(best))
		s.bound = r.bound()
		if s.bound >= s.spent(best) {
			break
		}
		found, err := r.separate()
		if err != nil {
			return err
		}
		known := len(s.cuts)
		if err := s.anew(r.mean); err != nil {
			return err
		}
		if s.spent(s.chosen) < s.spent(best) {
			best = slices.Clone(s.chosen)
		}
		if found == 0 && len(s.cuts) == known {
			break
		}
		r.grow()
	}
	s.adopt(best)
	if err := s.polish(); err != nil {
		return err
	}
	return s.exact()
}

// patience bounds the work spent on making one part's choice cheaper once it is
// safe, in entries of its linear program: the same on every machine, about a second
// on a slow one.
const patience = 100_000_000

// tired reports whether that work is done.
func (s *search) tired() bool { return s.tab.work > patience }

// polish tries to do without each secondary group in turn, with others in its
// place, until nothing gets cheaper or the bound is met.
func (s *search) polish() error {
	best := slices.Clone(s.chosen)
	for again := true; again; {
		again = false
		for _, g := range s.secondary(best) {
			if s.spent(best) <= s.bound || s.tired() {
				break
			}
			if !best[g] {
				continue
			}
			cheaper, err := s.without(g, best)
			if err != nil {
				return err
			}
			if cheaper {
				best, again = slices.Clone(s.chosen), true
			}
		}
	}
	s.adopt(best)
	return nil
}

// without settles a choice that does without a group, starting from best; it
// reports whether the result is cheaper, and complete.
func (s *search) without(g int, best []bool) (cheaper bool, err error) {
	start := slices.Clone(best)
	start[g] = false
	s.adopt(start)
	cuts, banned := s.cuts, slices.Clone(s.banned)
	s.banned[g], s.trying, s.stuck = true, true, false
	if err = s.cover(); err == nil && !s.stuck {
		err = s.prune()
	}
	if err == nil && !s.stuck && s.spent(s.chosen) < s.spent(best) {
		err = s.settle()
	}
	s.banned, s.trying = banned, false
	if s.stuck { // it can't be done without
		s.cuts, s.stuck = cuts, false
		return false, err
	}
	return s.spent(s.chosen) < s.spent(best), err
}

// secondary are the secondary groups of a choice, the dearest first.
func (s *search) secondary(chosen []bool) []int {
	var groups []int
	for g, hidden := range chosen {
		if hidden && !s.forced[g] {
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(a, b int) int { return cmp.Compare(s.cost[b], s.cost[a]) })
	return groups
}

// anew makes a choice from nothing, starting with the groups a fractional choice
// hides more than half.
func (s *search) anew(mean []int64) error {
	start := slices.Clone(s.forced)
	for g, m := range mean {
		if m > unit/2 && !s.banned[g] {
			start[g] = true
		}
	}
	s.adopt(start)
	return s.settle()
}

// settle completes a choice, takes back what it doesn't need, and makes sure that
// whole tables are as free as the linear program says.
func (s *search) settle() error {
	for {
		if err := s.cover(); err != nil || s.stuck {
			return err
		}
		if err := s.prune(); err != nil || s.stuck {
			return err
		}
		if found, err := s.each(s.notWhole); err != nil || found == 0 || s.stuck {
			return err
		}
	}
}

// adopt makes a set of groups the chosen one.
func (s *search) adopt(groups []bool) {
	for g := range s.chosen {
		switch {
		case s.chosen[g] && !groups[g]:
			s.showGroup(g)
		case groups[g] && !s.chosen[g]:
			s.hideGroup(g)
		}
		s.chosen[g] = groups[g]
	}
}

// spent is what the secondary groups of a choice cost.
func (s *search) spent(chosen []bool) int64 {
	sum := int64(0)
	for g, hidden := range chosen {
		if hidden && !s.forced[g] {
			sum += s.cost[g]
		}
	}
	return sum
}

// cover hides more until no interval is too narrow.
func (s *search) cover() error {
	for {
		s.satisfy()
		if s.stuck {
			return nil
		}
		found, err := s.each(s.tooNarrow)
		if err != nil || found == 0 || s.stuck {
			return err
		}
	}
}

// each looks at every hidden quantity and keeps the cuts of those that aren't
// protected; it returns how many there were.
func (s *search) each(look func(v int) (*cut, error)) (found int, err error) {
	s.reach.clear()
	for v := range s.hidden {
		if !s.hidden[v] || s.reach.wide(v, s.p.Threshold) || s.quantity(v).Value == 0 || slices.Contains(s.lost, s.quantity(v).Key) {
			continue
		}
		c, err := look(v)
		if err != nil {
			return found, err
		}
		if c == nil {
			continue
		}
		found++
		if s.probing {
			return found, nil
		}
		if len(c.weight) == 0 {
			s.hopeless(v)
			continue
		}
		s.cuts = append(s.cuts, c)
	}
	return found, nil
}

// tooNarrow is the cut of a quantity whose interval is too narrow.
func (s *search) tooNarrow(v int) (*cut, error) { return s.narrow(v, s.p.Threshold, 1) }

// notWhole is a cut for a quantity whose interval spans enough only between whole
// numbers: something more must be hidden.
func (s *search) notWhole(v int) (*cut, error) {
	_, _, ok, err := s.wholeSpan(v)
	if ok || err != nil {
		return nil, err
	}
	c := &cut{owner: s.groups[v], need: 1}
	if s.forced[c.owner] {
		c.owner = -1
	}
	for g := range s.size {
		if !s.chosen[g] && !s.banned[g] {
			c.weight = append(c.weight, weight{g, 1})
		}
	}
	return c, nil
}

// hopeless: hiding everything else would not protect v. If it must be hidden, that
// is reported; else it is shown, and never hidden again.
func (s *search) hopeless(v int) {
	g := s.groups[v]
	if s.trying {
		s.stuck = true
		return
	}
	if s.forced[g] {
		s.lost = append(s.lost, s.quantity(v).Key)
		return
	}
	s.banned[g], s.chosen[g] = true, false
	s.showGroup(g)
	s.reach.clear()
}

// satisfy hides the groups that do most for the violated cuts at the least cost,
// one after the other, until no cut is violated.
func (s *search) satisfy() {
	for {
		gain := make([]int64, s.size)
		var open bool
		for _, c := range s.cuts {
			lack := c.lacking(s.chosen)
			if lack == 0 {
				continue
			}
			open = true
			for _, w := range c.weight {
				if !s.chosen[w.group] && !s.banned[w.group] {
					gain[w.group] += min(w.weight, lack) * unit / c.need
				}
			}
		}
		if !open {
			return
		}
		best := -1
		for g := range gain {
			if gain[g] > 0 && (best < 0 || gain[g]*s.cost[best] > gain[best]*s.cost[g]) {
				best = g
			}
		}
		if best < 0 {
			s.giveUp()
			return
		}
		s.chosen[best] = true
		s.hideGroup(best)
	}
}

// giveUp: the cuts can't all be satisfied; what remains open is reported.
func (s *search) giveUp() {
	var kept []*cut
	for _, c := range s.cuts {
		if c.lacking(s.chosen) == 0 {
			kept = append(kept, c)
			continue
		}
		if c.owner < 0 && s.trying {
			s.stuck = true
			return
		}
		if c.owner < 0 {
			s.lost = append(s.lost, s.open()...)
			continue
		}
		s.banned[c.owner], s.chosen[c.owner] = true, false
		s.showGroup(c.owner)
	}
	s.cuts = kept
}

// open are the forced quantities whose interval is too narrow.
func (s *search) open() []string {
	var keys []string
	for v := range s.hidden {
		if s.forced[s.groups[v]] && s.quantity(v).Value > 0 {
			if c, err := s.narrow(v, s.p.Threshold, 1); err == nil && c != nil {
				keys = append(keys, s.quantity(v).Key)
			}
		}
	}
	return keys
}

// prune shows again, the dearest first, each secondary group without which all
// intervals still span enough.
func (s *search) prune() error {
	for _, g := range s.secondary(s.chosen) {
		s.chosen[g] = false
		if s.violated() {
			s.chosen[g] = true
			continue
		}
		s.showGroup(g)
		found, err := s.each(s.tooNarrow)
		if err != nil {
			return err
		}
		if found > 0 {
			s.chosen[g] = true
			s.hideGroup(g)
		}
	}
	return nil
}

func (s *search) violated() bool {
	return slices.ContainsFunc(s.cuts, func(c *cut) bool { return c.lacking(s.chosen) > 0 })
}
