package link

import (
	"cmp"
	"context"
	"slices"

	"cp3/pipeline/parallel"
)

// completable is the largest component whose missing pairs are all weighed; in a
// larger one they count as unknown.
const completable = 120

// cluster joins records into persons, by the pairs weighed.
func (e *engine) cluster(ctx context.Context, decisions []Decision) (*Result, error) {
	r := &Result{engine: e, IDs: e.ids, Model: *e.model}
	for _, b := range e.blocked {
		r.Compared += b.pairs
	}
	must, never := e.decided(decisions)
	out := newForest(len(e.ids))
	for _, p := range must {
		out.join(p[0], p[1])
	}
	r.Contradictions = contradictions(never, out, e.ids)
	r.joined, r.apartByHand = slices.Clone(out), never
	var edges []edge
	for _, p := range e.pairs {
		if p.weight > threshold(len(e.ids)) {
			edges = append(edges, edge{p.a, p.b, p.weight, p.conflict})
		}
	}
	components := connect(len(e.ids), edges, must)
	if err := e.complete(ctx, components); err != nil {
		return nil, err
	}
	component := componentOf(len(e.ids), components)
	apart := map[int32][][2]int32{}
	for _, p := range never {
		if c := component[p[0]]; c >= 0 && c == component[p[1]] {
			apart[c] = append(apart[c], p)
		}
	}
	parallel.With(len(components), func() func(c int) { // none touches the others' records
		var edges []edge
		l := &linkage{}
		return func(c int) {
			edges = edges[:0]
			for _, i := range components[c] {
				for _, p := range e.pairsFrom(i) {
					if component[p.b] == int32(c) {
						edges = append(edges, edge{p.a, p.b, p.pull, p.conflict})
					}
				}
			}
			l.agglomerate(components[c], edges, apart[int32(c)], out)
		}
	})
	r.person = make([]int32, len(e.ids))
	for i := range r.person {
		r.person[i] = out.root(int32(i))
	}
	return r, nil
}

// pairsFrom are the weighed pairs whose first record is one.
func (e *engine) pairsFrom(record int32) []weighed {
	return e.pairs[e.starts[record]:e.starts[record+1]]
}

// arrange brings weighed pairs in their order: by first record, counted off, and of
// each the second.
func (e *engine) arrange(pairs []weighed) {
	e.starts = make([]int32, len(e.ids)+1)
	for i := range pairs {
		e.starts[pairs[i].a+1]++
	}
	for i := range e.ids {
		e.starts[i+1] += e.starts[i]
	}
	next := slices.Clone(e.starts)
	e.pairs = make([]weighed, len(pairs))
	for _, p := range pairs {
		e.pairs[next[p.a]] = p
		next[p.a]++
	}
	for i := range e.ids {
		slices.SortFunc(e.pairsFrom(int32(i)), func(p, q weighed) int { return cmp.Compare(p.b, q.b) })
	}
}

// connect finds the components of two records and more that the edges, conflicts
// left out, and the decisions hold together; each sorted, in the order of their
// first record.
func connect(n int, edges []edge, must [][2]int32) [][]int32 {
	f := newForest(n)
	for _, e := range edges {
		if !e.conflict {
			f.join(e.a, e.b)
		}
	}
	for _, p := range must {
		f.join(p[0], p[1])
	}
	size := make([]int32, n)
	for i := range n {
		size[f.root(int32(i))]++
	}
	index := make([]int32, n)
	var components [][]int32
	for i := range int32(n) {
		root := f.root(i)
		if size[root] < 2 {
			continue
		}
		if i == root {
			index[root] = int32(len(components))
			components = append(components, make([]int32, 0, size[root]))
		}
		components[index[root]] = append(components[index[root]], i)
	}
	return components
}

// componentOf is each record's component; -1 for a record alone.
func componentOf(n int, components [][]int32) []int32 {
	of := make([]int32, n)
	for i := range of {
		of[i] = -1
	}
	for c, members := range components {
		for _, i := range members {
			of[i] = int32(c)
		}
	}
	return of
}

// complete weighs the pairs of each component that blocking did not propose, for a
// mean over half the pairs would be a mean over the best half.
func (e *engine) complete(ctx context.Context, components [][]int32) error {
	added := make([][]weighed, len(components))
	parallel.With(len(components), func() func(c int) {
		w := e.newWeigher().take(e.model)
		return func(c int) {
			if members := components[c]; len(members) > 2 && len(members) <= completable && ctx.Err() == nil {
				added[c] = w.missing(members)
			}
		}
	})
	if all := slices.Concat(added...); len(all) > 0 {
		e.arrange(append(e.pairs, all...))
	}
	return ctx.Err()
}

// missing weighs the pairs of members that no rule proposed.
func (w *weigher) missing(members []int32) (added []weighed) {
	for i, a := range members {
		have := w.pairsFrom(a)
		for _, b := range members[i+1:] {
			for len(have) > 0 && have[0].b < b {
				have = have[1:]
			}
			if len(have) == 0 || have[0].b != b {
				w.weigh(w.rows[a], w.rows[b])
				added = append(added, w.pair(a, b))
			}
		}
	}
	return added
}

// decided turns decisions into pairs of records; the last one on a pair stands. A
// decision on a record that isn't there is left for the day it comes back.
func (e *engine) decided(decisions []Decision) (must, never [][2]int32) {
	last := map[[2]int32]bool{}
	var order [][2]int32
	for _, d := range decisions {
		a, okA := slices.BinarySearch(e.ids, d.A)
		b, okB := slices.BinarySearch(e.ids, d.B)
		if !okA || !okB || a == b {
			continue
		}
		p := [2]int32{int32(min(a, b)), int32(max(a, b))}
		if _, seen := last[p]; !seen {
			order = append(order, p)
		}
		last[p] = d.Same
	}
	slices.SortFunc(order, func(p, q [2]int32) int { return slices.Compare(p[:], q[:]) })
	for _, p := range order {
		if last[p] {
			must = append(must, p)
		} else {
			never = append(never, p)
		}
	}
	return must, never
}

// contradictions are the pairs kept apart that other decisions join.
func contradictions(never [][2]int32, joined forest, ids []string) []Decision {
	var found []Decision
	for _, p := range never {
		if joined.root(p[0]) == joined.root(p[1]) {
			found = append(found, Decision{A: ids[p[0]], B: ids[p[1]]})
		}
	}
	return found
}
