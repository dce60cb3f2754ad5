package read

import (
	"cp3/connectors"
	"cp3/pipeline"
)

// dates checks the row's dates against each other and against the birth date.
// Everything here is a warning: the service is dated as written. Whether a date is
// in the file's period is normalisation's question.
func (l *listReading) dates(birth pipeline.Date) {
	for i := range l.row.table.Columns {
		c := &l.row.table.Columns[i]
		v := l.row.values[i]
		if c.Field == nil || c.Field.Type != connectors.DateType || v.Refused || v.Date.IsZero() {
			continue
		}
		if birth.Year > 0 && v.Date.Year > 0 && v.Date.Compare(birth) < 0 && v.Date.Year <= birth.Year {
			l.warn("date.before_birth", l.row.Row, c.Col, c.Title, "birth", birth.French())
		}
		if c.Field.After == "" {
			continue
		}
		if start := l.value(c.Field.After).Date; !start.IsZero() && before(v.Date, start) {
			l.warn("date.order", l.row.Row, c.Col, c.Title, "other", l.title(c.Field.After), "start", start.French())
		}
	}
}

// before reports whether d is surely before e: with dates known to the month or
// the year, only when no day of d can be e or later.
func before(d, e pipeline.Date) bool {
	last := d.First()
	switch d.Precision() {
	case pipeline.ByYear:
		last = pipeline.Date{Year: d.Year, Month: 12, Day: 31}
	case pipeline.ByMonth:
		last.Day = pipeline.DaysIn(d.Year, d.Month)
	}
	return last.Compare(e) < 0
}
