package parallel_test

import (
	"slices"
	"testing"

	"cp3/pipeline/parallel"
)

// Every piece is done once, with what its core has of its own.
func TestEveryPieceOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		done := make([]int, n)
		parallel.Each(n, func(i int) { done[i]++ })
		parallel.With(n, func() func(int) {
			room := 0 // a race, were it shared
			return func(i int) { room++; done[i]++ }
		})
		if slices.ContainsFunc(done, func(times int) bool { return times != 2 }) {
			t.Errorf("of %d pieces, some weren't done once", n)
		}
	}
}
