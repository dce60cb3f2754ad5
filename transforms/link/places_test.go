package link

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Places are what sorting by each rank, and then by number, gives.
func TestPlaces(t *testing.T) {
	const n = 2000
	r := rand.New(rand.NewPCG(1, 2))
	var by [][]int32
	for _, ranks := range []int32{12, 3, 5000} {
		rank := make([]int32, n)
		for i := range rank {
			rank[i] = r.Int32N(ranks) - 1 // -1: a record without a value
		}
		by = append(by, rank)
	}
	order := make([]int32, n)
	for i, at := range (&records{n: n}).sorted(by) {
		order[at] = int32(i)
	}
	key := func(i int32) []int32 { return []int32{by[0][i], by[1][i], by[2][i], i} }
	if !slices.IsSortedFunc(order, func(a, b int32) int { return slices.Compare(key(a), key(b)) }) {
		t.Error("not in order")
	}
}
