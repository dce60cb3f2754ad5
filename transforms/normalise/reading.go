package normalise

import (
	"cp3/connectors"
	"cp3/pipeline"
)

// reading is the understanding of one cell: what is known and what was found so
// far.
type reading struct {
	env      Env
	field    connectors.Field
	cell     pipeline.Cell
	text     string // the cell's display, tidied
	findings []pipeline.Finding
}

// note records a correction for the account only.
func (r *reading) note(code string) { r.find(code, "", nil) }

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
