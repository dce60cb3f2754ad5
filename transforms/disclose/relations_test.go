package disclose

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// reachable enumerates every table that agrees with what is shown, each hidden
// quantity within reach of the truth, and returns how far apart the values of each
// get. It knows nothing of linear programming.
func reachable(p *Problem, hidden func(int) bool, reach int64) []int64 {
	var free []int
	for i := range p.Quantities {
		if hidden(i) {
			free = append(free, i)
		}
	}
	n := len(p.Quantities)
	low, high, change := make([]int64, n), make([]int64, n), make([]int64, n)
	// Each relation is looked at as soon as its last hidden quantity has a value.
	due := make([][]Relation, len(free)+1)
	for _, r := range p.Relations {
		last := 0
		for _, t := range r.Terms {
			last = max(last, slices.Index(free, t.Quantity)+1)
		}
		due[last] = append(due[last], r)
	}
	holds := func(r Relation) bool {
		sum := int64(0)
		for _, t := range r.Terms {
			sum += t.Coef * (p.Quantities[t.Quantity].Value + change[t.Quantity])
		}
		return sum == 0 || r.AtLeast && sum > 0
	}
	var try func(k int)
	try = func(k int) {
		for _, r := range due[k] {
			if !holds(r) {
				return
			}
		}
		if k == len(free) {
			for i, d := range change {
				low[i], high[i] = min(low[i], d), max(high[i], d)
			}
			return
		}
		for d := max(1-p.Quantities[free[k]].Value, -reach); d <= reach; d++ {
			change[free[k]] = d
			try(k + 1)
		}
		change[free[k]] = 0
	}
	try(0)
	for i := range low {
		high[i] -= low[i]
	}
	return high
}

// exposed are the hidden quantities that enumeration narrows too far.
func exposed(p *Problem, plan Plan) []string {
	var keys []string
	for i, span := range reachable(p, plan.Hidden, 3*p.Threshold) {
		if plan.Hidden(i) && span < p.Threshold {
			keys = append(keys, p.Quantities[i].Key)
		}
	}
	return keys
}

func protect(t *testing.T, p *Problem) Plan {
	t.Helper()
	plan, err := Protect(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	report, err := Audit(t.Context(), p, plan)
	if err != nil || !report.Safe() {
		t.Fatalf("%+v, %v", report, err)
	}
	if keys := exposed(p, plan); len(keys) > 0 {
		t.Fatalf("enumeration narrows %v too far: %v", keys, plan.Reasons)
	}
	return plan
}

// line makes a problem of one total and its parts.
func line(threshold int64, values ...int64) *Problem {
	p := &Problem{Threshold: threshold}
	total := int64(0)
	var terms []Term
	for i, v := range values {
		p.Quantities = append(p.Quantities, Quantity{Key: fmt.Sprint(i), Value: v, Persons: true})
		terms = append(terms, Term{i, 1})
		total += v
	}
	p.Quantities = append(p.Quantities, Quantity{Key: "T", Value: total, Persons: true})
	p.Relations = []Relation{{Terms: append(terms, Term{len(values), -1})}}
	return p
}

func reasonsOf(p *Problem, plan Plan) string {
	s := ""
	for i := range p.Quantities {
		s += string("-PSE"[plan.Reasons[i]])
	}
	return s
}

func TestOneTotal(t *testing.T) {
	for _, c := range []struct {
		values []int64
		want   string
	}{
		{[]int64{10, 20, 30}, "----"},
		{[]int64{0, 20, 30}, "----"},    // nobody is in a zero
		{[]int64{3, 20, 30}, "PS--"},    // the total stays
		{[]int64{3, 30, 20}, "PS--"},    // whichever is first, they cost the same
		{[]int64{3, 4, 30}, "PP--"},     // two protect each other: 1 to 6
		{[]int64{3, 0, 0}, "P--P"},      // a total that is small itself
		{[]int64{2, 4, 0}, "PP-S"},      // 6 in all: between 1 and 5 is too narrow
		{[]int64{4, 0, 0, 40}, "P--S-"}, // a zero protects nobody
	} {
		p := line(5, c.values...)
		if got := reasonsOf(p, protect(t, p)); got != c.want {
			t.Errorf("%v: %s, want %s", c.values, got, c.want)
		}
	}
}

// A part can't exceed its whole, nor the parts together fall short of it: persons
// followed in two regions count in both.
func TestBoundsBetweenQuantities(t *testing.T) {
	p := &Problem{Threshold: 5, Quantities: []Quantity{
		{Key: "nation", Value: 40, Persons: true, Cost: 9}, {Key: "east", Value: 25, Persons: true}, {Key: "west", Value: 14, Persons: true},
		{Key: "south", Value: 3, Persons: true},
	}}
	for i := 1; i < 4; i++ {
		p.Relations = append(p.Relations, Relation{AtLeast: true, Terms: []Term{{0, 1}, {i, -1}}})
	}
	p.Relations = append(p.Relations, Relation{AtLeast: true, Terms: []Term{{1, 1}, {2, 1}, {3, 1}, {0, -1}}})
	// South could be anything from 1 to 40: that the regions reach 40 says nothing.
	if got := reasonsOf(p, protect(t, p)); got != "---P" {
		t.Errorf("hidden %s, want only what is small", got)
	}
	// Were there nobody counted twice, south would be at least 2.
	p.Quantities[0].Value = 42
	plan := protect(t, p)
	if got := reasonsOf(p, plan); got != "---P" {
		t.Errorf("hidden %s", got)
	}
	// From 2 to 42 spans enough. In a small nation it would not.
	small := &Problem{Threshold: 5, Quantities: []Quantity{
		{Key: "nation", Value: 6, Persons: true}, {Key: "east", Value: 5, Persons: true}, {Key: "south", Value: 3, Persons: true},
	}, Relations: []Relation{
		{AtLeast: true, Terms: []Term{{0, 1}, {1, -1}}}, {AtLeast: true, Terms: []Term{{0, 1}, {2, -1}}}, {AtLeast: true, Terms: []Term{{1, 1}, {2, 1}, {0, -1}}},
	}}
	if plan := protect(t, small); plan.Secondary != 0 { // 1 to 6
		t.Errorf("hidden %s", reasonsOf(small, plan))
	}
	small.Quantities[0].Value, small.Quantities[1].Value = 5, 5
	if plan := protect(t, small); plan.Secondary == 0 { // 1 to 5 is too narrow
		t.Errorf("hidden %s", reasonsOf(small, plan))
	}
}

// Quantities of one group are hidden together, and whichever is small decides.
func TestGroups(t *testing.T) {
	p := line(5, 8, 9, 40)
	n := len(p.Quantities)
	for i, q := range p.Quantities[:n] {
		p.Quantities[i].Group = q.Key
		declared := q
		declared.Key += " declared"
		declared.Value += []int64{-5, 0, 2, -3}[i]
		declared.Group = q.Key
		p.Quantities = append(p.Quantities, declared)
	}
	p.Relations = append(p.Relations, Relation{Terms: []Term{{n, 1}, {n + 1, 1}, {n + 2, 1}, {n + 3, -1}}})
	plan := protect(t, p)
	if got := reasonsOf(p, plan); got[:n] != got[n:] || got[0] != 'P' {
		t.Errorf("hidden %s: the groups are not hidden together", got)
	}
}

// The tables of two editions are one: an unchanged quantity is the same, what was
// shown stays shown, what was hidden stays protected.
func TestTwoEditions(t *testing.T) {
	// Before: 3 women of 23, men hidden to protect them.
	p := line(5, 3, 20, 0)
	p.Quantities[1].State, p.Quantities[0].State, p.Quantities[3].State = Hidden, Hidden, Shown
	// Now: the women unchanged, men 21 more, and the total of all to be decided.
	p.Quantities = append(p.Quantities, Quantity{Key: "men now", Value: 41, Persons: true}, Quantity{Key: "T now", Value: 44, Persons: true})
	p.Relations = append(p.Relations, Relation{Terms: []Term{{0, 1}, {4, 1}, {5, -1}}})
	plan := protect(t, p)
	if got := reasonsOf(p, plan); got[4] == '-' && got[5] == '-' {
		t.Errorf("hidden %s: the difference of what is shown now is the women of then", got)
	}
	// Shown now, the men of then would give the women of then.
	same := line(5, 3, 20, 0)
	same.Quantities[0].State, same.Quantities[3].State = Hidden, Shown
	if got := reasonsOf(same, protect(t, same)); got[1] != 'S' {
		t.Errorf("hidden %s: the men are shown", got)
	}
}

// Any mixture of totals, bounds, groups and editions: enumeration finds nothing
// more than the rule allows, or the error says what is lost.
func TestAnyProblemAgainstEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 4))
	done, lost := 0, 0
	for n := range 400 {
		p := randomProblem(r)
		plan, err := Protect(t.Context(), p)
		if err != nil {
			lost++
			if keys := exposed(p, plan); len(keys) == 0 {
				t.Fatalf("problem %d: said unprotectable, but enumeration finds nothing: %v", n, err)
			}
			continue
		}
		if keys := exposed(p, plan); len(keys) > 0 {
			t.Fatalf("problem %d: enumeration narrows %v too far: %+v %s", n, keys, p, reasonsOf(p, plan))
		}
		if plan.Bound > plan.Secondary {
			t.Fatalf("problem %d: bound %d, cost %d", n, plan.Bound, plan.Secondary)
		}
		done++
	}
	if done < 250 || lost < 5 {
		t.Errorf("%d protected, %d not: the problems show little", done, lost)
	}
}

func randomProblem(r *rand.Rand) *Problem {
	p := &Problem{Threshold: 3}
	count := func() int64 { return max(0, r.Int64N(9)-2) }
	for k := range 2 {
		values := []int64{count(), count(), count()}
		first := len(p.Quantities)
		q := line(3, values...)
		for i := range q.Quantities {
			q.Quantities[i].Key = fmt.Sprint(k, "/", q.Quantities[i].Key)
			q.Quantities[i].Cost = 1 + r.Int64N(3)
			if r.IntN(6) == 0 && q.Quantities[i].Value >= 3 {
				q.Quantities[i].State = Shown
			}
		}
		for _, rel := range q.Relations {
			for i := range rel.Terms {
				rel.Terms[i].Quantity += first
			}
			p.Relations = append(p.Relations, rel)
		}
		p.Quantities = append(p.Quantities, q.Quantities...)
	}
	for range 3 { // what can be compared between the two lines
		a, b := r.IntN(4), 4+r.IntN(4)
		switch va, vb := p.Quantities[a].Value, p.Quantities[b].Value; {
		case va == vb:
			p.Relations = append(p.Relations, Relation{Terms: []Term{{a, 1}, {b, -1}}})
		case va > vb:
			p.Relations = append(p.Relations, Relation{AtLeast: true, Terms: []Term{{a, 1}, {b, -1}}})
		default:
			p.Relations = append(p.Relations, Relation{AtLeast: true, Terms: []Term{{b, 1}, {a, -1}}})
		}
	}
	if r.IntN(3) == 0 {
		p.Quantities[0].Group, p.Quantities[5].Group = "g", "g"
	}
	return p
}
