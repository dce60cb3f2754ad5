package template

import (
	"strconv"
	"strings"
	"time"

	"cp3/connectors"
)

// value is a field's value as its cell holds it: a date as a date, a number as a
// number, a code as its drop-down list writes it; nil when there is none. What is
// not understood stays the text it is.
func (b *book) value(f *connectors.Field, text string) any {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	switch f.Type {
	case connectors.DateType:
		if t, ok := day(text); ok {
			return t
		}
	case connectors.BirthDate:
		if t, ok := day(text); ok {
			return t.Format("02/01/2006")
		}
	case connectors.Integer, connectors.Decimal, connectors.Percent, connectors.Year:
		if n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64); err == nil {
			return n
		}
	case connectors.SexType, connectors.YesNo, connectors.Nationality, connectors.CodeType, connectors.Locality, connectors.Indicator:
		return b.inList(f, text)
	}
	return text
}

// day reads a whole date as carried over or given as an example.
func day(text string) (time.Time, bool) {
	for _, form := range []string{"02/01/2006", "2006-01-02"} {
		if t, err := time.Parse(form, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
