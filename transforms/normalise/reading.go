package normalise

import (
	"fmt"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// reading is the understanding of one cell: what is known and what was found so
// far.
type reading struct {
	env      Env
	field    *connectors.Field
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
	if l := r.list(); l != nil && outside[code] {
		m[ListArg] = l.Name
	}
	r.findings = append(r.findings, pipeline.Finding{Code: code, Severity: s, Args: m})
}

// outside are the rules that find a value outside its code list: a human may
// decide what it means, so they say which list.
var outside = map[string]bool{
	"code.unknown": true, "code.misspelt": true, "code.unlisted": true, "code.resembles": true,
	"nationality.unknown": true, "nationality.misspelt": true, "region.unknown": true, "region.misspelt": true, "locality.misspelt": true,
	"institutions.unknown": true, "institutions.unreadable": true, "indicator.unknown": true, "indicator.misspelt": true, "sex.unknown": true,
}

// ListArg is the argument of a finding that holds the code list its value is not
// in, and UnknownArg, when only a part of the value is not, that part.
const (
	ListArg    = "list"
	UnknownArg = "unknown"
)

// ReadAs is a finding without severity: the value was read by an approved
// spelling. It has the values "read" (the code's label) and "on" (when it was
// decided), since the member is told of it once.
const ReadAs = "alias.read_as"

// readAs says which of the words of a value that was understood were so thanks to
// somebody's decision.
func (r *reading) readAs(v Value) {
	l := r.list()
	if l == nil || !v.Present || v.Refused {
		return
	}
	texts := []string{r.shown()}
	if r.field.Type == connectors.Institutions {
		texts = institutionEnds.Split(r.cell.Display(), -1)
	}
	for _, t := range texts {
		c, a, ok := l.Approved(t)
		if ok {
			r.findings = append(r.findings, pipeline.Finding{Code: ReadAs,
				Args: map[string]string{"value": fold.Tidy(t), "read": c.LabelLike(t), "on": fmt.Sprintf("%02d/%02d/%04d", a.On.Day, a.On.Month, a.On.Year)}})
		}
	}
}

// refusal is what an unusable value costs. A field that is required, or that
// decides what a row stands for (a service's date, a type of support, a count),
// costs the row. One that describes the person costs itself: a phone nobody can
// read is no reason to leave somebody uncounted.
func refusal(f *connectors.Field) pipeline.Severity {
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
