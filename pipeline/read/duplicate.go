package read

import (
	"slices"
	"strconv"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// rowAt is a row already read.
type rowAt struct {
	sheet string
	row   int
}

// duplicate reports whether a row says what another row of the file said before
// it; that row is kept, this one isn't. On the same sheet each is told; a sheet
// that repeats another, one line for all.
func (l *listReading) duplicate(key string) bool {
	key = l.spec.Name + "\x00" + key
	first, again := l.seen[key]
	if !again {
		l.seen[key] = rowAt{l.sheet.Name, l.row.Row}
		return false
	}
	l.row.repeated = true
	if first.sheet != l.sheet.Name {
		l.copies[first.sheet]++
		return true
	}
	l.warn("row.duplicate", l.row.Row, firstCell(l.cells), "", "other", strconv.Itoa(first.row))
	return true
}

// reportCopies says how many rows of the sheet were already on another.
func (l *listReading) reportCopies() {
	var sheets []string
	for s := range l.copies {
		sheets = append(sheets, s)
	}
	slices.Sort(sheets)
	for _, s := range sheets {
		l.issue("rows.copied", pipeline.Warning, l.sheet.Name, "", "", "", "count", strconv.Itoa(l.copies[s]), "other", s)
	}
}

// describes are the meanings that describe a person and may differ between two
// statements of the same fact.
var describes = map[string]bool{"nationality": true, "status": true, "doc_type": true, "phone": true, "email": true, "locality": true,
	"family_name": true, "given_name": true, "full_name": true, "sex": true, "birth_date": true, "doc_number": true}

// personKey is what makes two rows the same statement: the person, and all that
// the row says besides. A row that knows nothing of the person but a name is only
// the same as one that agrees on everything.
func (l *listReading) personKey(m pipeline.Mention) string {
	var b strings.Builder
	b.Grow(128)
	part := func(s string) {
		b.WriteString(s)
		b.WriteByte(0)
	}
	part(fold.Key(m.FamilyName))
	part(fold.Key(m.GivenName))
	part(fold.Key(m.FullName))
	part(string(m.Sex))
	part(m.BirthDate.String())
	part(m.DocNumber)
	bare := m.BirthDate.IsZero() && m.DocNumber == ""
	for _, f := range l.row.table.said(l.spec) {
		if !bare && f.describes {
			continue
		}
		if text := l.row.values[f.at].Text; text != "" {
			part(f.name)
			part(text)
		}
	}
	return b.String()
}

// fact is a column of the table as a part of what its rows say.
type fact struct {
	name      string // of the field
	at        int    // the column's index
	describes bool   // the person
}

// said are the facts of a table's rows, in the declaration's order, whatever the
// columns'.
func (x *tableIndex) said(spec *connectors.Sheet) []fact {
	if x.facts == nil {
		for i := range spec.Fields {
			f := &spec.Fields[i]
			if at, ok := x.field[f.Name]; ok {
				x.facts = append(x.facts, fact{f.Name, at, describes[f.Meaning()]})
			}
		}
	}
	return x.facts
}
