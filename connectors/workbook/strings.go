package workbook

import (
	"bytes"
	"errors"
)

// chunkBytes is how much text of the string table is kept together.
const chunkBytes = 1 << 18

// pageBits is how many places are allocated at a time, as a power of two.
const pageBits = 10

// stringTable holds the shared strings of a book: the texts one after the other
// in chunks, and eight bytes for each to find it, in pages; nothing is ever moved
// to grow. A text that doesn't fit in what remains of a chunk starts the next one;
// one longer than a chunk has its own.
type stringTable struct {
	chunks []string
	pages  []*[1 << pageBits]uint64 // chunk, offset and length of each text
	count  int
	open   []byte // the chunk being filled
	bytes  int64
	cut    bool // entries are missing, which was said once for all
	// mended says which texts could not be read as they are: the trouble is that of
	// the cells that show them. nil when there is none.
	mended map[int]blemish
}

const (
	lengthBits = 20 // a text is shorter than maxText
	offsetBits = 18 // and starts within chunkBytes
)

func (t *stringTable) len() int {
	if t == nil {
		return 0
	}
	return t.count
}

// get returns the i-th text.
func (t *stringTable) get(i int) (string, bool) {
	if t == nil || uint(i) >= uint(t.count) {
		return "", false
	}
	p := t.pages[i>>pageBits][i&(1<<pageBits-1)]
	from := int(p >> lengthBits & (chunkBytes - 1))
	return t.chunks[p>>(lengthBits+offsetBits)][from : from+int(p&(1<<lengthBits-1))], true
}

// add appends a text; it is readable once seal was called.
func (t *stringTable) add(text []byte) {
	if len(t.open) > 0 && len(t.open)+len(text) > chunkBytes {
		t.seal()
	}
	from := len(t.open)
	if from == chunkBytes { // only empty texts come here: their offset must fit
		from = 0
	}
	t.open = append(t.open, text...)
	if t.count>>pageBits == len(t.pages) {
		t.pages = append(t.pages, new([1 << pageBits]uint64))
	}
	t.pages[t.count>>pageBits][t.count&(1<<pageBits-1)] = uint64(len(t.chunks))<<(lengthBits+offsetBits) | uint64(from)<<lengthBits | uint64(len(text))
	t.count++
	t.bytes += int64(len(text))
}

// seal makes a string of the open chunk.
func (t *stringTable) seal() {
	if len(t.open) > 0 || t.count > 0 {
		t.chunks = append(t.chunks, string(t.open))
		t.open = t.open[:0]
	}
}

// stringReader reads the part of the shared strings: an entry is the text of its
// <t> elements, runs of rich text joined, phonetic ones left out.
type stringReader struct {
	s     *scanner
	nest  nesting
	lim   *Limits
	t     *troubles
	part  string
	table *stringTable

	text   []byte
	textAt int
	bad    blemish
	broken bool
	err    error
}

// Elements of the part; they share their type with those of a sheet.
const (
	stringsRoot = merge + 1 + iota
	entry
	entryRun
	entryText
)

func stringChild(parent element, name []byte) element {
	switch parent {
	case document:
		if string(name) == "sst" {
			return stringsRoot
		}
	case stringsRoot:
		if string(name) == "si" {
			return entry
		}
	case entry:
		switch string(name) {
		case "t":
			return entryText
		case "r":
			return entryRun
		}
	case entryRun:
		if string(name) == "t" {
			return entryText
		}
	}
	return other
}

func (r *stringReader) read() error {
	r.nest.reset(document)
	for r.err == nil {
		if r.nest.top() == stringsRoot && !r.lim.plain {
			for r.plainEntry() {
			}
			if r.err != nil {
				break
			}
		}
		switch r.s.next() {
		case startTag:
			r.open()
		case endTag:
			n := r.nest.find(r.s.tag)
			r.broken = r.broken || n != 1
			for ; n > 0; n-- {
				r.leave(r.nest.pop())
			}
		case textRun:
			r.characters()
		case fault:
			r.broken = true
		case endOfPart:
			r.finish()
			return r.err
		}
	}
	r.table.seal()
	r.table.cut = true
	if errors.Is(r.err, errStopped) {
		return nil
	}
	return r.err
}

func (r *stringReader) open() {
	e := stringChild(r.nest.top(), r.s.tag)
	if !r.s.attrs.sound() {
		r.broken = true
	}
	switch e {
	case entry:
		r.text, r.bad = r.text[:0], 0
	case entryText:
		r.textAt = len(r.text)
	case other:
		if string(r.s.tag) == "si" || r.nest.top() == document {
			r.broken = true
		}
	}
	if r.s.empty {
		r.nest.pass()
		r.leave(e)
	} else if !r.nest.push(e, r.s.tag) {
		r.broken = true
		r.err = errStopped
	}
}

func (r *stringReader) leave(e element) {
	switch e {
	case entryText:
		r.text = unescape(r.text, r.textAt)
	case entry:
		r.keep(r.text)
	}
}

// characters takes the text of <t>; elsewhere only white space may stand.
func (r *stringReader) characters() {
	switch r.nest.top() {
	case entryText:
		if len(r.text)+len(r.s.text) >= maxText {
			r.bad |= cutText
			return
		}
		var bad blemish
		if r.s.cdata {
			r.text, bad = appendLiteral(r.text, r.s.text)
		} else {
			r.text, bad = appendText(r.text, r.s.text)
		}
		r.bad |= bad
	case document, stringsRoot, entry, entryRun:
		r.broken = r.broken || len(bytes.TrimLeft(r.s.text, " \t\r\n")) > 0
	}
}

// maxMended is how many texts may be mended before the whole part is refused.
const maxMended = 10_000

// keep adds an entry to the table.
func (r *stringReader) keep(text []byte) {
	if r.bad != 0 {
		r.mend()
	}
	switch {
	case r.table.len() >= r.lim.UniqueStrings:
		r.t.block("workbook.too_many_strings", place{}, "limit", itoa(r.lim.UniqueStrings))
		r.err = errStopped
	case r.table.bytes+int64(len(text)) > r.lim.StringBytes:
		r.t.block("workbook.strings_too_large", place{}, "limit", megabytes(r.lim.StringBytes))
		r.err = errStopped
	default:
		r.table.add(text)
	}
}

// mend notes that the entry is not quite what the file says.
func (r *stringReader) mend() {
	if r.table.mended == nil {
		r.table.mended = map[int]blemish{}
	}
	if len(r.table.mended) < maxMended {
		r.table.mended[r.table.len()] = r.bad
	} else {
		r.broken = true
	}
	r.bad = 0
}

// finish says how the part ended.
func (r *stringReader) finish() {
	r.table.seal()
	var d *damage
	switch {
	case errors.As(r.s.err, &d) && d.kind == beyond:
		r.t.block(d.code, place{}, append(d.args, "part", r.part)...)
	case r.s.err != nil && d == nil:
		r.err = r.s.err
	case d != nil, r.broken, r.nest.depth() > 1, !r.nest.closed:
		r.t.block("workbook.part_damaged", place{}, "part", r.part)
	default:
		return
	}
	r.table.cut = true
}

// plainEntry reads "<si><t>text</t></si>", as sheetReader.plainCell reads a cell.
func (r *stringReader) plainEntry() bool {
	const head, spaced, tail = "<si><t>", `<si><t xml:space="preserve">`, "</t></si>"
	b := r.s.buf[r.s.pos:r.s.end]
	i := len(head)
	switch {
	case bytes.HasPrefix(b, []byte(head)):
	case bytes.HasPrefix(b, []byte(spaced)):
		i = len(spaced)
	default:
		return false
	}
	from := i
	i, ok := plainEnd(b, i)
	if !ok || i+len(tail) > len(b) || string(b[i:i+len(tail)]) != tail {
		return false
	}
	r.keep(b[from:i])
	r.s.pos += i + len(tail)
	return r.err == nil
}
