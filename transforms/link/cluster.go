package link

import (
	"cmp"
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
	pairs int32
	never bool // a conflict, or a human's word
}

// neighbour is a cluster that has known pairs with another.
type neighbour struct {
	place int32
	group
}

// linkage joins the records of one component, the closest clusters first, while the
// mean weight over all pairs between two clusters stays above the threshold. One
// wrong edge can't chain two families: it is one pair among many.
//
// Clusters go by the places of their roots, which are in order. Most components are of
// a few records, and there are as many as persons: the room of one serves the next.
type linkage struct {
	roots []int32
	size  []int32       // by place; 0 for what is part of another
	near  [][]neighbour // by place, in the order of places
	queue queue
}

// agglomerate clusters the members of a component by the edges between them and
// writes the result in out. Members already joined in out (a human's word) start
// as one cluster; never holds pairs that a human keeps apart.
func (l *linkage) agglomerate(members []int32, edges []edge, never [][2]int32, out forest) {
	l.begin(members, out)
	for i := range edges {
		e := &edges[i]
		l.add(l.place(out.root(e.a)), l.place(out.root(e.b)), group{min(max(e.weight, -bound), bound), 1, e.conflict})
	}
	for _, p := range never {
		l.add(l.place(out.root(p[0])), l.place(out.root(p[1])), group{never: true})
	}
	least := threshold(len(out))
	for a := range int32(len(l.roots)) {
		l.propose(a, a, least)
	}
	for len(l.queue) > 0 {
		c := l.queue.pop()
		if l.size[c.a] == c.sizeA && l.size[c.b] == c.sizeB {
			l.merge(c.a, c.b)
			out.join(l.roots[c.a], l.roots[c.b])
			l.propose(c.a, -1, least)
		}
	}
}

// begin makes room for the clusters that members start as.
func (l *linkage) begin(members []int32, out forest) {
	l.roots = l.roots[:0]
	for _, i := range members {
		l.roots = append(l.roots, out.root(i))
	}
	slices.Sort(l.roots)
	l.roots = slices.Compact(l.roots)
	l.size = slices.Grow(l.size[:0], len(l.roots))[:len(l.roots)]
	clear(l.size)
	for _, i := range members {
		l.size[l.place(out.root(i))]++
	}
	for len(l.near) < len(l.roots) {
		l.near = append(l.near, nil)
	}
	for i := range l.roots {
		l.near[i] = l.near[i][:0]
	}
}

// place is that of a cluster, by its root.
func (l *linkage) place(root int32) int32 {
	i, _ := slices.BinarySearch(l.roots, root)
	return int32(i)
}

// find is where a cluster is among another's neighbours, or would be.
func (l *linkage) find(a, b int32) (int, bool) {
	return slices.BinarySearchFunc(l.near[a], b, func(n neighbour, place int32) int { return cmp.Compare(n.place, place) })
}

// add adds to what is between two clusters.
func (l *linkage) add(a, b int32, g group) {
	if a == b {
		return
	}
	for range 2 {
		i, known := l.find(a, b)
		if !known {
			l.near[a] = slices.Insert(l.near[a], i, neighbour{place: b})
		}
		have := &l.near[a][i]
		have.sum += g.sum
		have.pairs += g.pairs
		have.never = have.never || g.never
		a, b = b, a
	}
}

// remove forgets that b is a's neighbour.
func (l *linkage) remove(a, b int32) {
	if i, known := l.find(a, b); known {
		l.near[a] = slices.Delete(l.near[a], i, i+1)
	}
}

// propose queues the joins of a cluster with its neighbours after a place.
func (l *linkage) propose(a, after int32, least float64) {
	for i := range l.near[a] {
		n := &l.near[a][i]
		if n.place <= after || n.never {
			continue
		}
		if mean := l.mean(a, n); mean > least {
			x, y := min(a, n.place), max(a, n.place)
			l.queue.push(candidate{mean, x, y, l.size[x], l.size[y]})
		}
	}
}

// mean is over all pairs between a cluster and a neighbour, the unknown ones too.
func (l *linkage) mean(a int32, n *neighbour) float64 {
	all := int(l.size[a]) * int(l.size[n.place])
	return (n.sum + float64(max(all-int(n.pairs), 0))*unknown) / float64(all)
}

// merge makes b part of a.
func (l *linkage) merge(a, b int32) {
	l.remove(a, b)
	for _, n := range l.near[b] {
		if n.place != a {
			l.remove(n.place, b)
			l.add(a, n.place, n.group)
		}
	}
	l.near[b] = l.near[b][:0]
	l.size[a] += l.size[b]
	l.size[b] = 0
}

// candidate is a join in the queue; stale when a cluster has changed since.
type candidate struct {
	mean         float64
	a, b         int32 // places
	sizeA, sizeB int32
}

// queue is a heap of candidates. (container/heap would box each of them.)
type queue []candidate

func (q queue) before(i, j int) bool {
	x, y := &q[i], &q[j]
	switch {
	case x.mean != y.mean:
		return x.mean > y.mean
	case x.a != y.a:
		return x.a < y.a
	}
	return x.b < y.b
}

func (q *queue) push(c candidate) {
	*q = append(*q, c)
	for all, i := *q, len(*q)-1; i > 0 && all.before(i, (i-1)/2); i = (i - 1) / 2 {
		all[i], all[(i-1)/2] = all[(i-1)/2], all[i]
	}
}

// pop takes the first.
func (q *queue) pop() candidate {
	all, last := *q, len(*q)-1
	first := all[0]
	all[0] = all[last]
	all = all[:last]
	for i := 0; 2*i+1 < last; {
		next := 2*i + 1
		if next+1 < last && all.before(next+1, next) {
			next++
		}
		if !all.before(next, i) {
			break
		}
		all[i], all[next] = all[next], all[i]
		i = next
	}
	*q = all
	return first
}
