package link

import (
	"cmp"
	"container/heap"
	"slices"
)

// edge is a weighed pair of records.
type edge struct {
	a, b     int32
	weight   float64
	conflict bool
}

// Bounds of the clustering.
const (
	bound   = 16.0  // bits: no single pair counts for more, for or against
	unknown = -10.0 // bits: a pair no blocking rule proposed
)

// threshold is the mean weight, in bits, that two clusters need to be joined, among
// n records. The most pairs are right, wrong joins and missed ones counted alike,
// when joins are made down to half the F1 that can be reached (Lipton, Elkan and
// Naryanaswamy 2014): a little under even odds. On small data the weights are
// mostly priors, and must be clear by as much as data could move them.
func threshold(n int) float64 { return -0.2 + 8*200/float64(n+200) }

// forest is a union-find over records.
type forest []int32

func newForest(n int) forest {
	f := make(forest, n)
	for i := range f {
		f[i] = int32(i)
	}
	return f
}

func (f forest) root(i int32) int32 {
	for f[i] != i {
		f[i] = f[f[i]]
		i = f[i]
	}
	return i
}

// join makes two trees one; the smaller root stays.
func (f forest) join(a, b int32) {
	a, b = f.root(a), f.root(b)
	if a > b {
		a, b = b, a
	}
	f[b] = a
}

// group is two clusters seen from one: the weights of the known pairs between them.
type group struct {
	sum   float64
	pairs int
	never bool // a conflict, or a human's word
}

// linkage joins the records of one component, the closest clusters first, while the
// mean weight over all pairs between two clusters stays above the threshold. One
// wrong edge can't chain two families: it is one pair among many.
type linkage struct {
	threshold float64
	size      map[int32]int
	between   map[int32]map[int32]*group
	queue     queue
}

// candidate is a join in the queue; stale when a cluster has changed since.
type candidate struct {
	mean         float64
	a, b         int32
	sizeA, sizeB int
}

type queue []candidate

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return cmp.Or(-cmp.Compare(q[i].mean, q[j].mean), cmp.Compare(q[i].a, q[j].a), cmp.Compare(q[i].b, q[j].b)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(candidate)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// agglomerate clusters the members of a component by the edges between them and
// writes the result in out. Members already joined in out (a human's word) start
// as one cluster; never holds pairs that a human keeps apart.
func agglomerate(members []int32, edges []edge, never [][2]int32, out forest) {
	l := &linkage{threshold: threshold(len(out)), size: map[int32]int{}, between: map[int32]map[int32]*group{}}
	for _, i := range members {
		l.size[out.root(i)]++
	}
	for _, e := range edges {
		l.add(out.root(e.a), out.root(e.b), group{sum: min(max(e.weight, -bound), bound), pairs: 1, never: e.conflict})
	}
	for _, p := range never {
		l.add(out.root(p[0]), out.root(p[1]), group{never: true})
	}
	for _, a := range sortedKeys(l.between) {
		for _, b := range sortedKeys(l.between[a]) {
			if a < b {
				l.propose(a, b)
			}
		}
	}
	heap.Init(&l.queue)
	for len(l.queue) > 0 {
		c := heap.Pop(&l.queue).(candidate)
		if l.size[c.a] != c.sizeA || l.size[c.b] != c.sizeB {
			continue
		}
		l.merge(c.a, c.b)
		out.join(c.a, c.b)
	}
}

func sortedKeys[V any](m map[int32]V) []int32 {
	keys := make([]int32, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (l *linkage) add(a, b int32, g group) {
	if a == b {
		return
	}
	for range 2 {
		if l.between[a] == nil {
			l.between[a] = map[int32]*group{}
		}
		have := l.between[a][b]
		if have == nil {
			have = &group{}
			l.between[a][b] = have
		}
		have.sum += g.sum
		have.pairs += g.pairs
		have.never = have.never || g.never
		a, b = b, a
	}
}

// mean is over all pairs between two clusters, the unknown ones too.
func (l *linkage) mean(a, b int32) (float64, bool) {
	g := l.between[a][b]
	if g == nil || g.never {
		return 0, false
	}
	all := l.size[a] * l.size[b]
	return (g.sum + float64(max(all-g.pairs, 0))*unknown) / float64(all), true
}

func (l *linkage) propose(a, b int32) {
	if a > b {
		a, b = b, a
	}
	if m, ok := l.mean(a, b); ok && m > l.threshold {
		heap.Push(&l.queue, candidate{m, a, b, l.size[a], l.size[b]})
	}
}

// merge makes b part of a (a < b) and proposes a's new neighbours.
func (l *linkage) merge(a, b int32) {
	delete(l.between[a], b)
	for _, c := range sortedKeys(l.between[b]) {
		if c == a {
			continue
		}
		g := *l.between[b][c]
		delete(l.between[c], b)
		l.add(a, c, g)
	}
	delete(l.between, b)
	l.size[a] += l.size[b]
	l.size[b] = 0
	for _, c := range sortedKeys(l.between[a]) {
		l.propose(a, c)
	}
}
