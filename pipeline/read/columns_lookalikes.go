package read

import (
	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/pipeline"
	"cp3/transforms/normalise"
)

// lookalikes warns of columns nobody asked for that seem to be one the sheet lacks: a
// heading like its own, or values of its code list. Read as nothing, they would
// cost the sheet what they say. It returns the columns it speaks of.
//
// Columns the sheet can't do without are asked for by name: see columns.
func (l *listReading) lookalikes(n int, t *layout.Table) map[int]bool {
	told := map[int]bool{}
	for i := range l.spec.Fields {
		f := &l.spec.Fields[i]
		if f.Unlisted || f.Required || f.Expected || t.Of(f.Name) != nil || f.Instead != "" && t.Of(f.Instead) != nil {
			continue
		}
		for j := range t.Columns {
			c := &t.Columns[j]
			if c.Why != "unknown_column" || told[c.Col] || !l.couldBe(n, c, f) {
				continue
			}
			told[c.Col] = true
			row := l.sheet.Rows[t.Header[len(t.Header)-1]].Number
			l.issue("column.unread", pipeline.Warning, l.sheet.Name, pipeline.Ref(c.Col, row), f.Label.In(l.out.Lang), c.Title, "header", c.Title)
			break
		}
	}
	return told
}

// telling are types whose values alone tell what a column holds.
func telling(f *connectors.Field) bool {
	return f.Type == connectors.Nationality || f.Type == connectors.SexType || f.Type == connectors.CodeType
}

// couldBe reports whether an unread column's values are those of a field, and, for
// a field of dates, numbers or texts, which much could be, its heading is akin.
func (l *listReading) couldBe(table int, c *layout.Column, f *connectors.Field) bool {
	if !l.match.Guide.Akin(f, c.Title) && !telling(f) {
		return false
	}
	filled, fit := 0, 0
	for i, r := range l.sheet.Rows {
		if l.list.Rows[i].Kind != layout.Data || int(l.list.Rows[i].Table) != table {
			continue
		}
		cell := r.Cell(c.Col)
		if cell.IsBlank() {
			continue
		}
		filled++
		if v, found := normalise.Field(l.env, f, cell); v.Present && !v.Refused && (v.Code != "" || !telling(f)) && !worth(found) {
			fit++
		}
		if filled == 100 {
			break
		}
	}
	return filled > 0 && 5*fit >= 4*filled
}

// worth reports whether findings hold one that is told.
func worth(found []pipeline.Finding) bool {
	for _, f := range found {
		if f.Severity != "" && f.Code != outsidePeriod {
			return true
		}
	}
	return false
}
