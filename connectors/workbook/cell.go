package workbook

import (
	"strconv"

	"cp3/pipeline"
)

// cellType is the t attribute of a cell.
type cellType uint8

const (
	numeric cellType = iota
	shared
	formulaText
	inlineString
	boolean
	errorValue
	isoDate
	unknownType
)

// typeOf reads a t attribute.
func typeOf(name []byte) cellType {
	switch string(name) {
	case "n", "":
		return numeric
	case "s":
		return shared
	case "str":
		return formulaText
	case "inlineStr":
		return inlineString
	case "b":
		return boolean
	case "e":
		return errorValue
	case "d":
		return isoDate
	}
	return unknownType
}

// openCell starts a cell, the long way. Without an address it stands right of
// the one before.
func (r *sheetReader) openCell(a attrs) {
	c := &r.cell
	*c = cellState{value: c.value[:0], text: c.text[:0]}
	col, given := r.row.last+1, [3][]byte{}
	for {
		name, val, ok, _ := a.next()
		if !ok {
			break
		}
		switch string(name) {
		case "r":
			r.once(&given[0], val)
		case "s":
			r.once(&given[1], val)
		case "t":
			r.once(&given[2], val)
		}
	}
	if given[0] != nil {
		col = r.address(given[0], col)
	}
	c.typ = typeOf(given[2])
	if c.typ == unknownType {
		c.typName = string(given[2])
	}
	r.claim(col)
	c.col = col
	if len(given[1]) > 0 { // s="" is no style
		n, ok := decimal(given[1])
		if !ok {
			n = -1
		}
		c.style = n
	}
}

// once keeps the first value of an attribute, and minds another.
func (r *sheetReader) once(first *[]byte, val []byte) {
	if *first == nil {
		*first = val
		return
	}
	if string(*first) != string(val) {
		at := place{cell: pipeline.Ref(r.row.last+1, r.row.number), row: r.row.number}
		r.t.add("workbook.duplicate_attribute", pipeline.Error, at, string(val), "first", string(*first))
	}
}

// address reads a cell's address; one that can't be used refuses the row, and
// the cell is delivered where it stands in the file.
func (r *sheetReader) address(ref []byte, next int) int {
	col, row, ok := parseRef(ref)
	switch {
	case !ok || col > r.lim.Columns:
		at := place{cell: pipeline.Ref(next, r.row.number), row: r.row.number}
		r.t.add("workbook.bad_address", pipeline.Error, at, string(ref))
		return next
	case row != r.row.number:
		at := place{cell: pipeline.Ref(col, r.row.number), row: r.row.number}
		r.t.add("workbook.misplaced_cell", pipeline.Error, at, string(ref), "row", strconv.Itoa(r.row.number))
	}
	return col
}

// claim notes that a cell stands at col, and counts it.
func (r *sheetReader) claim(col int) {
	s := &r.row
	if col <= s.last {
		if s.order && col < s.last {
			at := place{cell: pipeline.Ref(col, s.number)}
			r.t.add("workbook.cells_out_of_order", pipeline.Warning, at, "", "after", pipeline.Ref(s.last, s.number))
		}
		s.order = false
	}
	s.last = col
	r.total++
	switch {
	case col > r.lim.Columns || len(s.cells) >= r.lim.Columns:
		r.stop("workbook.too_many_columns", r.lim.Columns)
	case r.total > r.lim.Cells:
		r.stop("workbook.too_many_cells", int(r.lim.Cells))
	case len(s.arena) > maxRowText:
		r.stop("workbook.text_too_long", maxRowText)
	}
}

// stop ends the reading at a limit.
func (r *sheetReader) stop(code string, limit int) {
	if r.err != nil {
		return
	}
	r.t.block(code, r.here(), "limit", strconv.Itoa(limit))
	r.err = errStopped
}

// closeCell delivers a cell read the long way.
func (r *sheetReader) closeCell() {
	c := &r.cell
	if r.err != nil {
		return
	}
	if c.bad != 0 {
		r.blemishes(c.bad, c.col, string(c.value)+string(c.text))
	}
	if c.inline && len(c.text) > 0 || c.typ == inlineString && len(c.value) == 0 {
		r.putText(pipeline.TextCell, c.col, c.text, c.formula)
		return
	}
	if c.typ != formulaText && c.typ != inlineString {
		c.value = trim(c.value)
	}
	if len(c.value) == 0 {
		r.withoutValue()
		return
	}
	r.convert(c.typ, c.col, c.style, c.value, c.formula)
}

// withoutValue delivers what an element without value says: nothing, an empty
// text, or a formula nobody computed.
func (r *sheetReader) withoutValue() {
	c := &r.cell
	switch {
	case !c.formula:
	case c.typ == formulaText:
		r.putText(pipeline.TextCell, c.col, nil, true)
	default:
		r.put(pipeline.Cell{Col: c.col, Formula: true})
	}
}

// blemishes reports what was mended in a cell's text. A cut one refuses the row.
func (r *sheetReader) blemishes(bad blemish, col int, text string) {
	at := place{cell: pipeline.Ref(col, r.row.number)}
	if bad&badCharacter != 0 {
		r.t.add("workbook.bad_character", pipeline.Warning, at, text)
	}
	if bad&badEntity != 0 {
		r.t.add("workbook.bad_entity", pipeline.Warning, at, text)
	}
	if bad&cutText != 0 {
		at.row = r.row.number
		r.t.add("workbook.text_too_long", pipeline.Error, at, text, "limit", strconv.Itoa(maxText))
	}
}

// convert delivers a value of a type. raw holds its characters, trimmed.
func (r *sheetReader) convert(typ cellType, col, style int, raw []byte, formula bool) {
	switch typ {
	case shared:
		r.putShared(col, raw, formula)
	case formulaText, inlineString:
		r.cell.value = unescape(raw, 0)
		r.putText(pipeline.TextCell, col, r.cell.value, formula)
	case errorValue:
		r.putText(pipeline.ErrorCell, col, raw, formula)
	case boolean:
		r.putBool(col, raw, formula)
	case isoDate:
		r.putISODate(col, style, raw, formula)
	case unknownType:
		r.t.add("workbook.bad_type", pipeline.Warning, place{cell: pipeline.Ref(col, r.row.number)}, string(raw), "type", clip(r.cell.typName))
		if f, ok := number(raw); ok {
			r.putNumber(col, style, f, formula)
			return
		}
		r.putText(pipeline.TextCell, col, raw, formula)
	default:
		f, ok := number(raw)
		if !ok {
			r.notA("workbook.bad_number", col, raw, formula)
			return
		}
		r.putNumber(col, style, f, formula)
	}
}

// notA delivers as text a value that isn't what its type says.
func (r *sheetReader) notA(code string, col int, raw []byte, formula bool) {
	r.t.add(code, pipeline.Warning, place{cell: pipeline.Ref(col, r.row.number)}, string(raw))
	r.putText(pipeline.TextCell, col, raw, formula)
}

func (r *sheetReader) putShared(col int, raw []byte, formula bool) {
	i, ok := decimal(raw)
	var s string
	if ok {
		s, ok = r.strings.get(i)
	}
	if !ok {
		// The text is nowhere: an error cell, so that no reader takes it for blank.
		if r.strings == nil || !r.strings.cut {
			at := place{cell: pipeline.Ref(col, r.row.number), row: r.row.number}
			r.t.add("workbook.bad_string", pipeline.Error, at, string(raw), "known", strconv.Itoa(r.strings.len()))
		}
		r.putText(pipeline.ErrorCell, col, []byte("#?"), formula)
		return
	}
	if bad := r.strings.mended[i]; bad != 0 {
		r.blemishes(bad, col, s)
	}
	if s != "" || formula {
		r.put(pipeline.Cell{Col: col, Kind: pipeline.TextCell, Text: s, Formula: formula})
	}
}

func (r *sheetReader) putBool(col int, raw []byte, formula bool) {
	c := pipeline.Cell{Col: col, Kind: pipeline.BoolCell, Formula: formula}
	switch string(raw) {
	case "1", "true", "TRUE":
		c.Number = 1
	case "0", "false", "FALSE":
	default:
		r.notA("workbook.bad_boolean", col, raw, formula)
		return
	}
	r.put(c)
}

func (r *sheetReader) putISODate(col, style int, raw []byte, formula bool) {
	serial, day, ok := isoSerial(string(raw))
	if !ok {
		r.notA("workbook.bad_date", col, raw, formula)
		return
	}
	c := pipeline.Cell{Col: col, Kind: pipeline.DateCell, Number: serial, Formula: formula}
	if !day {
		c.Kind = pipeline.NumberCell
	}
	r.format(style, col) // only to mind a style that doesn't exist
	r.put(c)
}

// putNumber delivers a number, as the date or percentage its style shows.
func (r *sheetReader) putNumber(col, style int, f float64, formula bool) {
	c := pipeline.Cell{Col: col, Kind: pipeline.NumberCell, Number: f, Formula: formula}
	switch r.format(style, col) {
	case dateFormat:
		c.Kind = pipeline.DateCell
		c.Number += r.shift
	case percentFormat:
		c.Percent = true
	}
	r.put(c)
}

// format is what a style shows; a style that doesn't exist shows nothing special.
func (r *sheetReader) format(style, col int) format {
	if uint(style) < uint(len(r.formats)) {
		return r.formats[style]
	}
	if style != 0 {
		r.t.add("workbook.bad_style", pipeline.Warning, place{cell: pipeline.Ref(col, r.row.number)}, strconv.Itoa(style))
	}
	return generalFormat
}

// putText delivers a text held in a buffer that will be used again. An empty one
// is left out, unless a formula made it.
func (r *sheetReader) putText(kind pipeline.CellKind, col int, text []byte, formula bool) {
	if len(text) == 0 && !formula {
		return
	}
	s := &r.row
	from := len(s.arena)
	s.arena = append(s.arena, text...)
	s.texts = append(s.texts, span{len(s.cells), from, len(s.arena)})
	r.put(pipeline.Cell{Col: col, Kind: kind, Formula: formula})
}

func (r *sheetReader) put(c pipeline.Cell) { r.row.cells = append(r.row.cells, c) }

// trim takes white space off both ends.
func trim(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// parseRef reads "AB12"; letters of either case, $ signs tolerated.
func parseRef(b []byte) (col, row int, ok bool) {
	i := 0
	if i < len(b) && b[i] == '$' {
		i++
	}
	letters := i
	for ; i < len(b) && b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z' && i-letters < 4; i++ {
		col = col*26 + int(b[i]|0x20-'a') + 1
	}
	if i < len(b) && b[i] == '$' {
		i++
	}
	row, ok = decimal(b[i:])
	return col, row, ok && col > 0 && row > 0
}

// parseRange reads "A1:C4", or "A1".
func parseRange(s string) (pipeline.Range, error) {
	first, second := s, s
	for i := range s {
		if s[i] == ':' {
			first, second = s[:i], s[i+1:]
			break
		}
	}
	c1, r1, err := pipeline.ParseRef(first)
	if err != nil {
		return pipeline.Range{}, err
	}
	c2, r2, err := pipeline.ParseRef(second)
	if err != nil {
		return pipeline.Range{}, err
	}
	return pipeline.Range{FirstRow: min(r1, r2), FirstCol: min(c1, c2), LastRow: max(r1, r2), LastCol: max(c1, c2)}, nil
}
