package disclose

import (
	"context"
	"fmt"
	"slices"
)

// Interval is what the attacker can deduce about a hidden quantity.
type Interval struct {
	Key    string
	Reason Reason
	// Low and High are the smallest and the largest value over all tables, of whole
	// numbers or not, that agree with what is shown. High is -1 when there is none. In
	// a large part, they are From and To where those are far enough apart.
	Low, High int64
	// From and To are values reached by whole tables that were exhibited and checked:
	// whatever Low and High say, both are possible.
	From, To int64
}

// Report is the result of an audit.
type Report struct {
	Threshold  int64
	Intervals  []Interval // of hidden quantities, in the problem's order
	Narrowest  int64      // the smallest To - From; -1 when nothing is hidden
	Determined int        // hidden quantities of which only one value is possible
	TooNarrow  []string   // keys whose exhibited values span less than the threshold
}

// Safe reports whether the rule is kept.
func (r Report) Safe() bool { return len(r.TooNarrow) == 0 }

// Audit attacks a plan, from the problem and the plan alone: it remembers nothing
// of how the plan was made.
func Audit(ctx context.Context, p *Problem, plan Plan) (Report, error) {
	if err := p.check(); err != nil {
		return Report{}, err
	}
	report := Report{Threshold: p.Threshold, Narrowest: -1}
	at := map[int]Interval{}
	for _, c := range p.parts() {
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		switch {
		case c.past:
		case c.silent:
			c.auditSilent(p, plan, at)
		default:
			if err := c.audit(p, plan, at); err != nil {
				return Report{}, c.hard(err)
			}
		}
	}
	for i := range p.Quantities {
		iv, hidden := at[i]
		if !hidden {
			continue
		}
		report.add(iv)
	}
	return report, nil
}

func (r *Report) add(iv Interval) {
	r.Intervals = append(r.Intervals, iv)
	span := iv.To - iv.From
	if r.Narrowest < 0 || span < r.Narrowest {
		r.Narrowest = span
	}
	if span < r.Threshold {
		r.TooNarrow = append(r.TooNarrow, iv.Key)
	}
	if iv.Low == iv.High {
		r.Determined++
	}
}

// auditSilent: of a part of which nothing is told, not even around it, any multiple
// of the true table is a table too, since relations hold between multiples.
func (c part) auditSilent(p *Problem, plan Plan, at map[int]Interval) {
	for _, i := range c.quantities {
		if q := p.Quantities[i]; plan.Hidden(i) && q.Value > 0 {
			at[i] = Interval{Key: q.Key, Reason: plan.Reasons[i], Low: q.floor(), High: -1, From: q.Value, To: q.Value * (1 + p.Threshold)}
		}
	}
}

func (c part) audit(p *Problem, plan Plan, at map[int]Interval) error {
	reasons := make([]Reason, len(c.quantities))
	for v, i := range c.quantities {
		reasons[v] = plan.Reasons[i]
	}
	one := remembered(p.memo, func(m *memo) map[fingerprint]audited { return m.audits },
		func() fingerprint { return c.key(p, reasons) },
		func() audited { return c.attacked(p, plan) })
	for v, iv := range one.intervals {
		at[c.quantities[v]] = iv
	}
	return one.err
}

func (c part) attacked(p *Problem, plan Plan) audited {
	a, err := newAttack(p, c, true)
	if err != nil {
		return audited{err: err}
	}
	at := map[int]Interval{}
	return audited{at, a.audit(plan, at)}
}

// audit finds the intervals of one part's hidden quantities, by place in it.
func (a *attack) audit(plan Plan, at map[int]Interval) error {
	for v, i := range a.part.quantities {
		if plan.Hidden(i) {
			a.hide(v)
		} else {
			a.hidden[v], a.tab.low[v], a.tab.high[v] = false, 0, 0
		}
	}
	a.reach.clear()
	for v, i := range a.part.quantities {
		if !a.hidden[v] || a.quantity(v).Value == 0 { // withheld, and nobody is in it
			continue
		}
		iv, err := a.interval(v, plan.Reasons[i])
		if err != nil {
			return err
		}
		at[v] = iv
	}
	return nil
}

// small is how many quantities a part may have for all its intervals to be found to
// their ends.
const small = 300

// interval finds how far apart the values of a hidden quantity may be.
func (a *attack) interval(v int, reason Reason) (Interval, error) {
	q := a.quantity(v)
	iv := Interval{Key: q.Key, Reason: reason}
	if !a.reach.wide(v, a.p.Threshold) {
		if _, _, _, err := a.wholeSpan(v); err != nil {
			return iv, err
		}
	}
	iv.From, iv.To = q.Value-a.reach.down[v], q.Value+a.reach.up[v]
	if a.reach.wide(v, a.p.Threshold) && len(a.hidden) > small {
		iv.Low, iv.High = iv.From, iv.To
		return iv, nil
	}
	return iv, a.ends(v, &iv)
}

// ends finds the ends of an interval, between whole numbers or not.
func (a *attack) ends(v int, iv *Interval) error {
	iv.Low, iv.High = a.quantity(v).Value, a.quantity(v).Value
	up, err := a.tab.push(v, +1, unbounded)
	if err != nil {
		return err
	}
	down, err := a.tab.push(v, -1, unbounded)
	if err != nil {
		return err
	}
	// Between whole numbers there is nothing: the ends are rounded inwards.
	iv.Low -= down.num / down.den
	if up.num >= unbounded {
		iv.High = -1
	} else {
		iv.High += up.num / up.den
	}
	return nil
}

// wholeSpan exhibits whole tables in which v is higher and lower than in truth,
// until they are the threshold apart, and says how far they are.
func (a *attack) wholeSpan(v int) (rise, fall int64, enough bool, err error) {
	if rise, err = a.whole(v, +1, a.p.Threshold); err != nil {
		return 0, 0, false, err
	}
	if rise < a.p.Threshold {
		if fall, err = a.whole(v, -1, a.p.Threshold-rise); err != nil {
			return 0, 0, false, err
		}
	}
	return rise, fall, rise+fall >= a.p.Threshold, nil
}

// multiples are tried in turn: a table whose deviations are fractions of that
// denominator, within bounds as much narrower, is whole when its deviations are
// multiplied.
var multiples = []int64{1, 2, 3, 4}

// dives bounds the search for a whole table near one that isn't.
const dives = 40

// whole exhibits a whole table in which v is away from the truth in a direction, by
// enough or as far as it finds one, and returns how far.
func (a *attack) whole(v int, direction, enough int64) (far int64, err error) {
	low, high := slices.Clone(a.tab.low), slices.Clone(a.tab.high)
	restore := func() {
		copy(a.tab.low, low)
		copy(a.tab.high, high)
		a.tab.reset()
	}
	defer restore()
	for _, m := range multiples {
		for j, bound := range low {
			a.tab.low[j] = -(-bound / m)
		}
		for j, bound := range high {
			if bound < unbounded {
				a.tab.high[j] = bound / m
			}
		}
		// Not beyond enough: a table near the truth has small numbers.
		if near := (enough + m - 1) / m; direction > 0 {
			a.tab.high[v] = min(a.tab.high[v], near)
		} else {
			a.tab.low[v] = max(a.tab.low[v], -near)
		}
		reached, err := a.dive(v, direction, m)
		if err != nil {
			return 0, err
		}
		if far = max(far, reached); far >= enough {
			return far, nil
		}
		restore()
	}
	return far, nil
}

// dive runs the linear program until it ends on a table whose deviations, times m,
// are whole. Where one isn't, its variable is bounded on the side of the truth, so
// that the true table stays within, and the program is run again.
func (a *attack) dive(v int, direction, m int64) (far int64, err error) {
	for range dives {
		a.tab.reset()
		reached, err := a.tab.push(v, direction, unbounded)
		if err != nil || reached.num == 0 || reached.num >= unbounded {
			return 0, err
		}
		split := a.fractional(m)
		if split < 0 {
			if err := a.substitute(m); err != nil {
				return 0, err
			}
			a.see(m)
			return m * reached.num / reached.den, nil
		}
		if f := a.tab.value(split); f.num > 0 {
			a.tab.high[split] = f.num / f.den
		} else {
			a.tab.low[split] = -(-f.num / f.den)
		}
	}
	return 0, nil
}

// fractional is a variable whose value isn't whole, even times m; -1: there is none.
func (a *attack) fractional(m int64) int {
	for _, r := range a.tab.rows {
		if m*r.num%r.den != 0 {
			return r.basic
		}
	}
	return -1
}

// change is the whole deviation of a variable, the program's times m.
func (a *attack) change(v int, m int64) int64 {
	f := a.tab.value(v)
	return m * f.num / f.den
}

// substitute checks the table at hand, its deviations times m, against the problem
// itself: every relation holds, what is shown is unchanged, what is hidden is a count
// and not a zero.
func (a *attack) substitute(m int64) error {
	for v, i := range a.part.quantities {
		change := a.change(v, m)
		q := a.p.Quantities[i]
		if !a.hidden[v] && change != 0 || a.hidden[v] && (q.Value+change < q.floor() || q.Value+change > q.ceiling()) {
			return fmt.Errorf("disclosure: audit: quantity %s can't change by %d", q.Key, change)
		}
	}
	for _, r := range a.part.relations {
		sum := int64(0)
		for _, t := range a.p.Relations[r].Terms {
			value := a.p.Quantities[t.Quantity].Value
			if v, inside := a.local[t.Quantity]; inside {
				value += a.change(v, m)
			}
			sum += t.Coef * value
		}
		if !a.p.Relations[r].holds(sum) {
			return fmt.Errorf("disclosure: audit: relation %d does not hold in the table exhibited", r)
		}
	}
	return nil
}
