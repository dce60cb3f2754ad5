package link

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Question is for a human: are these records, and those, one person? It is about
// all that is known of two persons, not about one pair of records, for a person is
// what gets counted: clusters that the model left apart though it could have joined
// them, or the two parts of a cluster that would come apart.
type Question struct {
	A, B   []string // record ids, sorted
	Merged bool     // in one cluster at present
	// Weight is the mean over all pairs between A and B, each within the bounds that
	// clustering sets: what joins them or keeps them apart.
	Weight float64
	Pair   Pair // the pair between A and B that is most for it
}

// ErrDecided says that a human's word already joins two records.
var ErrDecided = errors.New("a decision joins these records")

// mostAsked bounds what one run asks, and mostWeighed the records of each side that
// are weighed against each other: a few hundred pairs say what the rest would.
const (
	mostAsked   = 5000
	mostWeighed = 20
)

// Questions lists what a human should decide, the one nearest to even first.
// Contradictory persons are not asked about, nor what was decided.
func (r *Result) Questions(ctx context.Context) ([]Question, error) {
	var uncertain []Pair
	for p, err := range r.Uncertain(ctx) {
		if err != nil {
			return nil, err
		}
		uncertain = append(uncertain, p) // the connection serves one query at a time
	}
	slices.SortStableFunc(uncertain, func(p, q Pair) int { return cmp.Compare(abs(p.Weight), abs(q.Weight)) })
	asked := map[string]bool{}
	var all []*asking
	for _, p := range uncertain {
		a, b, err := r.Parts(ctx, p.A, p.B)
		if errors.Is(err, ErrDecided) {
			continue
		}
		if err != nil {
			return nil, err
		}
		key := strings.Join(a, "\n") + "\n\n" + strings.Join(b, "\n")
		if asked[key] || len(all) == mostAsked || r.keptApart(a, b) {
			continue
		}
		asked[key] = true
		all = append(all, &asking{Question: Question{A: a, B: b}})
	}
	if err := r.weighAll(ctx, all); err != nil {
		return nil, err
	}
	var open []Question
	for _, q := range all {
		if q.open() {
			open = append(open, q.Question)
		}
	}
	slices.SortStableFunc(open, func(p, q Question) int {
		return cmp.Or(cmp.Compare(abs(p.Weight), abs(q.Weight)), cmp.Compare(p.Pair.A, q.Pair.A), cmp.Compare(p.Pair.B, q.Pair.B))
	})
	return open, nil
}

func abs(f float64) float64 { return max(f, -f) }

// asking is a question whose pairs are being weighed.
type asking struct {
	Question
	sum      float64
	pairs    int
	conflict bool
}

func (q *asking) add(p Pair) {
	if q.pairs == 0 || p.Weight > q.Pair.Weight {
		q.Pair = p
	}
	q.pairs++
	q.sum += min(max(p.Weight, -bound), bound)
	q.conflict = q.conflict || len(p.Conflicts) > 0
	q.Merged, q.Weight = p.Same, q.sum/float64(q.pairs)
}

// open reports whether the answer is open: neither contradictory nor clear.
func (q *asking) open() bool {
	switch {
	case q.pairs == 0:
		return false
	case q.Merged:
		return q.Weight < Band
	}
	return !q.conflict && q.Weight > -Band
}

// weighAll weighs the pairs of many questions at once.
func (r *Result) weighAll(ctx context.Context, all []*asking) error {
	of := map[[2]int32][]*asking{}
	for _, q := range all {
		for _, a := range r.numbers(q.A) {
			for _, b := range r.numbers(q.B) {
				pair := [2]int32{min(a, b), max(a, b)}
				of[pair] = append(of[pair], q)
			}
		}
	}
	pairs := slices.SortedFunc(maps.Keys(of), func(p, q [2]int32) int { return slices.Compare(p[:], q[:]) })
	for p, err := range r.explain(ctx, pairs) {
		if err != nil {
			return err
		}
		pair := r.numbers([]string{p.A, p.B})
		for _, q := range of[[2]int32{pair[0], pair[1]}] {
			q.add(p)
		}
	}
	return nil
}

// numbers are those of the first records of a side.
func (r *Result) numbers(ids []string) []int32 { return r.all(ids[:min(len(ids), mostWeighed)]) }

func (r *Result) all(ids []string) []int32 {
	var numbers []int32
	for _, id := range ids {
		n, _ := slices.BinarySearch(r.IDs, id)
		numbers = append(numbers, int32(n))
	}
	return numbers
}

// Ask weighs two sets of records against each other, certain or not.
func (r *Result) Ask(ctx context.Context, a, b []string) (Question, error) {
	q := &asking{Question: Question{A: a, B: b}}
	for p, err := range r.explain(ctx, r.between(a, b)) {
		if err != nil {
			return q.Question, err
		}
		q.add(p)
	}
	if q.pairs == 0 {
		return q.Question, errors.New("ask: nothing to compare")
	}
	return q.Question, nil
}

// between are all pairs of a record of a with one of b.
func (r *Result) between(a, b []string) (pairs [][2]int32) {
	for _, x := range r.all(a) {
		for _, y := range r.all(b) {
			pairs = append(pairs, [2]int32{min(x, y), max(x, y)})
		}
	}
	slices.SortFunc(pairs, func(p, q [2]int32) int { return slices.Compare(p[:], q[:]) })
	return pairs
}

// Parts are the two persons that a pair of records asks about: their clusters or,
// when they are in one, the two parts it comes apart in when the pair is kept
// apart. ErrDecided when a human joined them.
func (r *Result) Parts(ctx context.Context, a, b string) (of, with []string, err error) {
	n, okA := slices.BinarySearch(r.IDs, a)
	m, okB := slices.BinarySearch(r.IDs, b)
	if !okA || !okB || n == m {
		return nil, nil, fmt.Errorf("no two records %q and %q", a, b)
	}
	if r.person[n] != r.person[m] {
		of, with = r.members(r.person[n]), r.members(r.person[m])
	} else if of, with, err = r.apart(ctx, int32(n), int32(m)); err != nil {
		return nil, nil, err
	}
	if of[0] > with[0] {
		of, with = with, of
	}
	return of, with, nil
}

// Person lists the records of a record's cluster.
func (r *Result) Person(id string) []string {
	n, ok := slices.BinarySearch(r.IDs, id)
	if !ok {
		return nil
	}
	return r.members(r.person[n])
}

func (r *Result) members(person int32) []string {
	if r.byPerson == nil {
		r.byPerson = map[int32][]int32{}
		for i, p := range r.person {
			r.byPerson[p] = append(r.byPerson[p], int32(i))
		}
	}
	return r.names(r.byPerson[person])
}

func (r *Result) names(records []int32) []string {
	names := make([]string, len(records))
	for i, n := range records {
		names[i] = r.IDs[n]
	}
	return names
}

// apart clusters the records of one cluster again with two of them kept apart.
// What then belongs to neither goes with the nearer.
func (r *Result) apart(ctx context.Context, a, b int32) (of, with []string, err error) {
	if r.joined.root(a) == r.joined.root(b) {
		return nil, nil, ErrDecided
	}
	r.members(r.person[a])
	members := r.byPerson[r.person[a]]
	var edges []edge
	for _, n := range members {
		for _, p := range r.engine.pairsFrom(n) {
			if r.person[p.b] == r.person[a] {
				edges = append(edges, edge{p.a, p.b, p.weight, p.conflict})
			}
		}
	}
	never := [][2]int32{{a, b}}
	for _, p := range r.apartByHand {
		if r.person[p[0]] == r.person[a] && r.person[p[1]] == r.person[a] {
			never = append(never, p)
		}
	}
	out := slices.Clone(r.joined)
	(&linkage{}).agglomerate(members, edges, never, out)
	side := map[int32]int32{out.root(a): a, out.root(b): b}
	for _, root := range members {
		if root = out.root(root); side[root] != a && side[root] != b {
			side[root] = nearer(root, a, b, edges, out)
		}
	}
	var left, right []int32
	for _, n := range members {
		if side[out.root(n)] == a {
			left = append(left, n)
		} else {
			right = append(right, n)
		}
	}
	return r.names(left), r.names(right), nil
}

// nearer is which of two records' clusters has the heavier edges to a third.
func nearer(root, a, b int32, edges []edge, out forest) int32 {
	var sum [2]float64
	for _, e := range edges {
		x, y := out.root(e.a), out.root(e.b)
		if y == root {
			x, y = y, x
		}
		if x != root {
			continue
		}
		switch y {
		case out.root(a):
			sum[0] += e.weight
		case out.root(b):
			sum[1] += e.weight
		}
	}
	if sum[1] > sum[0] {
		return b
	}
	return a
}

// keptApart reports whether a human keeps a record of a from one of b.
func (r *Result) keptApart(a, b []string) bool {
	in := func(n int32, ids []string) bool { _, ok := slices.BinarySearch(ids, r.IDs[n]); return ok }
	return slices.ContainsFunc(r.apartByHand, func(p [2]int32) bool {
		return in(p[0], a) && in(p[1], b) || in(p[1], a) && in(p[0], b)
	})
}
