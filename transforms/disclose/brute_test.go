package disclose

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// grid is a table of counts with its totals: cells (r, c), the totals of rows and
// of columns, and the whole. Index len(rows) or len(columns) is the total.
type grid struct {
	rows, columns int
	*Problem
}

func newGrid(rows, columns int, threshold int64, value func(r, c int) int64) grid {
	g := grid{rows, columns, &Problem{Threshold: threshold}}
	sum := func(r, c int) (v int64) {
		for i := range rows {
			for j := range columns {
				if (r == i || r == rows) && (c == j || c == columns) {
					v += value(i, j)
				}
			}
		}
		return v
	}
	for r := range rows + 1 {
		for c := range columns + 1 {
			g.Quantities = append(g.Quantities, Quantity{Key: fmt.Sprint(r, "/", c), Value: sum(r, c), Persons: true})
		}
	}
	for r := range rows + 1 {
		terms := []Term{{g.at(r, columns), -1}}
		for c := range columns {
			terms = append(terms, Term{g.at(r, c), 1})
		}
		g.Relations = append(g.Relations, Relation{Terms: terms})
	}
	for c := range columns + 1 {
		terms := []Term{{g.at(rows, c), -1}}
		for r := range rows {
			terms = append(terms, Term{g.at(r, c), 1})
		}
		g.Relations = append(g.Relations, Relation{Terms: terms})
	}
	return g
}

func (g grid) at(r, c int) int { return r*(g.columns+1) + c }

// spans enumerates the tables that agree with what is shown, within reach of the
// truth, and returns how far apart the values of each hidden quantity get.
func (g grid) spans(hidden func(int) bool, reach int64) []int64 {
	var free []int
	for r := range g.rows {
		for c := range g.columns {
			if hidden(g.at(r, c)) {
				free = append(free, g.at(r, c))
			}
		}
	}
	n := len(g.Quantities)
	low, high := make([]int64, n), make([]int64, n)
	change := make([]int64, n)
	var try func(k int)
	try = func(k int) {
		if k < len(free) {
			v := g.Quantities[free[k]].Value
			for d := max(1-v, -reach); d <= reach; d++ {
				change[free[k]] = d
				try(k + 1)
			}
			change[free[k]] = 0
			return
		}
		for r := range g.rows + 1 {
			for c := range g.columns + 1 {
				if r < g.rows && c < g.columns {
					continue
				}
				total := int64(0)
				for i := range g.rows {
					for j := range g.columns {
						if (r == i || r == g.rows) && (c == j || c == g.columns) {
							total += change[g.at(i, j)]
						}
					}
				}
				at := g.at(r, c)
				if !hidden(at) && total != 0 || hidden(at) && g.Quantities[at].Value+total < 1 {
					return
				}
				change[at] = total
			}
		}
		for i, d := range change {
			low[i], high[i] = min(low[i], d), max(high[i], d)
		}
	}
	try(0)
	spans := make([]int64, n)
	for i := range spans {
		spans[i] = high[i] - low[i]
	}
	return spans
}

// safe reports whether every hidden quantity is protected, by enumeration.
func (g grid) safe(hidden func(int) bool) bool {
	for i, span := range g.spans(hidden, g.Threshold+1) {
		if hidden(i) && span < g.Threshold {
			return false
		}
	}
	return true
}

func randomGrid(r *rand.Rand, rows, columns int, threshold int64) grid {
	values := make([]int64, rows*columns)
	for i := range values {
		switch r.IntN(4) {
		case 0:
			values[i] = r.Int64N(threshold)
		case 1: // nobody
		default:
			values[i] = threshold + r.Int64N(9)
		}
	}
	return newGrid(rows, columns, threshold, func(r, c int) int64 { return values[r*columns+c] })
}

// Whatever is hidden is protected against enumeration too, which knows nothing of
// linear programming; and the audit says the same.
func TestProtectAgainstEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	hid := 0
	for n := range 300 {
		g := randomGrid(r, 2, 2+n%2, 3)
		plan, err := Protect(t.Context(), g.Problem)
		if err != nil {
			t.Fatalf("grid %d: %v", n, err)
		}
		if !g.safe(plan.Hidden) {
			t.Fatalf("grid %d: enumeration narrows a hidden quantity too far: %v %v", n, g.Quantities, plan.Reasons)
		}
		report, err := Audit(t.Context(), g.Problem, plan)
		if err != nil || !report.Safe() || report.Determined > 0 {
			t.Fatalf("grid %d: %+v, %v", n, report, err)
		}
		for i, q := range g.Quantities {
			if primary := q.Value > 0 && q.Value < 3; primary != (plan.Reasons[i] == Primary) {
				t.Fatalf("grid %d: %s is %d, reason %d", n, q.Key, q.Value, plan.Reasons[i])
			}
			if plan.Hidden(i) {
				hid++
			}
		}
	}
	if hid < 500 {
		t.Errorf("only %d quantities were ever hidden", hid)
	}
}

// The audit's intervals are those of enumeration, and it denounces every plan that
// enumeration breaks.
func TestAuditAgreesWithEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	broken := 0
	for n := range 300 {
		g := randomGrid(r, 2, 2, 3)
		plan := Plan{Reasons: make([]Reason, len(g.Quantities))}
		for i, q := range g.Quantities {
			if g.primary(i) {
				plan.Reasons[i] = Primary
			} else if q.Value > 0 && r.IntN(3) == 0 {
				plan.Reasons[i] = Secondary
			}
		}
		report, err := Audit(t.Context(), g.Problem, plan)
		if err != nil {
			t.Fatal(err)
		}
		if safe := g.safe(plan.Hidden); safe != report.Safe() {
			t.Fatalf("grid %d: enumeration says safe=%v, the audit %+v", n, safe, report)
		}
		if !report.Safe() {
			broken++
		}
		spans := g.spans(plan.Hidden, 40)
		for _, iv := range report.Intervals {
			for i, q := range g.Quantities {
				if q.Key == iv.Key && iv.High >= 0 && iv.High-iv.Low <= 40 && spans[i] != iv.High-iv.Low {
					t.Fatalf("grid %d: %s is between %d and %d, enumeration finds a span of %d", n, iv.Key, iv.Low, iv.High, spans[i])
				}
			}
		}
	}
	if broken < 50 {
		t.Errorf("only %d random plans were broken: the test shows little", broken)
	}
}

// No choice of quantities costs less than the bound, and the plan is close to the
// best there is.
func TestBoundAgainstTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	var spent, best, bound int64
	for n := range 60 {
		g := randomGrid(r, 2, 2, 3)
		for i := range g.Quantities {
			g.Quantities[i].Cost = int64(1 + r.IntN(3))
		}
		plan, err := Protect(t.Context(), g.Problem)
		if err != nil {
			t.Fatal(err)
		}
		least := g.cheapest()
		if plan.Bound > least || least > plan.Secondary {
			t.Fatalf("grid %d: bound %d, best %d, plan %d", n, plan.Bound, least, plan.Secondary)
		}
		spent, best, bound = spent+plan.Secondary, best+least, bound+plan.Bound
	}
	t.Logf("plans cost %d, the best %d, the bound %d", spent, best, bound)
	if spent != best || bound != best {
		t.Errorf("plans cost %d, the best %d, the bound %d: tables this small have a known best", spent, best, bound)
	}
}

// cheapest tries every choice of secondary quantities.
func (g grid) cheapest() int64 {
	var candidates []int
	for i := range g.Quantities {
		if g.canHide(i) && !g.primary(i) {
			candidates = append(candidates, i)
		}
	}
	least := int64(1 << 40)
	for set := range 1 << len(candidates) {
		cost := int64(0)
		chosen := map[int]bool{}
		for k, i := range candidates {
			if set>>k&1 == 1 {
				cost += g.Quantities[i].Cost
				chosen[i] = true
			}
		}
		if cost < least && g.safe(func(i int) bool { return g.primary(i) || chosen[i] }) {
			least = cost
		}
	}
	return least
}

// What an earlier edition shows can't be hidden any more: the error names what it
// gives away.
func TestUnprotectable(t *testing.T) {
	g := newGrid(1, 2, 5, func(_, c int) int64 { return []int64{3, 20}[c] })
	for i, q := range g.Quantities {
		if q.Value >= 5 {
			g.Quantities[i].State = Shown
		}
	}
	_, err := Protect(t.Context(), g.Problem)
	var lost *Unprotectable
	if !errors.As(err, &lost) || len(lost.Keys) == 0 {
		t.Errorf("everything around is shown: %v", err)
	}
}
