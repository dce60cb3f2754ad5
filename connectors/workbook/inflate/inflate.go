// Package inflate decompresses DEFLATE (RFC 1951), the compression of the parts
// of a workbook.
//
// It does what compress/flate does, about twice as fast on the XML of sheets,
// which is most of the time it takes to read one. Three things make it so: the
// next bits are kept in a 64-bit word filled by one load, so that a length and
// its distance are decoded without asking for input; a table gives in one look-up
// what a code stands for and how many bits it takes; and the *window*, the last
// 32 KiB that distances may point to, is the output buffer itself, where matches
// are copied sixteen bytes at a time.
//
// A *block* has its own codes. The *fast* loop decodes it while there is room for
// the longest match and input for the longest codes; the *careful* one, a symbol
// at a time, does the rest. A fuzz test checks both against compress/flate.
package inflate

import (
	"encoding/binary"
	"errors"
	"io"
)

// ErrCorrupt is returned for input that is not DEFLATE. Input that stops early
// gives io.ErrUnexpectedEOF.
var ErrCorrupt = errors.New("inflate: corrupt input")

const (
	windowBytes = 32 << 10
	maxMatch    = 258
	slop        = 16 // what copying in steps may write too far
	outBytes    = windowBytes + 96<<10
	inBytes     = 64 << 10
	fastIn      = 24 // input the fast loop wants: three loads
)

// Reader inflates what it reads from another one.
type Reader struct {
	src   io.Reader
	in    []byte
	inPos int
	inEnd int
	inErr error // why no more input comes

	word uint64 // the next bits, lowest first
	have uint   // how many of them are true

	out   []byte
	read  int // out[read:wrote] is to be delivered
	wrote int

	block  blockKind
	last   bool
	stored int // bytes left of a stored block
	lit    table
	dist   table
	err    error
}

type blockKind uint8

const (
	between blockKind = iota
	storedBlock
	codedBlock
)

// NewReader inflates src, reading ahead of what it needs.
func NewReader(src io.Reader) *Reader {
	r := &Reader{in: make([]byte, inBytes), out: make([]byte, outBytes)}
	r.Reset(src)
	return r
}

// Reset starts again on src, with the same buffers.
func (r *Reader) Reset(src io.Reader) {
	r.src, r.inPos, r.inEnd, r.inErr = src, 0, 0, nil
	r.word, r.have = 0, 0
	r.read, r.wrote = 0, 0
	r.block, r.last, r.stored = between, false, 0
	r.err = nil
}

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if r.read == r.wrote {
		if len(p) == 0 {
			return 0, nil
		}
		if r.err == nil {
			r.err = r.produce()
		}
		if r.read == r.wrote {
			return 0, r.err
		}
	}
	n := copy(p, r.out[r.read:r.wrote])
	r.read += n
	return n, nil
}

// produce inflates until the buffer is full or the stream ends.
func (r *Reader) produce() error {
	r.slide()
	for r.room() {
		var err error
		switch r.block {
		case between:
			if r.last {
				return io.EOF
			}
			err = r.header()
		case storedBlock:
			err = r.copyStored()
		case codedBlock:
			r.fast()
			err = r.careful()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// room reports whether the longest match still fits.
func (r *Reader) room() bool { return r.wrote+maxMatch+2+slop <= len(r.out) }

// slide moves the window to the start of the buffer once everything is delivered.
func (r *Reader) slide() {
	if r.wrote > windowBytes {
		copy(r.out, r.out[r.wrote-windowBytes:r.wrote])
		r.wrote = windowBytes
	}
	r.read = r.wrote
}

// header reads the start of a block.
func (r *Reader) header() error {
	v, err := r.take(3)
	if err != nil {
		return err
	}
	r.last = v&1 != 0
	switch v >> 1 {
	case 0:
		return r.storedHeader()
	case 1:
		r.lit.fixedLiterals()
		r.dist.fixedDistances()
	case 2:
		if err := r.dynamicCodes(); err != nil {
			return err
		}
	default:
		return ErrCorrupt
	}
	r.block = codedBlock
	return nil
}

// storedHeader reads the length of a stored block, which starts on a whole byte.
func (r *Reader) storedHeader() error {
	r.drop(r.have & 7)
	n, err := r.take(16)
	if err != nil {
		return err
	}
	inverse, err := r.take(16)
	if err != nil {
		return err
	}
	if n != ^inverse&0xFFFF {
		return ErrCorrupt
	}
	r.stored = int(n)
	r.block = storedBlock
	return nil
}

// copyStored copies what fits of a stored block: first the whole bytes that wait
// in the word, then the input's.
func (r *Reader) copyStored() error {
	for r.stored > 0 && r.have >= 8 && r.wrote < len(r.out) {
		r.out[r.wrote] = byte(r.word)
		r.drop(8)
		r.wrote++
		r.stored--
	}
	for r.stored > 0 && r.room() {
		if r.inPos == r.inEnd && !r.fill() {
			return r.early()
		}
		n := copy(r.out[r.wrote:], r.in[r.inPos:min(r.inEnd, r.inPos+r.stored)])
		r.inPos += n
		r.wrote += n
		r.stored -= n
	}
	if r.stored == 0 {
		r.block = between
	}
	return nil
}

// codeOrder is the order in which the lengths of the code lengths' code come.
var codeOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamicCodes reads the codes of a block.
func (r *Reader) dynamicCodes() error {
	v, err := r.take(14)
	if err != nil {
		return err
	}
	nlit, ndist, ncode := int(v&31)+257, int(v>>5&31)+1, int(v>>10)+4
	if nlit > 286 || ndist > 30 {
		return ErrCorrupt
	}
	var lengths [286 + 30]uint8
	for _, i := range codeOrder[:ncode] {
		v, err := r.take(3)
		if err != nil {
			return err
		}
		lengths[i] = uint8(v)
	}
	if !r.lit.build(lengths[:19], 7, plainEntry) {
		return ErrCorrupt
	}
	clear(lengths[:19])
	if err := r.codeLengths(lengths[:nlit+ndist]); err != nil {
		return err
	}
	if !r.lit.build(lengths[:nlit], litBits, literalEntry) || !r.dist.build(lengths[nlit:nlit+ndist], distBits, distanceEntry) {
		return ErrCorrupt
	}
	return nil
}

// codeLengths reads the lengths of both codes, written with one of their own.
func (r *Reader) codeLengths(lengths []uint8) error {
	for i := 0; i < len(lengths); {
		e, err := r.symbol(&r.lit)
		if err != nil {
			return err
		}
		s := uint8(e >> valueShift)
		if s < 16 {
			lengths[i] = s
			i++
			continue
		}
		var repeat uint8
		var n uint64
		switch s {
		case 16:
			if i == 0 {
				return ErrCorrupt
			}
			repeat = lengths[i-1]
			n, err = r.take(2)
			n += 3
		case 17:
			n, err = r.take(3)
			n += 3
		default:
			n, err = r.take(7)
			n += 11
		}
		if err != nil {
			return err
		}
		if i+int(n) > len(lengths) {
			return ErrCorrupt
		}
		for range n {
			lengths[i] = repeat
			i++
		}
	}
	return nil
}

// take reads n bits, at most 16.
func (r *Reader) take(n uint) (uint64, error) {
	for r.have < n {
		if !r.oneMore() {
			return 0, r.early()
		}
	}
	v := r.word & (1<<n - 1)
	r.drop(n)
	return v, nil
}

func (r *Reader) drop(n uint) {
	r.word >>= n
	r.have -= n
}

// oneMore adds a byte of input to the word.
func (r *Reader) oneMore() bool {
	if r.inPos == r.inEnd && !r.fill() {
		return false
	}
	r.word |= uint64(r.in[r.inPos]) << r.have
	r.have += 8
	r.inPos++
	return true
}

// fill brings input in, behind what is left of it.
func (r *Reader) fill() bool {
	if r.inErr != nil {
		return false
	}
	r.inEnd = copy(r.in, r.in[r.inPos:r.inEnd])
	r.inPos = 0
	for idle := 0; ; idle++ {
		n, err := r.src.Read(r.in[r.inEnd:])
		r.inEnd += n
		if err == nil && n == 0 && idle > 100 {
			err = io.ErrNoProgress
		}
		r.inErr = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
}

// early is the error for input that stops before the stream does.
func (r *Reader) early() error {
	if r.inErr != nil && r.inErr != io.EOF {
		return r.inErr
	}
	return io.ErrUnexpectedEOF
}

// symbol decodes one symbol and drops its bits, but not those that follow it.
func (r *Reader) symbol(t *table) (entry, error) {
	for {
		e := t.find(r.word)
		if n := e.codeLength(); n <= r.have && e != 0 {
			r.drop(n)
			return e, nil
		}
		// Either the code is longer than what is there, or it is no code.
		if r.have >= maxCode {
			return 0, ErrCorrupt
		}
		if !r.oneMore() {
			return 0, r.early()
		}
	}
}

// careful decodes symbols of a block one at a time, until the fast loop can go on,
// the buffer is full or the block ends.
func (r *Reader) careful() error {
	for r.room() {
		if r.inEnd-r.inPos < fastIn {
			r.fill()
		}
		e, err := r.symbol(&r.lit)
		if err != nil {
			return err
		}
		switch {
		case e&isLiteral != 0:
			r.out[r.wrote] = byte(e >> valueShift)
			r.wrote++
			if r.inEnd-r.inPos >= fastIn {
				return nil
			}
			continue
		case e&isSpecial != 0:
			if e>>valueShift != endOfBlock {
				return ErrCorrupt
			}
			r.block = between
			return nil
		}
		length, err := r.extra(e)
		if err != nil {
			return err
		}
		if e, err = r.symbol(&r.dist); err != nil {
			return err
		}
		if e&isSpecial != 0 {
			return ErrCorrupt
		}
		distance, err := r.extra(e)
		if err != nil {
			return err
		}
		if distance > r.wrote {
			return ErrCorrupt
		}
		for range length {
			r.out[r.wrote] = r.out[r.wrote-distance]
			r.wrote++
		}
		if r.inEnd-r.inPos >= fastIn {
			return nil
		}
	}
	return nil
}

// extra is the value of a length or distance entry, with its extra bits.
func (r *Reader) extra(e entry) (int, error) {
	v, err := r.take(e.totalLength() - e.codeLength())
	return int(e>>valueShift) + int(v), err
}

// fast decodes symbols of a block while input and room last. The word may hold
// true bits above have: they are the input's next ones, and are loaded again.
func (r *Reader) fast() {
	in, inPos := r.in[:r.inEnd], r.inPos
	out, wrote := r.out, r.wrote
	word, have := r.word, r.have
	lit, dist := &r.lit, &r.dist
	lastIn, lastOut := len(in)-fastIn, len(out)-(maxMatch+2+slop)
	for inPos <= lastIn && wrote <= lastOut {
		word |= binary.LittleEndian.Uint64(in[inPos:]) << (have & 63)
		inPos += int((63 - have) >> 3)
		have |= 56
		// 56 bits: three literals, or a literal and what follows after one more load.
		e := lit.direct[word&(1<<litBits-1)]
		if e&isLink != 0 {
			e = lit.follow(e, word>>litBits)
		}
		if e&isLiteral != 0 {
			word >>= e.codeLength()
			have -= e.codeLength()
			out[wrote] = byte(e >> valueShift)
			wrote++
			e = lit.direct[word&(1<<litBits-1)]
			if e&isLink != 0 {
				e = lit.follow(e, word>>litBits)
			}
			if e&isLiteral != 0 {
				word >>= e.codeLength()
				have -= e.codeLength()
				out[wrote] = byte(e >> valueShift)
				wrote++
				e = lit.direct[word&(1<<litBits-1)]
				if e&isLink != 0 {
					e = lit.follow(e, word>>litBits)
				}
				if e&isLiteral != 0 {
					word >>= e.codeLength()
					have -= e.codeLength()
					out[wrote] = byte(e >> valueShift)
					wrote++
					continue
				}
			}
			word |= binary.LittleEndian.Uint64(in[inPos:]) << (have & 63)
			inPos += int((63 - have) >> 3)
			have |= 56
		}
		if e == 0 || e&isSpecial != 0 {
			break // the end of the block, or an error: the careful loop will say
		}
		length := int(e>>valueShift) + int(word&(1<<e.totalLength()-1)>>e.codeLength())
		rest, left := word>>e.totalLength(), have-e.totalLength()
		e = dist.direct[rest&(1<<distBits-1)]
		if e&isLink != 0 {
			e = dist.follow(e, rest>>distBits)
		}
		if e == 0 || e&isSpecial != 0 {
			break
		}
		distance := int(e>>valueShift) + int(rest&(1<<e.totalLength()-1)>>e.codeLength())
		if distance > wrote {
			break
		}
		word, have = rest>>e.totalLength(), left-e.totalLength()
		if distance >= slop {
			from, to := out[wrote-distance:wrote], out[wrote:wrote+maxMatch+slop]
			a, b := binary.LittleEndian.Uint64(from), binary.LittleEndian.Uint64(from[8:])
			binary.LittleEndian.PutUint64(to, a)
			binary.LittleEndian.PutUint64(to[8:], b)
			if length > slop {
				copyOn(out[wrote+slop-distance:], out[wrote+slop:], length-slop)
			}
			wrote += length
			continue
		}
		for range length {
			out[wrote] = out[wrote-distance]
			wrote++
		}
	}
	r.inPos, r.wrote = inPos, wrote
	r.word, r.have = word&(1<<have-1), have
}

// copyOn copies n bytes or a little more, in steps, so that to may follow from
// at sixteen bytes or more.
func copyOn(from, to []byte, n int) {
	for ; n > 0 && len(from) >= slop && len(to) >= slop; n -= slop {
		a, b := binary.LittleEndian.Uint64(from), binary.LittleEndian.Uint64(from[8:])
		binary.LittleEndian.PutUint64(to, a)
		binary.LittleEndian.PutUint64(to[8:], b)
		from, to = from[slop:], to[slop:]
	}
}
