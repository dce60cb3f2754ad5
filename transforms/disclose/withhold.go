package disclose

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A *block* is what one series says of one year at one level of detail: an
// indicator's quarters of regions, a service by nationality. Where what earlier
// editions told can't be protected any more once a block is known, as when a person's
// nationality was corrected and the totals before and after differ by that person,
// the block is *withheld*: all of its cells are hidden, zeros too, so that nobody
// knows which of them changed. Each edition tries again with everything. Where not even
// that helps, the edition can't be told: what was told before stands.

// block names what is withheld together. Empty fields stand for everything.
type block struct{ series, year, level string }

// blocks are the blocks a figure is in, the narrowest first.
func (c cellOf) blocks() []block {
	f := faceOf(c)
	level := f.level()
	return []block{{c.series, c.keys[year], level}, {c.series, c.keys[year], ""}, {c.series, "", ""}}
}

// level names the columns by which a face tells its series apart.
func (f face) level() string {
	level := "annee"
	if axis, _, is := strings.Cut(f.other, "="); is {
		level += ", " + axis
	}
	if f.quarters {
		level += ", trimestre"
	}
	if f.regions {
		level += ", region"
	}
	return level
}

// withheld is what an edition does not tell.
type withheld map[block]bool

func (w withheld) has(c cellOf) bool {
	return len(w) > 0 && slices.ContainsFunc(c.blocks(), func(b block) bool { return w[b] })
}

func (w withheld) size() int { return len(w) }

// next is the narrowest block of a figure that isn't withheld yet; none when all of
// its series is.
func (w withheld) next(c cellOf) (b block, found bool) {
	blocks := c.blocks()
	widest := -1
	for i, b := range blocks {
		if w[b] {
			widest = i
		}
	}
	if widest+1 == len(blocks) {
		return b, false
	}
	return blocks[widest+1], true
}

// detail orders blocks by how little is lost with them: what is broken down most
// comes first, a nation's years next, whole series last.
func (b block) detail() int {
	switch {
	case b.year == "":
		return -2
	case b.level == "":
		return -1
	}
	return strings.Count(b.level, ",")
}

// parse reads a figure back from the name its quantity has.
func parse(identity string) (c cellOf, ok bool) {
	at := strings.LastIndexByte(identity, '@')
	if at < 0 {
		return c, false
	}
	fields := strings.Split(identity[:at], "|")
	if len(fields) != 1+dimensions {
		return c, false
	}
	c.series = fields[0]
	copy(c.keys[:], fields[1:])
	if own, of, retained := strings.Cut(c.series, retainedMark); retained {
		if _, err := strconv.Atoi(own); err == nil {
			c.series = of
		}
	}
	return c, true
}

// retainedMark, after the number of the edition, begins the name of a quantity that
// was withheld: what nobody knows can't be recognised in another edition.
const retainedMark = ". retenu "

// safe is an edition that can be told.
type safe struct {
	*system
	plan     Plan
	report   Report
	withheld withheld
}

func (s safe) told(past Told) Told { return s.system.told(s.plan, past) }

// tries bounds how often an edition is tried, with more withheld each time: a dozen are
// many, and work on one is bounded too, so that no night ends in this.
const tries = 40

// decide finds out what to hide, withholding blocks until everything else can be
// protected. Which blocks to withhold is seldom a choice: of those of twenty editions of
// the example, hardly one could be told after all once the others were withheld.
func (r *rules) decide(ctx context.Context, threshold int64, past Told) (safe, error) {
	held, memo := withheld{}, newMemo()
	for n := 1; ; n++ {
		s := r.system(threshold, held, past.Editions+1)
		s.memo = memo
		s.remember(past)
		s.hint(r.figures)
		plan, report, lost, err := s.settle(ctx)
		if err != nil {
			return safe{}, err
		}
		if len(lost) == 0 {
			return safe{s, plan, report, held}, nil
		}
		if n == tries || !s.widen(held, lost) {
			return safe{}, &Unprotectable{s.keys(lost)}
		}
	}
}

// settle protects until what is shown gives no more hints of what is hidden, and what
// is hidden doesn't expose anything either.
func (s *system) settle(ctx context.Context) (plan Plan, report Report, lost []int, err error) {
	for {
		plan, report, lost, err = s.attempt(ctx)
		switch {
		case err != nil, len(lost) > 0 && !s.spare(lost):
			return plan, report, lost, err
		case len(lost) > 0 || s.listen(plan):
			continue
		}
		all, err := s.together(ctx, plan)
		if hard := (*TooHard)(nil); errors.As(err, &hard) {
			return plan, report, nil, nil
		}
		if lost = s.find(all.TooNarrow); err != nil || len(lost) == 0 || !s.join(lost) {
			return plan, all, lost, err
		}
	}
}

// attempt protects and audits; lost are the quantities that can't be protected.
func (s *system) attempt(ctx context.Context) (plan Plan, report Report, lost []int, err error) {
	// First what no choice can mend: that is found faster than a choice is made.
	if lost, err = beyondHelp(ctx, s.Problem); len(lost) > 0 || err != nil {
		return plan, report, lost, tooHard(err, &lost)
	}
	plan, err = s.made.protect(ctx, s.Problem)
	if open := (*Unprotectable)(nil); errors.As(err, &open) {
		return plan, report, s.find(open.Keys), nil
	}
	if err != nil {
		return plan, report, lost, tooHard(err, &lost)
	}
	report, err = Audit(ctx, s.Problem, plan)
	if err != nil {
		return plan, report, lost, tooHard(err, &lost)
	}
	return plan, report, s.find(report.TooNarrow), nil
}

// tooHard turns a part that is too hard into one that is lost.
func tooHard(err error, lost *[]int) error {
	if hard := (*TooHard)(nil); errors.As(err, &hard) {
		*lost = hard.Quantities
		return nil
	}
	return err
}

func (s *system) find(keys []string) (found []int) {
	for i, q := range s.Quantities {
		if slices.Contains(keys, q.Key) {
			found = append(found, i)
		}
	}
	return found
}

func (s *system) keys(quantities []int) []string {
	var keys []string
	for _, i := range quantities {
		keys = append(keys, s.Quantities[i].Key)
	}
	return sortedKeys(keys)
}

// widen withholds more: around what is lost, or, where all of its series is withheld
// already, around what it is related to, for those tell of it. It is false when
// nothing is left to withhold there.
func (s *system) widen(held withheld, lost []int) bool {
	more := s.next(held, lost)
	if len(more) == 0 {
		more = s.next(held, s.related(lost))
	}
	maps.Copy(held, more)
	return len(more) > 0
}

// next are the blocks to withhold around some quantities, of the most detailed.
func (s *system) next(held withheld, around []int) withheld {
	more, finest := withheld{}, -3
	for _, i := range around {
		for _, name := range s.printed[i] {
			c, ok := parse(name)
			if !ok {
				continue
			}
			b, left := held.next(c)
			if !left || b.detail() < finest {
				continue
			}
			if b.detail() > finest {
				clear(more)
				finest = b.detail()
			}
			more[b] = true
		}
	}
	return more
}

// related are the quantities that relations and pairs tie to some.
func (s *system) related(to []int) (others []int) {
	is := map[int]bool{}
	for _, i := range to {
		is[i] = true
	}
	add := func(i int) {
		if !is[i] {
			others = append(others, i)
		}
	}
	for _, r := range s.Relations {
		if slices.ContainsFunc(r.Terms, func(t Term) bool { return is[t.Quantity] }) {
			for _, t := range r.Terms {
				add(t.Quantity)
			}
		}
	}
	for _, one := range s.pairs {
		if is[one.Part] || is[one.Whole] {
			add(one.Part)
			add(one.Whole)
		}
	}
	return others
}

// beyondHelp are the quantities that must be hidden and can't, even if everything were
// that may be.
func beyondHelp(ctx context.Context, p *Problem) (lost []int, err error) {
	for _, c := range p.parts() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if c.past || c.silent || !slices.ContainsFunc(c.quantities, p.mustHide) {
			continue
		}
		one := remembered(p.memo, func(m *memo) map[fingerprint]beyond { return m.hopeless },
			func() fingerprint { return c.key(p) }, func() beyond { return c.beyondHelp(p) })
		if one.err != nil {
			return nil, c.hard(one.err)
		}
		for _, v := range one.lost {
			lost = append(lost, c.quantities[v])
		}
	}
	return lost, nil
}

func (c part) beyondHelp(p *Problem) (found beyond) {
	a, err := newAttack(p, c, true)
	if err != nil {
		return beyond{err: err}
	}
	for g := range a.size {
		a.hideGroup(g)
	}
	for v := range c.quantities {
		if !a.forced[a.groups[v]] || a.quantity(v).Value == 0 || a.reach.wide(v, p.Threshold) {
			continue
		}
		cut, err := a.narrow(v, p.Threshold, 1)
		if err != nil {
			return beyond{err: err}
		}
		if cut != nil {
			found.lost = append(found.lost, v)
		}
	}
	return found
}
