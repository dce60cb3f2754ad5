package link

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"sync"

	"cp3/pipeline/parallel"
)

// budget bounds the pairs compared: so many a record, and never fewer than a small
// data set can afford. What a rule proposes is known before only at most: a pair that
// shares two words is counted twice.
func budget(n int) (pairs, window int) {
	return max(2_600_000, n*perRecord), min(max(3_000_000/max(n, 1), 8), widest)
}

// widest is the widest window: what small data sets can afford. A variable for
// tests, whose blocks would all be small.
var widest = 120

// perRecord is how many pairs a record may cost on large data.
const perRecord = 26

// blocking is a rule that was carried out, and the pairs it gave.
type blocking struct {
	rule
	number, pairs int
	size          int // pairs that its blocks hold, at most
}

// block proposes the pairs of the records to learn from, rule by rule, until the
// budget is spent.
func (e *engine) block(ctx context.Context) (*proposals, error) {
	left, window := budget(e.records.learned)
	b := e.newBlocker(0, e.records.learned, window)
	for i, r := range e.plan.rules() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.gather(r)
		if b.size > left {
			continue // too wide for so many records; others are narrower
		}
		left -= b.size
		b.propose(uint8(i), r)
		e.blocked = append(e.blocked, blocking{rule: r, number: i, size: b.size})
	}
	return b.proposals, nil
}

// member is a record in the block of a key.
type member struct {
	key uint64
	n   int32
}

// blocker finds the pairs of the records from first on, before last, each with some
// that came before it. What makes a night's work equal to a run from scratch is that
// whether two records are compared depends on the records learned from and on those
// that came before the later of the two, never on those after.
type blocker struct {
	*proposals
	*records
	places      places
	first, last int
	window      int
	stretches   [][shards][]member // by record, and by key
	parts       [shards][]member   // by key
	size        int                // pairs that the blocks hold, at most
}

// shards is into how many parts keys are cut, each sorted by itself.
const shards = 1 << 8

func (e *engine) newBlocker(first, last, window int) *blocker {
	if e.placed.byDate == nil {
		e.placed = e.records.places(e.plan)
	}
	b := &blocker{proposals: newProposals(e.records.n), records: e.records, places: e.placed, first: first, last: last, window: window}
	b.stretches = make([][shards][]member, (last+stretch-1)/stretch)
	return b
}

// stretch is how many records' keys are made in one piece of work.
const stretch = 1 << 15

// gather makes a rule's blocks: of those of the new records alone, when there are
// others.
func (b *blocker) gather(r rule) {
	wanted := b.wanted(r)
	parallel.With(len(b.stretches), func() func(i int) {
		keys, scratch := make([]uint64, 0, 64), make([]uint64, 0, 64)
		return func(i int) {
			for part := range b.stretches[i] {
				b.stretches[i][part] = b.stretches[i][part][:0]
			}
			for n := i * stretch; n < min((i+1)*stretch, b.last); n++ {
				keys = r.keys(b.records, int32(n), wanted.parts, keys[:0], scratch)
				for _, k := range keys {
					if wanted.whole.has(k) {
						part := &b.stretches[i][k>>56]
						*part = append(*part, member{k, int32(n)})
					}
				}
			}
		}
	})
	sizes := make([]int, shards)
	parallel.Each(shards, func(part int) {
		b.parts[part] = b.parts[part][:0]
		for i := range b.stretches {
			b.parts[part] = append(b.parts[part], b.stretches[i][part]...)
		}
		slices.SortFunc(b.parts[part], func(x, y member) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.n, y.n)) })
		b.eachBlock(part, func(block []member) { sizes[part] += b.pairsOf(len(block)) })
	})
	b.size = 0
	for _, n := range sizes {
		b.size += n
	}
}

// wanted are the keys of a rule that the new records have, and their parts by atom: who
// has none of an atom's has no key in common with them. All are nil when all are new.
type wanted struct {
	whole filter
	parts []filter
}

func (b *blocker) wanted(r rule) (w wanted) {
	if b.first == 0 {
		return w
	}
	w.whole = newFilter(b.last - b.first)
	for range r.atoms {
		w.parts = append(w.parts, newFilter(b.last-b.first))
	}
	keys, scratch := make([]uint64, 0, 64), make([]uint64, 0, 64)
	for n := b.first; n < b.last; n++ {
		for i, a := range r.atoms {
			w.parts[i].add(a.keys(b.records, int32(n), scratch[:0]))
		}
		w.whole.add(r.keys(b.records, int32(n), nil, keys[:0], scratch))
	}
	return w
}

// filter has the keys added to it, and a few others.
type filter []uint64

// newFilter has room for some keys each of so many records.
func newFilter(records int) filter { return make(filter, 1<<max(8, bits.Len(uint(records)))) }

func (f filter) add(keys []uint64) {
	for _, k := range keys {
		f[k>>6&uint64(len(f)-1)] |= 1 << (k & 63)
	}
}

func (f filter) has(key uint64) bool {
	return f == nil || f[key>>6&uint64(len(f)-1)]>>(key&63)&1 == 1
}

// eachBlock visits the blocks of two records and more in a part.
func (b *blocker) eachBlock(part int, visit func(block []member)) {
	all := b.parts[part]
	for len(all) > 0 {
		end := 1
		for end < len(all) && all[end].key == all[0].key {
			end++
		}
		if end > 1 {
			visit(all[:end])
		}
		all = all[end:]
	}
}

// pairsOf is how many pairs a block of so many records learned from gives at most.
func (b *blocker) pairsOf(size int) int {
	if size > b.window+1 {
		return size * b.window
	}
	return size * (size - 1) / 2
}

// propose adds the rule's pairs.
func (b *blocker) propose(number uint8, r rule) {
	place := b.places.byDate
	if r.dated {
		place = b.places.byName
	}
	parallel.With(shards, func() func(part int) {
		p := b.start(number)
		return func(part int) {
			b.eachBlock(part, func(block []member) { b.pairUp(block, place, p) })
		}
	})
	b.rest()
}

// pairUp proposes the pairs of a block that end in a new record. A block that is small
// among those learned from is compared whole, up to as many of its first ones as a
// window holds, so that a form's number that a thousand rows share costs each of them
// a window too. In a larger one, records meet their neighbours.
func (b *blocker) pairUp(block []member, place []int32, p *proposer) {
	settled := 0
	for settled < len(block) && int(block[settled].n) < b.learned {
		settled++
	}
	if settled > b.window+1 {
		if b.first == 0 {
			b.neighbours(block, place, p)
		} else {
			b.newcomers(block, settled, place, p)
		}
		return
	}
	for j := range block {
		if int(block[j].n) < b.first {
			continue
		}
		for i := range block[:min(j, b.window+1)] {
			p.add(block[i].n, block[j].n)
		}
	}
}

// neighbours proposes those no further apart than a window, in the block's order.
func (b *blocker) neighbours(block []member, place []int32, p *proposer) {
	slices.SortFunc(block, byPlace(place))
	for j := range block {
		for i := max(j-b.window, 0); i < j; i++ {
			p.add(block[i].n, block[j].n)
		}
	}
}

func byPlace(place []int32) func(x, y member) int {
	return func(x, y member) int { return cmp.Compare(place[x.n], place[y.n]) }
}

// newcomers proposes to each new record those learned from that stand within half a
// window of where it would, and some of those that came to the same place before it.
func (b *blocker) newcomers(block []member, settled int, place []int32, p *proposer) {
	if int(block[len(block)-1].n) < b.first {
		return
	}
	known, late := block[:settled], block[settled:]
	slices.SortFunc(known, byPlace(place))
	came := map[int][]int32{}
	for _, m := range late { // in the order in which they came
		at, _ := slices.BinarySearchFunc(known, m, byPlace(place))
		if int(m.n) >= b.first {
			for _, x := range known[max(at-b.window/2, 0):min(at+b.window/2, settled)] {
				p.add(x.n, m.n)
			}
			for _, x := range came[at] {
				p.add(x, m.n)
			}
		}
		if len(came[at]) < b.window {
			came[at] = append(came[at], m.n)
		}
	}
}

// proposals are pairs of records that rules proposed, in buckets by their first record.
// A proposal is a number: the first record, the second, and the rule; once they are
// sorted, how many rules proposed it.
type proposals struct {
	buckets [][]uint64
	mu      sync.Mutex
	open    []*proposer
}

// bucketBits are the first record's that don't matter to the bucket.
const bucketBits = 11

// The parts of a proposal, and how many records there is room for.
const (
	ruleBits    = 7
	recordBits  = 28
	mostRecords = 1 << recordBits
)

func newProposals(n int) *proposals {
	return &proposals{buckets: make([][]uint64, n>>bucketBits+1)}
}

func pairOf(proposal uint64) (a, b int32) {
	return int32(proposal >> (ruleBits + recordBits)), int32(proposal >> ruleBits & (1<<recordBits - 1))
}

// proposer adds proposals, on one core.
type proposer struct {
	rule    uint64
	buckets [][][]uint64 // in blocks, which never grow: what grows is copied, and garbage
}

// blockSize is how many proposals a block holds.
const blockSize = 512

// start gives a proposer for a rule: one that nobody uses, or a new one.
func (p *proposals) start(rule uint8) *proposer {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.open {
		if s.rule == idle {
			s.rule = uint64(rule)
			return s
		}
	}
	s := &proposer{rule: uint64(rule), buckets: make([][][]uint64, len(p.buckets))}
	p.open = append(p.open, s)
	return s
}

// idle is no rule: its proposer may have another.
const idle = 1<<ruleBits - 1

// rest has all proposers wait for another rule.
func (p *proposals) rest() {
	for _, s := range p.open {
		s.rule = idle
	}
}

func (p *proposer) add(a, b int32) {
	a, b = min(a, b), max(a, b)
	blocks := p.buckets[a>>bucketBits]
	last := len(blocks) - 1
	if last < 0 || len(blocks[last]) == blockSize {
		blocks = append(blocks, make([]uint64, 0, blockSize))
		last++
		p.buckets[a>>bucketBits] = blocks
	}
	blocks[last] = append(blocks[last], uint64(a)<<(ruleBits+recordBits)|uint64(b)<<ruleBits|p.rule)
}

// sort brings all proposals in the order of pairs, and shows each rule's to visit.
func (p *proposals) sort(visit func(bucket int, proposal uint64)) {
	parallel.Each(len(p.buckets), func(i int) {
		var blocks [][]uint64
		for _, o := range p.open {
			blocks = append(blocks, o.buckets[i]...)
			o.buckets[i] = nil
		}
		all := slices.Concat(blocks...)
		slices.Sort(all)
		all = slices.Compact(all) // two words of a name may propose the same
		kept := all[:0]
		for _, proposal := range all {
			visit(i, proposal)
			if last := len(kept) - 1; last >= 0 && kept[last]>>ruleBits == proposal>>ruleBits {
				kept[last]++
			} else {
				kept = append(kept, proposal>>ruleBits<<ruleBits|1)
			}
		}
		p.buckets[i] = kept
	})
	p.open = nil
}
