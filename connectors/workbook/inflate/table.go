package inflate

import "math/bits"

const (
	litBits    = 11 // bits of the first look-up of a literal or length
	distBits   = 9
	maxCode    = 15
	endOfBlock = 256
)

// entry is what a code stands for. From the low end: 5 bits, its length with its
// extra bits; 3 bits unused; 4 bits, its length alone; 4 bits of flags; 16 bits,
// the literal, or the base of a length or distance. Zero is no code.
//
// The entry of a code longer than the first look-up is a link: its value is where
// its sub-table starts, its total length the bits of the sub-table's index.
type entry uint32

const (
	codeShift  = 8
	valueShift = 16

	isLiteral entry = 1 << 12
	isSpecial entry = 1 << 13 // the end of the block, or a symbol that must not be
	isLink    entry = 1 << 14
)

func (e entry) totalLength() uint { return uint(e & 31) }
func (e entry) codeLength() uint  { return uint(e >> codeShift & 15) }

// table decodes one prefix code.
type table struct {
	direct [1 << litBits]entry // the first look-up
	subs   []entry             // the sub-tables
	first  uint                // bits of the first look-up
}

// find is the entry of the code at the low end of word.
func (t *table) find(word uint64) entry {
	e := t.direct[word&(1<<t.first-1)%uint64(len(t.direct))]
	if e&isLink != 0 {
		e = t.follow(e, word>>t.first)
	}
	return e
}

// follow is the entry a link leads to; word holds the bits behind the first ones.
func (t *table) follow(link entry, word uint64) entry {
	return t.subs[uint64(link>>valueShift)+word&(1<<link.totalLength()-1)]
}

// lengthBase and lengthExtra, distBase and distExtra: RFC 1951, 3.2.5.
var (
	lengthBase  = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtra = [29]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distBase    = [30]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	distExtra   = [30]uint8{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
)

// plainEntry is the meaning of a symbol of the code lengths' code: itself.
func plainEntry(s int) (entry, uint8) { return entry(s) << valueShift, 0 }

func literalEntry(s int) (entry, uint8) {
	switch {
	case s < 256:
		return isLiteral | entry(s)<<valueShift, 0
	case s == endOfBlock || s >= 257+len(lengthBase):
		return isSpecial | entry(s)<<valueShift, 0
	}
	return entry(lengthBase[s-257]) << valueShift, lengthExtra[s-257]
}

func distanceEntry(s int) (entry, uint8) {
	if s >= len(distBase) {
		return isSpecial | entry(s)<<valueShift, 0
	}
	return entry(distBase[s]) << valueShift, distExtra[s]
}

// build makes the table of the canonical code with these lengths; false when
// there is no such code. As compress/flate does, it takes a code without any
// symbol, and one whose only code has one bit.
func (t *table) build(lengths []uint8, first uint, meaning func(int) (entry, uint8)) bool {
	var count, next [maxCode + 1]int
	longest := 0
	for _, n := range lengths {
		count[n]++
		longest = max(longest, int(n))
	}
	count[0] = 0
	code := 0
	for n := 1; n <= longest; n++ {
		code <<= 1
		next[n] = code
		code += count[n]
	}
	if longest > 0 && code != 1<<longest && !(code == 1 && longest == 1) {
		return false
	}
	t.first, t.subs = first, t.subs[:0]
	clear(t.direct[:1<<first])
	for s, n := range lengths {
		if n == 0 {
			continue
		}
		e, extra := meaning(s)
		e |= entry(n)<<codeShift | entry(n+extra)
		t.put(uint(bits.Reverse16(uint16(next[n])))>>(16-n), uint(n), e, uint(longest))
		next[n]++
	}
	return true
}

// put writes an entry at every index its code, bits reversed, is the start of.
func (t *table) put(code, n uint, e entry, longest uint) {
	if n <= t.first {
		for i := code; i < 1<<t.first; i += 1 << n {
			t.direct[i] = e
		}
		return
	}
	link := &t.direct[code&(1<<t.first-1)]
	sub := longest - t.first
	if *link == 0 {
		*link = isLink | entry(len(t.subs))<<valueShift | entry(sub)
		t.subs = append(t.subs, make([]entry, 1<<sub)...)
	}
	to := t.subs[*link>>valueShift:][:1<<sub]
	for i := code >> t.first; i < 1<<sub; i += 1 << (n - t.first) {
		to[i] = e
	}
}

// fixedLiterals and fixedDistances are the codes of RFC 1951, 3.2.6.
func (t *table) fixedLiterals() {
	var lengths [288]uint8
	for i := range lengths {
		switch {
		case i < 144:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		default:
			lengths[i] = 8
		}
	}
	t.build(lengths[:], litBits, literalEntry)
}

func (t *table) fixedDistances() {
	var lengths [32]uint8
	for i := range lengths {
		lengths[i] = 5
	}
	t.build(lengths[:], distBits, distanceEntry)
}
