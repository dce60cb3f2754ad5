package normalise

import (
	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// reading is the understanding of one cell: what is known and what was found so
// far.
type reading struct {
	env      Env
	field    connectors.Field
	cell     pipeline.Cell
	text     string // of a text cell, tidied
	findings []pipeline.Finding
}

// shown is the cell as a person sees it, tidied: what a rule goes by that reads
// more than texts.
func (r *reading) shown() string {
	if r.cell.Kind == pipeline.TextCell {
		return r.text
	}
	return fold.Tidy(r.cell.Display())
}

// note records a correction for the account only, which needs no values: notes are
// as many as cells.
func (r *reading) note(code string) {
	r.findings = append(r.findings, pipeline.Finding{Code: code})
}

// warn records something the member should know; args are name, value, ...
func (r *reading) warn(code string, args ...string) { r.find(code, pipeline.Warning, args) }

// refuse records why the cell can't be used, and gives its value: present, and
// nothing else.
func (r *reading) refuse(code string, args ...string) Value {
	r.find(code, refusal(r.field), args)
	return Value{Present: true, Refused: true}
}

func (r *reading) find(code string, s pipeline.Severity, args []string) {
	m := map[string]string{"value": r.cell.Display()}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	r.findings = append(r.findings, pipeline.Finding{Code: code, Severity: s, Args: m})
}

// refusal is what an unusable value costs. A field that is required, or that
// decides what a row stands for (a service's date, a type of support, a count),
// costs the row. One that describes the person costs itself: a phone nobody can
// read is no reason to leave somebody uncounted.
func refusal(f connectors.Field) pipeline.Severity {
	if f.Required {
		return pipeline.Error
	}
	switch f.Type {
	case connectors.SexType, connectors.BirthDate, connectors.Nationality, connectors.DocNumber, connectors.Phone, connectors.Email,
		connectors.Locality, connectors.Identifier, connectors.ICE, connectors.GivenName, connectors.TextType:
		return pipeline.Warning
	}
	return pipeline.Error
}
