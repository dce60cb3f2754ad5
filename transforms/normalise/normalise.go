// Package normalise turns what a member typed in one cell into a value of the
// typed model, or says why it can't.
//
// A cell says nothing when it is blank or holds a *marker* of blankness ("-",
// "NR", "néant", "?"): its value isn't present. Otherwise it is used, corrected
// or refused. A correction that changes nothing of what was meant (spaces, a
// number typed as text) is a *note*: a finding without severity, for the
// submission's account only. A correction the member should know about is a
// warning. A value that can't be used is *refused*, and the finding's severity
// says what that costs: the whole row when the value decides what the row stands
// for, or when its field is required; the value alone when it merely describes
// the person (see refusal).
//
// Everything here is pure: the lists, the period and today's date are given.
// Normalising a value's own text gives the same value again.
package normalise

import (
	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// Env is what normalisation knows besides the cell.
type Env struct {
	Lists  map[string]*connectors.CodeList
	Period pipeline.Period // of the file; the zero Period when not known yet
	Today  pipeline.Date   // what "in the future" means; the zero Date: no such check
}

// Value is what a cell says.
type Value struct {
	Text    string            // canonical text: normalising it again gives the same value
	Code    string            // of a code list; "" when an open list doesn't know the text
	Date    pipeline.Date     // of a date, a birth date or a school year (its first year)
	Number  float64           // of a number, percentage (0 to 100), year, quarter (1 to 4), school year (its first)
	Codes   []string          // of institutions
	Attrs   map[string]string // the code's, shared with the list; of a locality: "province" and "region"
	Present bool              // the cell says something
	Refused bool              // it can't be used: only Present is set, and a finding says why
}

// Field reads the cell of a field. Whether a required value is missing is the
// caller's question: a value that isn't present comes without a finding that
// matters.
func Field(env Env, f *connectors.Field, c pipeline.Cell) (Value, []pipeline.Finding) {
	if c.IsBlank() {
		return Value{}, nil
	}
	r := reading{env: env, field: f, cell: c}
	if c.Kind == pipeline.TextCell {
		r.text = fold.Tidy(c.Text)
	}
	v := r.value()
	return v, r.findings
}

// value applies what holds for every type, then the type's own rule.
func (r *reading) value() Value {
	switch {
	case r.cell.Kind == pipeline.EmptyCell:
		// Not blank, so a formula nobody computed: silently empty would lose data the
		// member believes is there. The row waits for it, whatever the field.
		v := r.refuse("formula.not_computed")
		r.findings[len(r.findings)-1].Severity = pipeline.Error
		return v
	case r.cell.Kind == pipeline.ErrorCell:
		return r.refuse("cell.error")
	case r.saysNothing():
		r.note("note.blank_marker")
		return Value{}
	}
	v := r.rule()
	if r.cell.Kind == pipeline.TextCell && r.text != r.cell.Text && v.Present && !v.Refused {
		r.note("note.trimmed")
	}
	r.readAs(v)
	return v
}

// rule is the rule of the field's type: one function each. A type added later is
// kept as it is written until it has one.
func (r *reading) rule() Value {
	switch r.field.Type {
	case connectors.FamilyName, connectors.GivenName, connectors.FullName:
		return r.name()
	case connectors.SexType:
		return r.sex()
	case connectors.BirthDate:
		return r.birthDate()
	case connectors.DateType:
		return r.date()
	case connectors.Nationality:
		return r.nationality()
	case connectors.CodeType:
		return r.code()
	case connectors.DocNumber:
		return r.document()
	case connectors.Phone:
		return r.phone()
	case connectors.Email:
		return r.email()
	case connectors.Locality:
		return r.locality()
	case connectors.YesNo:
		return r.yesNo()
	case connectors.Integer:
		return r.integer()
	case connectors.Decimal:
		return r.decimal()
	case connectors.Percent:
		return r.percent()
	case connectors.Identifier:
		return r.identifier()
	case connectors.ICE:
		return r.ice()
	case connectors.Year:
		return r.year()
	case connectors.Quarter:
		return r.quarter()
	case connectors.SchoolYear:
		return r.schoolYear()
	case connectors.Institutions:
		return r.institutions()
	case connectors.Indicator:
		return r.indicator()
	}
	return r.plainText()
}

// plainText keeps what is written.
func (r *reading) plainText() Value { return Value{Text: r.shown(), Present: true} }
