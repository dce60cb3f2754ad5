package link

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Clusters are what joining the two with the greatest mean, again and again, comes to.
func TestAgglomerate(t *testing.T) {
	l, joins := &linkage{}, 0 // one for all: nothing of a component is left for the next
	for seed := range uint64(300) {
		c := randomComponent(seed)
		got, want := slices.Clone(c.joined), slices.Clone(c.joined)
		l.agglomerate(c.members, c.edges, c.never, got)
		joins += c.plainly(want)
		for _, i := range c.members {
			if got.root(i) != want.root(i) {
				t.Fatalf("component %d: record %d is with %d, want %d", seed, i, got.root(i), want.root(i))
			}
		}
	}
	if joins < 1000 {
		t.Errorf("%d joins: too few to tell anything", joins)
	}
}

// component is records of a thousand, of which some were joined or kept apart by hand.
type component struct {
	members []int32
	edges   []edge
	never   [][2]int32
	joined  forest
}

// randomComponent has whole weights, for sums of others depend on their order.
func randomComponent(seed uint64) component {
	r := rand.New(rand.NewPCG(seed, 1))
	c := component{joined: newForest(100_000)}
	for i := range int32(2 + r.IntN(24)) {
		c.members = append(c.members, 3*i+7)
	}
	for i, a := range c.members {
		for _, b := range c.members[i+1:] {
			switch k := r.IntN(40); {
			case k == 0:
				c.joined.join(a, b)
			case k == 1:
				c.never = append(c.never, [2]int32{a, b})
			}
			if r.IntN(4) > 0 {
				c.edges = append(c.edges, edge{a, b, float64(r.IntN(30) - 12), r.IntN(20) == 0})
			}
		}
	}
	return c
}

// plainly is agglomerate by its definition, and says how many joins it made.
func (c component) plainly(out forest) (joins int) {
	for {
		var roots []int32
		for _, i := range c.members {
			if out.root(i) == i {
				roots = append(roots, i)
			}
		}
		best, from, to := threshold(len(out)), int32(-1), int32(-1)
		for i, a := range roots {
			for _, b := range roots[i+1:] {
				if mean, possible := c.mean(a, b, out); possible && mean > best {
					best, from, to = mean, a, b
				}
			}
		}
		if from < 0 {
			return joins
		}
		out.join(from, to)
		joins++
	}
}

func (c component) mean(a, b int32, out forest) (mean float64, possible bool) {
	between := func(x, y int32) bool {
		x, y = out.root(x), out.root(y)
		return x == a && y == b || x == b && y == a
	}
	for _, p := range c.never {
		if between(p[0], p[1]) {
			return 0, false
		}
	}
	sum, pairs := 0.0, 0
	for _, e := range c.edges {
		if between(e.a, e.b) {
			if e.conflict {
				return 0, false
			}
			sum, pairs = sum+min(max(e.weight, -bound), bound), pairs+1
		}
	}
	size := map[int32]int{}
	for _, i := range c.members {
		size[out.root(i)]++
	}
	all := size[a] * size[b]
	return (sum + float64(all-pairs)*unknown) / float64(all), pairs > 0
}
