package disclose

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// cube is a table of several dimensions with all its totals: the last index of
// each dimension is the total.
func cube(threshold int64, sizes []int, value func(at []int) int64) *Problem {
	p := &Problem{Threshold: threshold}
	stride := make([]int, len(sizes))
	n := 1
	for d := len(sizes) - 1; d >= 0; d-- {
		stride[d] = n
		n *= sizes[d] + 1
	}
	values := make([]int64, n)
	for i := range n {
		at, inner := make([]int, len(sizes)), true
		for d := range sizes {
			at[d] = i / stride[d] % (sizes[d] + 1)
			inner = inner && at[d] < sizes[d]
		}
		if inner {
			values[i] = value(at)
		}
		p.Quantities = append(p.Quantities, Quantity{Key: fmt.Sprint(at), Persons: true})
	}
	for d := range sizes { // totals along d, over what is inner or already a total
		for i := range n {
			if i/stride[d]%(sizes[d]+1) != sizes[d] {
				continue
			}
			terms := []Term{{i, -1}}
			values[i] = 0
			for k := range sizes[d] {
				part := i - (sizes[d]-k)*stride[d]
				values[i] += values[part]
				terms = append(terms, Term{part, 1})
			}
			p.Relations = append(p.Relations, Relation{Terms: terms})
		}
	}
	for i := range n {
		p.Quantities[i].Value = values[i]
	}
	return p
}

func TestCubeOfTheSizeOfAnIndicator(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, sizes := range [][]int{{4, 3, 2}, {4, 6, 3}, {4, 12, 3}} {
		p := cube(5, sizes, func(at []int) int64 {
			if at[len(at)-1] == 2 || r.IntN(3) == 0 {
				return 0
			}
			return r.Int64N(20)
		})
		start := time.Now()
		plan, err := Protect(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		made := time.Since(start)
		report, err := Audit(t.Context(), p, plan)
		if err != nil || !report.Safe() {
			t.Fatalf("%v: %v, %v", sizes, report.TooNarrow, err)
		}
		if plan.Bound > plan.Secondary {
			t.Errorf("%v: the bound is %d, the plan costs %d", sizes, plan.Bound, plan.Secondary)
		}
		primary := 0
		for i := range p.Quantities {
			if p.primary(i) {
				primary++
			}
		}
		t.Logf("%v: %d quantities, %d primary, %d secondary, at least %d; made in %v, audited in %v",
			sizes, len(p.Quantities), primary, plan.Secondary, plan.Bound, made.Round(time.Millisecond), (time.Since(start) - made).Round(time.Millisecond))
	}
}
