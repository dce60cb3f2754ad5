package read

import (
	"slices"
	"strconv"
	"strings"

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
	for i := range l.spec.Fields { // in the declaration's order, whatever the columns'
		f := &l.spec.Fields[i]
		at, ok := l.row.table.field[f.Name]
		if !ok || !bare && describes[f.Meaning()] {
			continue
		}
		if text := l.row.values[at].Text; text != "" {
			part(f.Name)
			part(text)
		}
	}
	return b.String()
}
