package read

import (
	"slices"
	"strconv"
	"strings"

	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/pipeline"
)

// recognised says how a sheet was found when it was not by its own name.
func (u *understanding) recognised(m layout.Match) {
	name := m.Sheet.Name
	if m.How != layout.ByName {
		u.move("sheet.renamed", name, "", "name", m.Guide.Spec.Name)
	}
	if m.Sheet.Hidden {
		u.move("sheet.hidden", name, "")
	}
}

// twins warns of a hidden sheet that is read beside a visible one of its kind: last
// year's list, most often, which nobody sees and everybody counts.
func (u *understanding) twins(lists []layout.Match) {
	for _, m := range lists {
		visible := func(o layout.Match) bool { return o.Guide == m.Guide && !o.Sheet.Hidden }
		if m.Sheet.Hidden && slices.ContainsFunc(lists, visible) {
			other := lists[slices.IndexFunc(lists, visible)].Sheet.Name
			u.issue("sheet.hidden_twin", pipeline.Warning, m.Sheet.Name, "", "", "", "other", other)
		}
	}
}

// columns says what the headers leave open: required columns that are not there,
// two columns for one field, one column for two. A sheet without a data row owes
// nothing.
func (l *listReading) columns() {
	for n := range l.list.Tables {
		t := &l.list.Tables[n]
		unread := l.lookalikes(n, t)
		l.moved(n, t, unread)
		if l.headless(n, t) || !l.hasData(n) {
			continue
		}
		contested := l.conflicts(t)
		for _, f := range l.match.Guide.Missing(t) {
			if !contested[f.Name] {
				l.issue("column.missing", pipeline.Blocking, l.sheet.Name, l.headerCell(t), f.Label.In(l.out.Lang), "", "headers", unknownHeaders(t))
			}
		}
		for i := range l.spec.Fields {
			if f := &l.spec.Fields[i]; f.Expected && t.Of(f.Name) == nil && (f.Instead == "" || t.Of(f.Instead) == nil) && !contested[f.Name] {
				l.issue("column.expected", pipeline.Warning, l.sheet.Name, l.headerCell(t), f.Label.In(l.out.Lang), "", "headers", unknownHeaders(t))
			}
		}
	}
	l.hidden()
}

// headless says of a wide or meeting sheet that none of its columns has a quarter
// or an institution over it: rows under such a header hold figures nobody can
// place.
func (l *listReading) headless(n int, t *layout.Table) bool {
	code := ""
	switch {
	case l.spec.Shape == connectors.Wide:
		code = "columns.no_quarter"
	case l.spec.Row == connectors.MeetingRow:
		code = "columns.no_institution"
	default:
		return false
	}
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Group || c.Institution != "" {
			return false
		}
	}
	for _, r := range l.list.Rows {
		if int(r.Table) == n && r.Kind != layout.Header && r.Kind != layout.Example {
			l.issue(code, pipeline.Blocking, l.sheet.Name, l.headerCell(t), "", "", "headers", unknownHeaders(t))
			return true
		}
	}
	return false
}

func (l *listReading) hasData(table int) bool {
	for _, r := range l.list.Rows {
		if r.Kind == layout.Data && int(r.Table) == table {
			return true
		}
	}
	return false
}

// headerCell is the first cell of a table's header.
func (l *listReading) headerCell(t *layout.Table) string {
	r := l.sheet.Rows[t.Header[len(t.Header)-1]]
	return pipeline.Ref(firstFilled(r), r.Number)
}

// conflicts reports the headers that can be understood in two ways, and returns
// the fields they leave without a column.
func (l *listReading) conflicts(t *layout.Table) map[string]bool {
	contested := map[string]bool{}
	row := l.sheet.Rows[t.Header[len(t.Header)-1]].Number
	for _, c := range t.Conflicts {
		severity := pipeline.Warning
		var labels []string
		for _, i := range c.Fields {
			f := &l.spec.Fields[i]
			labels = append(labels, "« "+f.Label.In(l.out.Lang)+" »")
			if t.Of(f.Name) != nil {
				continue
			}
			contested[f.Name] = true
			if f.Required && (f.Instead == "" || t.Of(f.Instead) == nil) {
				severity = pipeline.Blocking
			}
		}
		at := pipeline.Ref(c.Cols[0], row)
		title := t.Column(c.Cols[0]).Title
		if len(c.Fields) > 1 {
			l.issue("column.ambiguous", severity, l.sheet.Name, at, title, title, "fields", strings.Join(labels, ", "))
			continue
		}
		var cols []string
		for _, col := range c.Cols {
			cols = append(cols, pipeline.ColumnName(col))
		}
		l.issue("column.duplicate", severity, l.sheet.Name, at, title, title, "fields", labels[0], "columns", strings.Join(cols, ", "))
	}
	return contested
}

// moved notes what differs from the template: columns renamed, in another order,
// not understood; a second table.
func (l *listReading) moved(n int, t *layout.Table, unread map[int]bool) {
	row := l.sheet.Rows[t.Header[len(t.Header)-1]].Number
	if n > 0 && !l.sameColumns(t, &l.list.Tables[n-1]) {
		l.move("table.second", l.sheet.Name, l.headerCell(t))
	}
	if n > 0 {
		return
	}
	last, moved := -1, false
	for i := range t.Columns {
		c := &t.Columns[i]
		switch {
		case c.Why == "unknown_column" && unread[c.Col]:
		case c.Why == "unknown_column":
			l.move("column.ignored", l.sheet.Name, pipeline.Ref(c.Col, row), "header", c.Title)
		case c.Field == nil:
		default:
			if c.Strength < layout.Alias {
				l.move("column.renamed", l.sheet.Name, pipeline.Ref(c.Col, row), "header", c.Title, "label", c.Field.Label.In(l.out.Lang))
			}
			at := l.position(c.Field)
			moved = moved || at < last
			last = at
		}
	}
	if moved {
		l.move("columns.moved", l.sheet.Name, l.headerCell(t))
	}
}

func (l *listReading) position(f *connectors.Field) int {
	for i := range l.spec.Fields {
		if &l.spec.Fields[i] == f {
			return i
		}
	}
	return 0
}

// sameColumns reports whether a header only repeats the one above.
func (l *listReading) sameColumns(t, u *layout.Table) bool {
	if len(t.Columns) != len(u.Columns) {
		return false
	}
	for i := range t.Columns {
		if t.Columns[i].Field != u.Columns[i].Field || t.Columns[i].Col != u.Columns[i].Col {
			return false
		}
	}
	return true
}

// unknownHeaders lists the headers nobody understood: the missing column may be
// one of them.
func unknownHeaders(t *layout.Table) string {
	var out []string
	for i := range t.Columns {
		if t.Columns[i].Why == "unknown_column" {
			out = append(out, "« "+t.Columns[i].Title+" »")
		}
	}
	return strings.Join(out, ", ")
}

// others says which rows were taken for another table and not read.
func (l *listReading) others() {
	for i := 0; i < len(l.sheet.Rows); i++ {
		if l.list.Rows[i].Kind != layout.Other {
			continue
		}
		first := l.sheet.Rows[i]
		for i+1 < len(l.sheet.Rows) && l.list.Rows[i+1].Kind == layout.Other {
			i++
		}
		l.move("rows.other_table", l.sheet.Name, pipeline.Ref(firstFilled(first), first.Number),
			"first", strconv.Itoa(first.Number), "last", strconv.Itoa(l.sheet.Rows[i].Number))
	}
}

// hidden notes hidden rows and columns that were read: figures nobody sees.
func (l *listReading) hidden() {
	rows, first := 0, 0
	for i, r := range l.sheet.Rows {
		if r.Hidden && l.list.Rows[i].Kind == layout.Data {
			if rows == 0 {
				first = r.Number
			}
			rows++
		}
	}
	if rows > 0 {
		l.move("rows.hidden", l.sheet.Name, pipeline.Ref(1, first), "count", strconv.Itoa(rows))
	}
	for _, h := range l.sheet.HiddenColumns {
		for i := range l.list.Tables[0].Columns {
			if c := &l.list.Tables[0].Columns[i]; c.Field != nil && h.FirstCol <= c.Col && c.Col <= h.LastCol {
				l.move("column.hidden", l.sheet.Name, l.headerCell(&l.list.Tables[0]), "header", c.Title)
			}
		}
	}
}
