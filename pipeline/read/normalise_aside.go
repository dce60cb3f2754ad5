package read

import (
	"slices"
	"strings"

	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/pipeline"
	"cp3/pipeline/fold"
	"cp3/transforms/normalise"
)

// aside accounts for a row that is no record, and speaks up when a member may
// have meant it as one.
func (l *listReading) aside(r pipeline.Row, row layout.Row) {
	l.titled[l.sheet.Name].row(l.account, r, ignored[row.Kind])
	switch row.Kind {
	case layout.Example:
		if t := &l.list.Tables[row.Table]; l.changed(r, t) {
			l.warn("row.example_changed", r.Number, firstFilled(r), "")
		}
	case layout.Note:
		if l.spec.Row != connectors.DeclaredRow { // an indicator nobody reported
			l.loneValue(r, &l.list.Tables[row.Table])
		}
	}
}

// isExample reports whether a row without the mark is the template's example all
// the same, its mark lost with the column N°: every value is the example's.
func (l *listReading) isExample(r pipeline.Row, t *tableIndex) bool {
	if l.marked || len(t.Columns) < 4 {
		return false
	}
	same := 0
	for i, c := range l.cells {
		f := t.Columns[i].Field
		switch {
		case c.IsBlank():
		case f == nil && t.Columns[i].Why != "row_number", f != nil && !l.sameExample(f, c):
			return false
		default:
			same++
		}
	}
	return same >= 4
}

// changed reports whether the template's example row was typed over: most of its
// cells are no longer the example's.
func (l *listReading) changed(r pipeline.Row, t *layout.Table) bool {
	same, other := 0, 0
	l.cells = l.list.Cells(r, t, l.cells)
	for i, c := range l.cells {
		f := t.Columns[i].Field
		switch {
		case f == nil || c.IsBlank():
		case l.sameExample(f, c):
			same++
		default:
			other++
		}
	}
	return other > same
}

// sameExample compares a cell with the declaration's example as values, since the
// template writes dates as dates.
func (l *listReading) sameExample(f *connectors.Field, c pipeline.Cell) bool {
	if f.Example == "" {
		return false
	}
	want, ok := l.examples[f]
	if !ok {
		v, _ := normalise.Field(l.env, f, pipeline.Cell{Kind: pipeline.TextCell, Text: f.Example})
		want = v.Text
		l.examples[f] = want
	}
	v, _ := normalise.Field(l.env, f, c)
	return v.Text == want
}

// loneValue warns about a row whose only value is a name: perhaps a person whose
// line was left unfinished.
func (l *listReading) loneValue(r pipeline.Row, t *layout.Table) {
	col := firstFilled(r)
	c := t.Column(col)
	text := r.Cell(col).Display()
	if c == nil || c.Field == nil || !c.Field.Required || len(strings.Fields(text)) > 2 || strings.ContainsAny(fold.Digits(text), "0123456789") || l.across(r.Number, col) {
		return
	}
	l.warn("row.lone_value", r.Number, col, c.Title)
}

// across reports whether a cell is merged over several columns: a title.
func (l *listReading) across(row, col int) bool {
	return slices.ContainsFunc(l.sheet.Merged, func(m pipeline.Range) bool {
		return m.FirstRow == row && m.FirstCol == col && m.LastCol > m.FirstCol
	})
}

func firstFilled(r pipeline.Row) int {
	for _, c := range r.Cells {
		if !c.IsBlank() {
			return c.Col
		}
	}
	return 1
}
