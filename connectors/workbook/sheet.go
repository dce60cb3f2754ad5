package workbook

import (
	"bytes"
	"errors"
	"slices"
	"strconv"

	"cp3/pipeline"
)

// maxRows is the last row of a sheet in Excel.
const maxRows = 1_048_576

// maxRowText bounds the text of one row, far above what a row of Excel's longest
// texts a person could write holds.
const maxRowText = 32 << 20

// element is what a tag means where it stands. A name that means nothing there,
// and all that is below it, is other.
type element uint8

const (
	other element = iota
	document
	worksheet
	sheetData
	row
	cell
	value
	formula
	inline
	inlineText
	run
	columns
	column
	merges
	merge
)

// childOf says what a tag is, given its parent.
func childOf(parent element, name []byte) element {
	switch parent {
	case document:
		if string(name) == "worksheet" {
			return worksheet
		}
	case worksheet:
		switch string(name) {
		case "sheetData":
			return sheetData
		case "cols":
			return columns
		case "mergeCells":
			return merges
		}
	case sheetData:
		if string(name) == "row" {
			return row
		}
	case row:
		if string(name) == "c" {
			return cell
		}
	case cell:
		switch string(name) {
		case "v":
			return value
		case "f":
			return formula
		case "is":
			return inline
		}
	case inline:
		switch string(name) {
		case "t":
			return inlineText
		case "r":
			return run // a phonetic run, rPh, is other: it repeats the text for the ear
		}
	case run:
		if string(name) == "t" {
			return inlineText
		}
	case columns:
		if string(name) == "col" {
			return column
		}
	case merges:
		if string(name) == "mergeCell" {
			return merge
		}
	}
	return other
}

// sheetReader turns the scanner's tokens into rows.
type sheetReader struct {
	s     *scanner
	nest  nesting
	lim   *Limits
	t     *troubles
	visit func(pipeline.Row) error

	strings *stringTable
	formats []format
	shift   float64 // days to add to a date: 1462 in the 1904 system

	merged []pipeline.Range
	hidden []pipeline.Range // columns

	row    rowState
	cell   cellState
	total  int64 // cells seen in the sheet
	seen   rowSet
	sorted bool // rows came in order so far
	data   bool // sheetData was there
	err    error
}

// rowState is the row being read.
type rowState struct {
	number int
	digits []byte // the number as written in addresses
	hidden bool
	last   int // column of the last cell
	order  bool
	cells  []pipeline.Cell
	texts  []span
	arena  []byte // their texts: one string is made of it when the row ends
	shared []sharedText
}

// span is where a cell's text is in the arena.
type span struct{ cell, from, to int }

// sharedText is which of the shared texts is a cell's. All of a row's are looked up at
// once: one after the other, each would wait for memory.
type sharedText struct{ cell, index int }

// cellState is the cell being read the long way.
type cellState struct {
	col     int
	style   int
	typ     cellType
	typName string // of an unknown type
	formula bool
	inline  bool
	// hasValue: <v> was there, maybe empty.
	hasValue bool
	value    []byte
	text     []byte
	textAt   int // where the present <t> starts in text
	bad      blemish
}

// errStopped ends the reading after a limit; its trouble is recorded.
var errStopped = errors.New("limit reached")

// read goes through the part.
func (r *sheetReader) read() error {
	r.nest.reset(document)
	r.sorted = true
	for r.err == nil {
		if !r.lim.plain {
			r.plainRows()
			if r.err != nil {
				break
			}
		}
		switch r.s.next() {
		case startTag:
			r.open()
		case endTag:
			r.close()
		case textRun:
			r.characters()
		case fault:
			r.malformed()
		case endOfPart:
			return r.finish()
		}
	}
	if errors.Is(r.err, errStopped) {
		return nil
	}
	return r.err
}

// open handles a start tag.
func (r *sheetReader) open() {
	e := childOf(r.nest.top(), r.s.tag)
	if r.nest.depth() == 1 && r.nest.closed || !r.s.attrs.sound() {
		r.malformed() // a second root, or a tag that is no tag
	}
	switch e {
	case sheetData:
		r.data = true
	case row:
		r.openRow(r.s.attrs)
	case cell:
		r.openCell(r.s.attrs)
	case value:
		r.again(&r.cell.hasValue)
	case formula:
		r.cell.formula = true
	case inline:
		r.again(&r.cell.inline)
	case inlineText:
		r.cell.textAt = len(r.cell.text)
	case column:
		r.column(r.s.attrs)
	case merge:
		r.merge(r.s.attrs)
	case other:
		r.foreign()
	}
	if r.s.empty {
		r.nest.pass()
		r.leave(e)
		return
	}
	if !r.nest.push(e, r.s.tag) {
		r.malformed()
		r.err = errStopped
	}
}

// again minds an element that a cell may hold only once.
func (r *sheetReader) again(there *bool) {
	if *there {
		r.malformed()
	}
	*there = true
}

// foreign looks at a tag that means nothing where it stands: cells or rows out of
// their place would be lost with it.
func (r *sheetReader) foreign() {
	switch string(r.s.tag) {
	case "row", "c", "v", "sheetData":
		switch r.nest.top() {
		case worksheet, sheetData, row, cell, value, formula, inline, inlineText:
			r.malformed()
		}
	}
	if r.nest.top() == document {
		r.malformed()
	}
}

// close handles an end tag.
func (r *sheetReader) close() {
	n := r.nest.find(r.s.tag)
	if n != 1 {
		r.malformed()
	}
	for ; n > 0; n-- {
		r.leave(r.nest.pop())
	}
}

// leave acts on the end of an element.
func (r *sheetReader) leave(e element) {
	switch e {
	case inlineText:
		r.cell.text = unescape(r.cell.text, r.cell.textAt)
	case cell:
		r.closeCell()
	case row:
		r.closeRow()
	}
}

// characters handles a text.
func (r *sheetReader) characters() {
	c := &r.cell
	switch r.nest.top() {
	case value:
		c.value = r.keep(c.value)
	case inlineText:
		c.text = r.keep(c.text)
	case document, worksheet, sheetData, row, cell, inline, run, columns, merges:
		if len(bytes.TrimLeft(r.s.text, " \t\r\n")) > 0 {
			r.malformed() // text where only tags may stand
		}
	}
}

// keep appends the text of the token to that of the cell, unless it is too long.
func (r *sheetReader) keep(dst []byte) []byte {
	if len(dst)+len(r.s.text) > maxText {
		r.cell.bad |= cutText
		return dst
	}
	var bad blemish
	if r.s.cdata {
		dst, bad = appendLiteral(dst, r.s.text)
	} else {
		dst, bad = appendText(dst, r.s.text)
	}
	r.cell.bad |= bad
	return dst
}

// finish says how the part ended.
func (r *sheetReader) finish() error {
	var d *damage
	switch {
	case errors.As(r.s.err, &d):
		r.t.block(d.sheetCode(), r.here(), append(d.args, "row", strconv.Itoa(max(1, r.row.number)))...)
	case r.s.err != nil:
		return r.s.err
	case r.nest.depth() > 1:
		r.t.block("workbook.sheet_truncated", r.here(), "row", strconv.Itoa(max(1, r.row.number)))
	case !r.nest.closed || !r.data:
		r.malformed()
	}
	return nil
}

// malformed records that the XML is damaged here. Once for each row is enough.
func (r *sheetReader) malformed() {
	at := r.here()
	if n := len(r.t.list); n > 0 {
		if last := r.t.list[n-1]; last.Code == "workbook.malformed" && last.Cell == at.cell {
			return
		}
	}
	r.t.block("workbook.malformed", at, "row", strconv.Itoa(max(1, r.row.number)), "offset", strconv.FormatInt(r.s.offset(), 10))
}

// here is the place reading has come to.
func (r *sheetReader) here() place {
	if r.row.number == 0 {
		return place{}
	}
	return place{cell: pipeline.Ref(max(r.row.last, 1), r.row.number)}
}

// sheetCode is the code of a damage met in a sheet.
func (d *damage) sheetCode() string {
	switch d.kind {
	case cutShort:
		return "workbook.sheet_truncated"
	case corrupt:
		return "workbook.sheet_damaged"
	}
	return d.code
}

// openRow starts a row. A row without number follows the one before.
func (r *sheetReader) openRow(a attrs) {
	number, given, hidden := r.row.number+1, false, false
	for {
		name, val, ok, _ := a.next()
		if !ok {
			break
		}
		switch string(name) {
		case "r":
			r.again(&given)
			n, valid := decimal(val)
			if !valid || n < 1 || n > maxRows {
				r.t.add("workbook.bad_row", pipeline.Error, rowPlace(number), string(val), "row", strconv.Itoa(number))
				continue
			}
			number = n
		case "hidden":
			hidden = truth(val)
		}
	}
	r.place(number, hidden)
}

// place starts the row of a number, and minds the order.
func (r *sheetReader) place(number int, hidden bool) {
	s := &r.row
	if number > maxRows {
		r.stop("workbook.too_many_rows", maxRows)
		return
	}
	if number <= s.number {
		r.disorder(number)
	}
	r.seen.add(number)
	s.number, s.hidden = number, hidden
	s.digits = strconv.AppendInt(s.digits[:0], int64(number), 10)
	s.last, s.order = 0, true
	s.cells, s.texts, s.arena, s.shared = s.cells[:0], s.texts[:0], s.arena[:0], s.shared[:0]
}

// disorder reports a row that comes after a later one, or a second time.
func (r *sheetReader) disorder(number int) {
	args := []string{"row", strconv.Itoa(number), "after", strconv.Itoa(r.row.number)}
	switch {
	case r.seen.has(number):
		r.t.add("workbook.duplicate_row", pipeline.Error, rowPlace(number), "", args...)
	case r.sorted:
		r.sorted = false
		r.t.add("workbook.rows_out_of_order", pipeline.Warning, place{cell: pipeline.Ref(1, number)}, "", args...)
	}
}

// closeRow delivers the row.
func (r *sheetReader) closeRow() {
	s := &r.row
	if r.err != nil {
		return
	}
	if len(s.texts) > 0 {
		all := string(s.arena)
		for _, t := range s.texts {
			s.cells[t.cell].Text = all[t.from:t.to]
		}
	}
	if r.lookUp(); len(s.cells) == 0 {
		return
	}
	if !s.order {
		r.sortCells()
	}
	r.err = r.visit(pipeline.Row{Number: s.number, Hidden: s.hidden, Cells: s.cells})
}

// lookUp gives cells their shared texts. Those whose text is empty are left out,
// unless a formula made it.
func (r *sheetReader) lookUp() {
	s := &r.row
	blank := false
	for _, t := range s.shared {
		c := &s.cells[t.cell]
		c.Text, _ = r.strings.get(t.index)
		blank = blank || c.Text == "" && !c.Formula
	}
	if blank {
		s.cells = slices.DeleteFunc(s.cells, func(c pipeline.Cell) bool { return c.Kind == pipeline.TextCell && c.Text == "" && !c.Formula })
	}
}

// sortCells puts cells that came in another order where they belong. Of two at
// the same address nobody can say which is right: the row is refused, and the
// first is kept for show.
func (r *sheetReader) sortCells() {
	s := &r.row
	slices.SortStableFunc(s.cells, func(a, b pipeline.Cell) int { return a.Col - b.Col })
	kept := s.cells[:0]
	for _, c := range s.cells {
		if n := len(kept); n > 0 && kept[n-1].Col == c.Col {
			at := place{cell: pipeline.Ref(c.Col, s.number), row: s.number}
			r.t.add("workbook.duplicate_cell", pipeline.Error, at, c.Display(), "first", clip(kept[n-1].Display()))
			continue
		}
		kept = append(kept, c)
	}
	s.cells = kept
}

// column notes a range of hidden columns.
func (r *sheetReader) column(a attrs) {
	var from, to int
	var hide bool
	for {
		name, val, ok, _ := a.next()
		if !ok {
			break
		}
		switch string(name) {
		case "min":
			from, _ = decimal(val)
		case "max":
			to, _ = decimal(val)
		case "hidden":
			hide = hide || truth(val)
		case "width":
			w, ok := number(val)
			hide = hide || ok && w == 0
		}
	}
	if hide && from >= 1 && to >= from && len(r.hidden) < r.lim.Columns {
		r.hidden = append(r.hidden, pipeline.Range{FirstRow: 1, FirstCol: from, LastRow: maxRows, LastCol: to})
	}
}

// merge notes a merged range.
func (r *sheetReader) merge(a attrs) {
	for {
		name, val, ok, _ := a.next()
		if !ok {
			return
		}
		if string(name) != "ref" {
			continue
		}
		rg, err := parseRange(string(val))
		switch {
		case err != nil:
			r.t.add("workbook.bad_merge", pipeline.Warning, place{}, string(val))
		case len(r.merged) >= r.lim.Merges:
			r.t.block("workbook.too_many_merges", place{}, "limit", strconv.Itoa(r.lim.Merges))
			r.err = errStopped
		default:
			r.merged = append(r.merged, rg)
		}
	}
}

// rowSet remembers which rows were seen: a bit each.
type rowSet []uint64

func (s rowSet) has(n int) bool { return n>>6 < len(s) && s[n>>6]&(1<<(n&63)) != 0 }

func (s *rowSet) add(n int) {
	for len(*s) <= n>>6 {
		*s = append(*s, 0)
	}
	(*s)[n>>6] |= 1 << (n & 63)
}
