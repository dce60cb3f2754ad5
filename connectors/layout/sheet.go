package layout

import (
	"cmp"
	"slices"

	"cp3/connectors"
	"cp3/pipeline"
)

// Sheet is a worksheet as read.
type Sheet struct {
	Name          string
	Hidden        bool
	Rows          []pipeline.Row // in order, each number once: see Order
	Merged        []pipeline.Range
	HiddenColumns []pipeline.Range

	phrases map[string]*phrase // header texts already prepared
	headers map[*Guide][]int   // where each declaration found its first header: see findHeader
	tables  map[*Guide]Table   // what it made of that: see head
	forms   map[*Guide]*FormSheet
}

// Order puts rows that a writer left out of order where they belong. Of two rows
// with one number the first is kept; the reader has already said so.
func (s *Sheet) Order() {
	byNumber := func(a, b pipeline.Row) int { return cmp.Compare(a.Number, b.Number) }
	if !slices.IsSortedFunc(s.Rows, byNumber) {
		slices.SortStableFunc(s.Rows, byNumber)
	}
	s.Rows = slices.CompactFunc(s.Rows, func(a, b pipeline.Row) bool { return a.Number == b.Number })
}

// Blank reports whether nothing is written on the sheet.
func (s *Sheet) Blank() bool {
	for _, r := range s.Rows {
		for _, c := range r.Cells {
			if !c.IsBlank() {
				return false
			}
		}
	}
	return true
}

// Guide is what is needed to read sheets of one declaration: the declaration, its
// headers, and the institutions that head the columns of a meeting sheet.
type Guide struct {
	Spec         *connectors.Sheet
	matcher      *Matcher
	lists        map[string]*connectors.CodeList
	institutions *connectors.CodeList
	sexes        map[string]pipeline.Sex // folded word of a sub-header
}

// NewGuide prepares a sheet's declaration.
func NewGuide(spec *connectors.Sheet, lists map[string]*connectors.CodeList) *Guide {
	g := &Guide{Spec: spec, matcher: NewMatcher(spec.Fields), lists: lists}
	if spec.Row == connectors.MeetingRow {
		g.institutions = lists["institution"]
	}
	if spec.Row == connectors.MeetingRow || spec.Shape == connectors.Wide {
		g.sexes = sexWords(spec.Wide)
	}
	return g
}

// Column is a column of a table and what it was understood to be.
type Column struct {
	Col      int
	Title    string            // its header, as read
	Field    *connectors.Field // nil when it is no field's
	Strength Strength          // of the match with Field
	Why      string            // why it is read as nothing: "row_number", "unknown_column", "no_header", "conflict", "total_column"

	// On a meeting sheet.
	Institution string
	// On a wide sheet, Group is set; Quarter 0 is the whole year, Year 0 the file's.
	Group         bool
	Year, Quarter int
	// Under an institution or a quarter: whose figure it is; "" on a meeting sheet
	// when one cell holds both.
	Sex pipeline.Sex
}

// meaningful reports whether the column's cells say something to cp3.
func (c *Column) meaningful() bool { return c.Field != nil || c.Institution != "" || c.Group }

// Table is a header and what its columns mean.
type Table struct {
	Header    []int // indexes of its rows in the sheet
	Columns   []Column
	Conflicts []Conflict
	index     []int16 // column number -> 1 + index in Columns
}

// Column returns the column at a column number; nil when the header has none.
func (t *Table) Column(col int) *Column {
	if col < len(t.index) && t.index[col] > 0 {
		return &t.Columns[t.index[col]-1]
	}
	return nil
}

// Of returns the column of a field; nil when the table has none.
func (t *Table) Of(name string) *Column {
	for i := range t.Columns {
		if f := t.Columns[i].Field; f != nil && f.Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

func (t *Table) reindex() {
	slices.SortFunc(t.Columns, func(a, b Column) int { return cmp.Compare(a.Col, b.Col) })
	last := 0
	if n := len(t.Columns); n > 0 {
		last = t.Columns[n-1].Col
	}
	t.index = make([]int16, last+1)
	for i := range t.Columns {
		t.index[t.Columns[i].Col] = int16(i + 1)
	}
}
