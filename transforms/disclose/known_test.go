package disclose

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// knownGrid is a grid of which much is known: some figures are shown whatever is decided,
// of others it is known what they can't exceed or fall under, some are hidden
// together.
func knownGrid(seed uint64) *Problem {
	r := rand.New(rand.NewPCG(seed, 99))
	g := randomGrid(r, 2+r.IntN(5), 2+r.IntN(6), 5)
	for i := range g.Quantities {
		q := &g.Quantities[i]
		if q.Value == 0 {
			continue
		}
		switch r.IntN(6) {
		case 0:
			q.Most = q.Value + r.Int64N(6)
		case 1:
			q.Least = max(0, q.Value-r.Int64N(5))
		case 2:
			q.State = Shown
		}
		q.Cost = 1 + r.Int64N(16)
		if r.IntN(3) == 0 {
			q.Group = fmt.Sprint(r.IntN(4))
		}
	}
	return g.Problem
}

// Where much is known, little can be protected, and cuts are given up on the way: a
// plan is safe all the same, or what can't be protected is named. In the first four,
// cuts are given up after the relaxation has taken them in.
func TestProtectWhereMuchIsKnown(t *testing.T) {
	seeds := []uint64{1665, 1767, 1882, 2613}
	for n := range uint64(150) {
		seeds = append(seeds, n)
	}
	safe := 0
	for _, seed := range seeds {
		p := knownGrid(seed)
		plan, err := Protect(t.Context(), p)
		if open := (*Unprotectable)(nil); errors.As(err, &open) {
			if len(open.Keys) == 0 {
				t.Errorf("%d: nothing is named that can't be protected", seed)
			}
			continue
		}
		if err != nil {
			t.Fatal(seed, err)
		}
		report, err := Audit(t.Context(), p, plan)
		if err != nil {
			t.Fatal(seed, err)
		}
		if !report.Safe() {
			t.Errorf("%d: %v", seed, report.TooNarrow)
		}
		safe++
	}
	if safe < 10 {
		t.Errorf("%d grids could be protected: the test shows little", safe)
	}
}
