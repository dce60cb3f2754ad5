package link

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
)

// completable is the largest component whose missing pairs are all weighed; in a
// larger one they count as unknown.
const completable = 120

// cluster reads the weighed pairs and joins records into persons.
func (e *engine) cluster(ctx context.Context, decisions []Decision) (*Result, error) {
	r := &Result{engine: e, IDs: e.ids, Model: *e.model}
	for _, b := range e.blocked {
		r.Compared += b.pairs
	}
	must, never, err := e.decided(decisions)
	if err != nil {
		return nil, err
	}
	edges, err := e.edges(ctx, fmt.Sprintf("select a, b, weight, conflict from link_pair where weight > %g order by a, b", threshold(e.n)))
	if err != nil {
		return nil, err
	}
	out := newForest(e.n)
	for _, p := range must {
		out.join(p[0], p[1])
	}
	r.Contradictions = contradictions(never, out, e.ids)
	r.joined, r.apartByHand = slices.Clone(out), never
	components := connect(e.n, edges, must)
	if err := e.complete(ctx, components); err != nil {
		return nil, err
	}
	if edges, err = e.edges(ctx, "select p.a, p.b, pull, conflict from link_pair p join link_member l on l.n = p.a join link_member r on r.n = p.b and r.c = l.c order by l.c, a, b"); err != nil {
		return nil, err
	}
	component := componentOf(e.n, components)
	apart := map[int32][][2]int32{}
	for _, p := range never {
		if c := component[p[0]]; c >= 0 && c == component[p[1]] {
			apart[c] = append(apart[c], p)
		}
	}
	for len(edges) > 0 {
		c := component[edges[0].a]
		end := slices.IndexFunc(edges, func(x edge) bool { return component[x.a] != c })
		if end < 0 {
			end = len(edges)
		}
		agglomerate(components[c], edges[:end], apart[c], out)
		edges = edges[end:]
	}
	r.person = make([]int32, e.n)
	for i := range r.person {
		r.person[i] = out.root(int32(i))
	}
	return r, nil
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
	err := e.exec(ctx, "create or replace temp table link_member (n integer, c integer, whole boolean)")
	if err != nil {
		return err
	}
	_, err = e.db.Append(ctx, "link_member", nil, func(yield func([]driver.Value) bool) {
		for c, members := range components {
			whole := len(members) > 2 && len(members) <= completable
			for _, i := range members {
				if !yield([]driver.Value{i, int32(c), whole}) {
					return
				}
			}
		}
	})
	if err != nil {
		return err
	}
	if err := e.recallCompleted(ctx); err != nil {
		return err
	}
	err = e.exec(ctx, "create or replace temp table link_completed as select a, b, weight, pull, conflict from ("+e.weighed(
		`select l.n as a, r.n as b from link_member l join link_member r on l.c = r.c and l.n < r.n
			where l.whole and r.whole and not exists (from link_pair p where p.a = l.n and p.b = r.n)`)+")")
	if err != nil {
		return err
	}
	if err := e.exec(ctx, "insert into link_pair from link_completed"); err != nil {
		return err
	}
	return e.keepCompleted(ctx)
}

func (e *engine) edges(ctx context.Context, query string) ([]edge, error) {
	rows, err := e.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var edges []edge
	for rows.Next() {
		var x edge
		if err := rows.Scan(&x.a, &x.b, &x.weight, &x.conflict); err != nil {
			return nil, err
		}
		edges = append(edges, x)
	}
	return edges, rows.Err()
}

// decided turns decisions into pairs of records; the last one on a pair stands. A
// decision on a record that isn't there is left for the day it comes back.
func (e *engine) decided(decisions []Decision) (must, never [][2]int32, err error) {
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
	return must, never, nil
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
