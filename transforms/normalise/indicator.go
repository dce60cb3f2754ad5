package normalise

import (
	"fmt"
	"regexp"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// indicatorCode is a code at the beginning of a text that also has a label:
// "Ind. 1.2 : Nombre de ...", "OS 1 - ...".
var indicatorCode = regexp.MustCompile(`(?i)^(?:ind(?:icateur)?|المؤشر|مؤشر)?[\s.:°n]*(os\s*\d|\d\s*[.,]\s*\d)(?:\D|$)`)

// indicator reads an indicator's code or its label.
func (r *reading) indicator() Value {
	l := r.list()
	if c, ok := r.indicatorOf(l); ok {
		return coded(c)
	}
	if near, _ := r.nearest(l); near != "" {
		return r.refuse("indicator.misspelt", "nearest", near)
	}
	return r.refuse("indicator.unknown")
}

func (r *reading) indicatorOf(l *connectors.CodeList) (connectors.Code, bool) {
	switch r.cell.Kind {
	case pipeline.NumberCell:
		return find(l, plain(r.cell.Number))
	case pipeline.DateCell:
		// Excel takes the "2.1" one types for the second of January.
		d := pipeline.SerialDate(r.cell.Number)
		c, ok := find(l, fmt.Sprintf("%d.%d", d.Day, d.Month))
		if ok {
			r.warn("indicator.shown_as_date", "read", c.Code)
		}
		return c, ok
	}
	if c, ok := r.lookUp(l); ok {
		return c, true
	}
	if m := indicatorCode.FindStringSubmatch(fold.Digits(r.shown())); m != nil {
		return find(l, strings.Join(strings.Fields(m[1]), ""))
	}
	return connectors.Code{}, false
}
