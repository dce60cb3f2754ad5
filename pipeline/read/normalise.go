package read

import (
	"slices"

	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/pipeline"
	"cp3/pipeline/fold"
	"cp3/transforms/normalise"
)

// listReading is a list or wide sheet being normalised.
type listReading struct {
	*understanding
	match       layout.Match
	sheet       *layout.Sheet
	list        *layout.ListSheet
	spec        *connectors.Sheet
	account     *sheetAccount
	tally       pipeline.SheetTally
	tables      []tableIndex                 // one for each of list.Tables
	filled      map[string]bool              // fields with a value on some row that was kept
	copies      map[string]int               // rows already on another sheet, by that sheet
	ends        map[int]bool                 // years in which school years of the sheet end
	examples    map[*connectors.Field]string // each field's example, as a value
	marked      bool                         // the template's example row is there, marked as such
	undatedSaid map[string]bool              // date fields without a column, already told
	overs       []pipeline.Declared          // totals over a region, until its provinces are known
	parts       map[regionKey]float64
	cells       []pipeline.Cell // of the row being read, by column of its table
	row         rowReading
}

// rowReading is the row being read.
type rowReading struct {
	pipeline.Origin
	table    *tableIndex
	values   []normalise.Value // by column
	uses     []cellUse         // by column
	services []pipeline.ServiceRecord
	error    string // code of what refuses the row; "" while nothing does
	repeated bool   // it says what another row said
}

type cellUse struct {
	outcome pipeline.Outcome
	reason  string
}

// ignored says why a row that is not data is not read.
var ignored = map[layout.Kind]string{
	layout.Title: "title", layout.Header: "header", layout.Totals: "total_row", layout.Example: "example_row",
	layout.Note: "note", layout.Void: "no_data", layout.Other: "other_table",
}

// list normalises a list or wide sheet: rows become records, cells are accounted
// for.
func (u *understanding) list(m layout.Match) {
	u.recognised(m)
	l := &listReading{
		understanding: u, match: m, sheet: m.Sheet, list: m.List, spec: m.Guide.Spec,
		account: newSheetAccount(m.Sheet.Name), tally: pipeline.SheetTally{Sheet: m.Sheet.Name},
		filled: map[string]bool{}, copies: map[string]int{}, ends: map[int]bool{}, undatedSaid: map[string]bool{}, examples: map[*connectors.Field]string{},
	}
	for i := range l.list.Tables {
		l.tables = append(l.tables, indexOf(&l.list.Tables[i]))
	}
	l.marked = slices.ContainsFunc(l.list.Rows, func(r layout.Row) bool { return r.Kind == layout.Example })
	l.columns()
	l.others()
	l.makeRoom()
	for i, r := range l.sheet.Rows {
		row := l.list.Rows[i]
		if row.Kind != layout.Data {
			l.aside(r, row)
			continue
		}
		l.data(r, &l.tables[row.Table])
	}
	l.regions()
	l.cover()
	l.reportCopies()
	u.accounts[m.Sheet.Name] = l.account.uses()
	u.tallies[m.Sheet.Name] = l.tally
}

// makeRoom reserves what the sheet's rows will take: long lists would otherwise be
// copied again and again as they grow.
func (l *listReading) makeRoom() {
	if l.spec.Row != connectors.PersonRow {
		return
	}
	rows := 0
	for _, r := range l.list.Rows {
		if r.Kind == layout.Data {
			rows++
		}
	}
	l.out.Records.Mentions = slices.Grow(l.out.Records.Mentions, rows)
	l.out.Records.Services = slices.Grow(l.out.Records.Services, rows)
}

// warn records a warning at a cell of the sheet.
func (l *listReading) warn(code string, row, col int, field string, args ...string) {
	value := ""
	if l.row.Row == row {
		value = l.at(col).Display()
	}
	l.issue(code, pipeline.Warning, l.sheet.Name, pipeline.Ref(col, row), field, value, args...)
}

// at is the cell of the row being read at a column number.
func (l *listReading) at(col int) pipeline.Cell {
	if i := l.row.table.at(col); i >= 0 {
		return l.cells[i]
	}
	return pipeline.Cell{Col: col}
}

// data reads one record.
func (l *listReading) data(r pipeline.Row, t *tableIndex) {
	l.cells = l.list.Cells(r, t.Table, l.cells)
	if l.isExample(r, t) {
		l.account.row(r, pipeline.Ignored, ignored[layout.Example])
		return
	}
	l.tally.Read++
	l.row = rowReading{Origin: pipeline.Origin{Sheet: l.sheet.Name, Row: r.Number}, table: t,
		values: l.row.values[:0], uses: l.row.uses[:0], services: l.row.services[:0], error: l.book.refused[l.sheet.Name][r.Number]}
	before := len(l.out.Issues)
	for i, c := range l.cells {
		l.cell(t, i, c)
	}
	if l.spec.Row != connectors.DeclaredRow {
		l.demand()
	}
	kept := l.row.error == "" && l.record()
	switch {
	case l.row.error != "":
		l.tally.Refused++
	case l.row.repeated:
		l.forget(before)
	case kept:
		l.tally.Kept++
		for i := range t.Columns {
			if f := t.Columns[i].Field; f != nil && !t.filled[i] && known(l.row.values[i]) {
				t.filled[i], l.filled[f.Name] = true, true
			}
		}
	}
	l.settle(r, kept)
}

// forget drops what was said of a repeated row, but for its being one: the rest was
// said of the first.
func (l *listReading) forget(before int) {
	kept := l.out.Issues[:before]
	for _, i := range l.out.Issues[before:] {
		if i.Code == "row.duplicate" {
			kept = append(kept, i)
		}
	}
	l.out.Issues = kept
}

// cell normalises one cell of the row.
func (l *listReading) cell(t *tableIndex, i int, c pipeline.Cell) {
	col := &t.Columns[i]
	var v normalise.Value
	use := cellUse{outcome: pipeline.Used}
	switch {
	case col.Field != nil:
		if c.IsBlank() || l.spec.Row == connectors.DeclaredRow && later(col.Field) {
			break
		}
		if said := t.known[i].recall(c); said != nil {
			v = *said
			break
		}
		var findings []pipeline.Finding
		v, findings = normalise.Field(l.env, col.Field, c)
		if col.Field.Type == connectors.DateType && !v.Date.IsZero() && v.Date.Month > 0 {
			l.dated[pipeline.Period{Year: v.Date.Year, Quarter: (int(v.Date.Month) + 2) / 3}]++
		}
		if len(findings) > 0 {
			use = l.findings(v, findings, col, c)
			break
		}
		t.known[i].learn(c, v, col.Field)
	case col.Institution != "" || col.Group:
	default:
		use = cellUse{pipeline.Ignored, col.Why}
	}
	l.row.values, l.row.uses = append(l.row.values, v), append(l.row.uses, use)
}

// findings records what normalisation found in a cell of the row. What a field
// that can be done without costs is its value, not the row.
func (l *listReading) findings(v normalise.Value, findings []pipeline.Finding, col *layout.Column, c pipeline.Cell) cellUse {
	worst := pipeline.Warning
	if col.Field.Required {
		worst = pipeline.Error
	}
	n := len(l.out.Issues)
	use := l.found(v, findings, spot{l.sheet.Name, pipeline.Ref(c.Col, l.row.Row), col.Title, c.Display()}, worst)
	for i := n; i < len(l.out.Issues); i++ {
		if l.out.Issues[i].Severity == pipeline.Error {
			l.out.Issues[i].Row = l.row.Row
			l.refuse(l.out.Issues[i].Code)
		}
	}
	return use
}

// refuse marks the row; the first reason stands.
func (l *listReading) refuse(code string) {
	if l.row.error == "" {
		l.row.error = code
	}
}

// found turns what normalisation found in a cell into issues and says what became
// of the cell. worst is what a value that can't be used costs here, whatever the
// field's type.
func (u *understanding) found(v normalise.Value, findings []pipeline.Finding, at spot, worst pipeline.Severity) cellUse {
	use := cellUse{outcome: pipeline.Used}
	for i, x := range findings {
		use = cellUse{pipeline.Corrected, x.Code}
		refusal := v.Refused && i == len(findings)-1
		if refusal {
			use.outcome = pipeline.Refused
			if x.Severity != pipeline.Error || x.Code != formulaNotComputed || worst == pipeline.Blocking {
				x.Severity = worst
			}
		}
		if x.Code == normalise.ReadAs {
			u.readAs(x, at)
		}
		if x.Severity == "" {
			continue
		}
		x.Args["field"], x.Args["sheet"] = at.title, at.sheet
		u.out.Issues = append(u.out.Issues, pipeline.Issue{Finding: x, Sheet: at.sheet, Cell: at.cell, Field: at.title, Value: at.value})
	}
	return use
}

// readAs tells the member once of a spelling that was read by a decision.
func (u *understanding) readAs(x pipeline.Finding, at spot) {
	key := at.title + "\x00" + fold.Key(x.Args["value"])
	if u.told[key] {
		return
	}
	if u.told == nil {
		u.told = map[string]bool{}
	}
	u.told[key] = true
	u.out.Moves = append(u.out.Moves, pipeline.Issue{Finding: x, Sheet: at.sheet, Cell: at.cell, Field: at.title, Value: at.value})
}

// formulaNotComputed is the one finding that costs the row whatever the field:
// the member believes the value is there.
const formulaNotComputed = "formula.not_computed"

// spot is a cell, for what is said about it.
type spot struct {
	sheet, cell string
	title       string // the field's label, as the member reads it
	value       string // as read
}

// demand says which values the row can't do without are not there.
func (l *listReading) demand() {
	for i := range l.row.table.Columns {
		f := l.row.table.Columns[i].Field
		if f == nil || !f.Required && !f.Expected || l.row.values[i].Present {
			continue
		}
		if f.Instead != "" && l.value(f.Instead).Present {
			continue
		}
		col := &l.row.table.Columns[i]
		if !f.Required {
			l.warn("value.expected", l.row.Row, col.Col, col.Title)
			continue
		}
		l.fail("value.required", col)
	}
}

// fail refuses the row for what is, or is not, in a column.
func (l *listReading) fail(code string, col *layout.Column, args ...string) {
	c := l.at(col.Col)
	l.issue(code, pipeline.Error, l.sheet.Name, pipeline.Ref(col.Col, l.row.Row), col.Title, c.Display(), args...)
	l.out.Issues[len(l.out.Issues)-1].Row = l.row.Row
	l.refuse(code)
}

// settle accounts for the cells of the row.
func (l *listReading) settle(r pipeline.Row, kept bool) {
	for _, c := range r.Cells {
		if c.IsBlank() {
			continue
		}
		i := l.row.table.at(c.Col)
		if i < 0 {
			l.account.add(r.Number, c.Col, "", pipeline.Ignored, "no_header")
			continue
		}
		col, use := &l.row.table.Columns[i], l.row.uses[i]
		name := ""
		if col.Field != nil {
			name = col.Field.Name
		}
		switch {
		case use.outcome == pipeline.Ignored || use.outcome == pipeline.Refused:
		case l.row.error != "":
			use = cellUse{pipeline.Refused, l.row.error}
		case !kept:
			use = cellUse{pipeline.Ignored, "duplicate_row"}
		}
		l.account.add(r.Number, c.Col, name, use.outcome, use.reason)
	}
}

// value is the row's value of a field; an absent one when the sheet has no such
// column.
func (l *listReading) value(field string) normalise.Value {
	if i, ok := l.row.table.field[field]; ok {
		return usable(l.row.values[i])
	}
	return normalise.Value{}
}

// meaning is the row's value of the field that means m; of several, the first
// that is there.
func (l *listReading) meaning(m string) normalise.Value {
	for _, i := range l.row.table.meaning[m] {
		if v := l.row.values[i]; v.Present && !v.Refused {
			return v
		}
	}
	return normalise.Value{}
}

// usable keeps Present of a refused value, and nothing that could be used.
func usable(v normalise.Value) normalise.Value {
	if v.Refused {
		return normalise.Value{Present: true, Refused: true}
	}
	return v
}

// record makes the row's records; false when the row says what another one
// already said.
func (l *listReading) record() bool {
	switch l.spec.Row {
	case connectors.PersonRow:
		return l.person()
	case connectors.CompanyRow:
		return l.company()
	case connectors.MeetingRow:
		return l.meeting()
	case connectors.SessionRow:
		return l.session()
	case connectors.DeclaredRow:
		return l.declared()
	}
	return true
}
