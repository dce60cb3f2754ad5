package workbook

import (
	"bytes"
	"unicode/utf8"

	"cp3/pipeline"
)

// headRoom is more than the start tag of a plain cell takes: three letters, seven
// digits, a style and a type. Closer to the end of the buffer, the long way.
const headRoom = 64

// plainRows reads, from where the scanner is, whatever is written the plain way:
// cells, the ends of rows, the starts of the next ones.
func (r *sheetReader) plainRows() {
	for {
		switch r.nest.top() {
		case row:
			for r.plainCell() {
			}
			const end = "</row>"
			b := r.s.buf[r.s.pos:r.s.end]
			if r.err != nil || len(b) < len(end) || string(b[:len(end)]) != end {
				return
			}
			r.s.pos += len(end)
			r.nest.pop()
			r.closeRow()
		case sheetData:
			if r.err != nil || !r.plainRow() {
				return
			}
		default:
			return
		}
	}
}

// plainRow reads the start tag of a row that says its number first.
func (r *sheetReader) plainRow() bool {
	const head = `<row r="`
	b := r.s.buf[r.s.pos:r.s.end]
	if len(b) < headRoom || string(b[:len(head)]) != head {
		return false
	}
	i, number := len(head), 0
	for ; b[i]-'0' < 10 && i < len(head)+7; i++ {
		number = number*10 + int(b[i]-'0')
	}
	if b[i] != '"' || number < 1 || number > maxRows {
		return false
	}
	hidden := false
	for i++; ; {
		name, value, n := plainAttribute(b[i:])
		if n == 0 {
			break
		}
		if string(name) == "hidden" {
			hidden = truth(value)
		} else if string(name) == "r" {
			return false
		}
		i += n
	}
	if i == len(b) || b[i] != '>' {
		return false
	}
	r.s.pos += i + 1
	r.place(number, hidden)
	r.nest.push(row, rowName)
	return true
}

var rowName = []byte("row")

// plainAttribute reads ` name="value"` and says how many bytes it takes; 0 when
// there is nothing of the kind.
func plainAttribute(b []byte) (name, value []byte, n int) {
	if len(b) == 0 || b[0] != ' ' {
		return nil, nil, 0
	}
	i := 1
	for i < len(b) && (nameStart(b[i]) || b[i] == ':' || b[i]-'0' < 10) {
		i++
	}
	if i == 1 || i+1 >= len(b) || b[i] != '=' || b[i+1] != '"' {
		return nil, nil, 0
	}
	from := i + 2
	for i = from; i < len(b) && b[i] != '"'; i++ {
		if b[i] == '<' || b[i] < ' ' {
			return nil, nil, 0
		}
	}
	if i == len(b) {
		return nil, nil, 0
	}
	return b[1 : from-2], b[from:i], i + 1
}

// plainCell reads the next cell when it is written the way nearly all cells are,
//
//	<c r="B7" s="3" t="s"><v>12</v></c>
//
// wholly in the buffer and without anything to mend. Otherwise it returns false
// having changed nothing, and the scanner reads the same bytes the long way.
func (r *sheetReader) plainCell() bool {
	b := r.s.buf[r.s.pos:r.s.end]
	if len(b) < headRoom || string(b[:6]) != `<c r="` {
		return false
	}
	col, i := plainRef(b, r.row.digits)
	if i == 0 {
		return false
	}
	style := 0
	if string(b[i:i+4]) == ` s="` {
		from := i + 4
		for i = from; b[i]-'0' < 10 && i-from < 7; i++ {
			style = style*10 + int(b[i]-'0')
		}
		if b[i] != '"' || i == from {
			return false
		}
		i++
	}
	typ := numeric
	if string(b[i:i+4]) == ` t="` {
		var n int
		if typ, n = plainType(b[i+4:]); n == 0 {
			return false
		}
		i += 4 + n
	}
	if string(b[i:i+2]) == "/>" {
		r.claim(col)
		r.s.pos += i + 2
		return r.err == nil
	}
	f := plainFormula(b[i:])
	i += f
	n := 0
	switch typ {
	case numeric:
		n = r.plainNumber(b[i:], col, style, f > 0)
	case shared:
		n = r.plainShared(b[i:], col, f > 0)
	case inlineString:
		n = r.plainInline(b[i:], col)
	case formulaText:
		n = r.plainString(b[i:], col, f > 0)
	case boolean:
		n = r.plainBool(b[i:], col, f > 0)
	}
	if n == 0 {
		return false
	}
	r.s.pos += i + n
	return r.err == nil
}

// plainRef reads the address that starts at b[6] and its closing quote; 0 when
// it is not an upper case column followed by the row's own digits.
func plainRef(b, digits []byte) (col, i int) {
	for i = 6; b[i]-'A' < 26 && i < 9; i++ {
		col = col*26 + int(b[i]-'A') + 1
	}
	if i == 6 || string(b[i:i+len(digits)]) != string(digits) || b[i+len(digits)] != '"' {
		return 0, 0
	}
	return col, i + len(digits) + 1
}

// plainType reads a type and its closing quote, and says how many bytes they take.
func plainType(b []byte) (cellType, int) {
	switch {
	case string(b[:2]) == `s"`:
		return shared, 2
	case string(b[:2]) == `n"`:
		return numeric, 2
	case string(b[:10]) == `inlineStr"`:
		return inlineString, 10
	case string(b[:4]) == `str"`:
		return formulaText, 4
	case string(b[:2]) == `b"`:
		return boolean, 2
	}
	return 0, 0
}

// plainFormula is the length of "><f>A1+B1</f", so that what follows starts with
// '>' again as without a formula; 0 when there is none, or not such a one.
func plainFormula(b []byte) int {
	if len(b) < 4 || string(b[:3]) != "><f" {
		return 0
	}
	i := 3
	for {
		_, _, n := plainAttribute(b[i:])
		if n == 0 {
			break
		}
		i += n
	}
	if i+1 < len(b) && string(b[i:i+2]) == "/>" {
		return i + 1
	}
	if i == len(b) || b[i] != '>' {
		return 0
	}
	n := bytes.IndexByte(b[i:], '<')
	if n < 0 {
		return 0
	}
	i += n
	if i+4 > len(b) || string(b[i:i+4]) != "</f>" {
		return 0
	}
	return i + 3
}

const startOfValue, endOfValue = "><v>", "</v></c>"

// starts reports whether b starts with "><v>".
func starts(b []byte) bool { return len(b) >= 4 && string(b[:4]) == startOfValue }

// plainNumber, like its sisters, reads "><v>12.5</v></c>", delivers the cell and
// says how many bytes it took; 0 when it has another shape.
func (r *sheetReader) plainNumber(b []byte, col, style int, formula bool) int {
	if !starts(b) {
		return 0
	}
	if style != 0 && style >= len(r.formats) {
		return 0
	}
	f, n := leadingNumber(b[len(startOfValue):])
	i := len(startOfValue) + n
	if n == 0 || i+len(endOfValue) > len(b) || string(b[i:i+len(endOfValue)]) != endOfValue {
		return 0
	}
	r.claim(col)
	r.putNumber(col, style, f, formula)
	return i + len(endOfValue)
}

func (r *sheetReader) plainShared(b []byte, col int, formula bool) int {
	if !starts(b) {
		return 0
	}
	i, index := 4, 0
	for ; i < len(b) && b[i]-'0' < 10 && i < 13; i++ {
		index = index*10 + int(b[i]-'0')
	}
	if i == 4 || i+len(endOfValue) > len(b) || string(b[i:i+len(endOfValue)]) != endOfValue {
		return 0
	}
	if index >= r.strings.len() || r.strings.mended != nil {
		return 0
	}
	r.claim(col)
	s := &r.row
	s.shared = append(s.shared, sharedText{len(s.cells), index})
	r.put(pipeline.Cell{Col: col, Kind: pipeline.TextCell, Formula: formula})
	return i + len(endOfValue)
}

// plainInline reads "><is><t>text</t></is></c>".
func (r *sheetReader) plainInline(b []byte, col int) int {
	const head, spaced, tail = "><is><t>", `><is><t xml:space="preserve">`, "</t></is></c>"
	switch {
	case len(b) > len(head) && string(b[:len(head)]) == head:
		return r.plainText(b, len(head), tail, col, false)
	case len(b) > len(spaced) && string(b[:len(spaced)]) == spaced:
		return r.plainText(b, len(spaced), tail, col, false)
	}
	return 0
}

// plainString reads "><v>text</v></c>".
func (r *sheetReader) plainString(b []byte, col int, formula bool) int {
	if !starts(b) {
		return 0
	}
	return r.plainText(b, len(startOfValue), endOfValue, col, formula)
}

// plainBool reads "><v>1</v></c>".
func (r *sheetReader) plainBool(b []byte, col int, formula bool) int {
	const length = len(startOfValue) + 1 + len(endOfValue)
	if len(b) < length || !starts(b) || b[4]-'0' > 1 || string(b[5:length]) != endOfValue {
		return 0
	}
	r.claim(col)
	r.put(pipeline.Cell{Col: col, Kind: pipeline.BoolCell, Number: float64(b[4] - '0'), Formula: formula})
	return length
}

// plainText delivers the text that starts at b[i] and goes up to tail, when it
// stands for itself: no entity, no escape, proper UTF-8.
func (r *sheetReader) plainText(b []byte, i int, tail string, col int, formula bool) int {
	from := i
	i, ok := plainEnd(b, i)
	if !ok || i+len(tail) > len(b) || string(b[i:i+len(tail)]) != tail {
		return 0
	}
	r.claim(col)
	r.putText(pipeline.TextCell, col, b[from:i], formula)
	return i + len(tail)
}

// plainEnd finds the '<' that ends the text at b[i]; false when there is none, or
// when the text doesn't stand for itself.
func plainEnd(b []byte, i int) (int, bool) {
	from := i
	var seen uint8
	for ; i < len(b); i++ {
		k := class[b[i]]
		if k == stop {
			ok := seen&(special|underline) == 0 && i-from < maxText && (seen&high == 0 || utf8.Valid(b[from:i]))
			return i, ok
		}
		seen |= k
	}
	return i, false
}
