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
	// numbers or not, that agree with what is shown. High is -1 when there is none.
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
		a, err := newAttack(p, c)
		if err != nil {
			return Report{}, err
		}
		if err := a.audit(plan, at); err != nil {
			return Report{}, err
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

// audit finds the intervals of one part's hidden quantities.
func (a *attack) audit(plan Plan, at map[int]Interval) error {
	for v, i := range a.part.quantities {
		if plan.Hidden(i) {
			a.hide(v)
		} else {
			a.hidden[v], a.tab.low[v], a.tab.high[v] = false, 0, 0
		}
	}
	for v, i := range a.part.quantities {
		if !a.hidden[v] {
			continue
		}
		q := a.p.Quantities[i]
		iv := Interval{Key: q.Key, Reason: plan.Reasons[i], Low: q.Value, High: q.Value}
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
		rise, fall, _, err := a.wholeSpan(v)
		if err != nil {
			return err
		}
		iv.From, iv.To = q.Value-fall, q.Value+rise
		at[i] = iv
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

// dives bounds the search for a whole table.
const dives = 60

// whole finds a whole table in which v is away from the truth in a direction, as
// far as enough or as it can, and returns how far. Where the linear program ends
// on a fraction, the variable is bounded on the side of the truth, so that the
// true table stays within, and the program is run again.
func (a *attack) whole(v int, direction, enough int64) (int64, error) {
	low, high := slices.Clone(a.tab.low), slices.Clone(a.tab.high)
	defer func() {
		copy(a.tab.low, low)
		copy(a.tab.high, high)
		a.tab.reset()
	}()
	for range dives {
		a.tab.reset()
		// Not beyond enough: a table near the truth has small numbers.
		if direction > 0 {
			a.tab.high[v] = min(a.tab.high[v], enough)
		} else {
			a.tab.low[v] = max(a.tab.low[v], -enough)
		}
		reached, err := a.tab.push(v, direction, enough)
		if err != nil {
			return 0, err
		}
		if reached.num == 0 {
			return 0, nil
		}
		split := a.fractional()
		if split < 0 {
			if err := a.substitute(); err != nil {
				return 0, err
			}
			return reached.num / reached.den, nil
		}
		if n := a.tab.value(split); n > 0 {
			a.tab.high[split] = n / a.tab.d
		} else {
			a.tab.low[split] = -(-n / a.tab.d)
		}
	}
	return 0, nil
}

// fractional is a variable whose value isn't whole; -1: there is none.
func (a *attack) fractional() int {
	for v := range a.tab.row {
		if a.tab.value(v)%a.tab.d != 0 {
			return v
		}
	}
	return -1
}

// substitute checks the table at hand against the problem itself: every relation
// holds, what is shown is unchanged, what is hidden is a count and not a zero.
func (a *attack) substitute() error {
	for v, i := range a.part.quantities {
		change := a.tab.value(v) / a.tab.d
		if !a.hidden[v] && change != 0 || a.hidden[v] && a.p.Quantities[i].Value+change < 1 {
			return fmt.Errorf("disclosure: audit: quantity %s can't change by %d", a.p.Quantities[i].Key, change)
		}
	}
	for _, r := range a.part.relations {
		sum := int64(0)
		for _, t := range a.p.Relations[r].Terms {
			value := a.p.Quantities[t.Quantity].Value
			if v, inside := a.local[t.Quantity]; inside {
				value += a.tab.value(v) / a.tab.d
			}
			sum += t.Coef * value
		}
		if sum != 0 && !a.p.Relations[r].AtLeast || sum < 0 {
			return fmt.Errorf("disclosure: audit: relation %d does not hold in the table exhibited", r)
		}
	}
	return nil
}
