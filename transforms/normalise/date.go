package normalise

import (
	"math"
	"regexp"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

const (
	// oldest is the greatest age, in years, that a birth date may give.
	oldest = 100
	// earliest is the first year a service may have been given in: before it, a
	// year was mistyped.
	earliest = 1990
	// ahead is how many years from today a date may be: an apprenticeship's end.
	ahead = 5
)

// date reads when a service was given, or any other date that isn't a birth's.
func (r *reading) date() Value {
	d, refused, ok := r.readDate()
	if !ok {
		return refused
	}
	last := 2100
	if today := r.env.Today; !today.IsZero() {
		last = today.Year + ahead
	}
	switch p := r.env.Period; {
	case d.Year < earliest || d.Year > last:
		return r.refuse("date.implausible")
	case r.future(d):
		r.warn("date.future")
	case !p.IsZero() && !p.Contains(d) && !(r.field.CarriedOver && d.Compare(p.First()) < 0):
		r.warn("date.outside_period", "first", display(p.First()), "last", display(p.Last()))
	}
	if d.Precision() == pipeline.ByYear {
		r.warn("date.year_only")
	}
	return Value{Text: d.String(), Date: d, Present: true}
}

// birthDate reads a birth date; many people only know the year, and that is fine.
func (r *reading) birthDate() Value {
	if age, ok := r.age(); ok {
		return r.refuse("birth.is_an_age", "age", age)
	}
	d, refused, ok := r.readDate()
	switch today := r.env.Today; {
	case !ok:
		return refused
	case r.future(d):
		return r.refuse("birth.in_future")
	case d.Year < 1900, !today.IsZero() && today.Year-d.Year > oldest:
		return r.refuse("birth.too_old")
	}
	return Value{Text: d.String(), Date: d, Present: true}
}

// age recognises an age typed where a birth date belongs: 25, or "25 ans".
func (r *reading) age() (string, bool) {
	n, ok := r.cell.Number, r.cell.Kind == pipeline.NumberCell
	if r.cell.Kind == pipeline.TextCell {
		if strings.ContainsAny(r.text, "/-") {
			return "", false // a date, most often
		}
		m := years.FindStringSubmatch(fold.Digits(r.text))
		if m == nil {
			return "", false
		}
		n, ok = float64(atoi(m[1])), true
	}
	if !ok || n < 1 || n > oldest || n != math.Trunc(n) {
		return "", false
	}
	return plain(n), true
}

func (r *reading) future(d pipeline.Date) bool {
	return !r.env.Today.IsZero() && d.Compare(r.env.Today) > 0
}

// readDate reads the cell as a date; when it can't, the refused value says so.
func (r *reading) readDate() (pipeline.Date, Value, bool) {
	var d pipeline.Date
	problem := ""
	switch r.cell.Kind {
	case pipeline.DateCell:
		d, problem = r.dateCell()
	case pipeline.NumberCell:
		d, problem = r.numberDate(r.cell.Number)
	case pipeline.TextCell:
		d, problem = r.dateText(r.text)
	default:
		problem = "date.unreadable"
	}
	if problem != "" {
		return d, r.refuse(problem), false
	}
	return d, Value{}, true
}

// dateCell reads a cell that Excel shows as a date. A year typed in such a cell
// becomes a day of 1905, which nobody meant: 2020 shows 12/07/1905.
func (r *reading) dateCell() (pipeline.Date, string) {
	n := r.cell.Number
	if y, ok := yearNumber(n); ok {
		r.warn("date.year_shown_as_date", "year", plain(n))
		return pipeline.Date{Year: y}, ""
	}
	d := pipeline.SerialDate(n)
	if d.IsZero() {
		return d, "date.unreadable"
	}
	return d, ""
}

// numberDate reads a plain number: a year, an Excel serial whose date format was
// lost, or a date typed without separators (31122020).
func (r *reading) numberDate(n float64) (pipeline.Date, string) {
	if y, ok := yearNumber(n); ok {
		return pipeline.Date{Year: y}, ""
	}
	if d := pipeline.SerialDate(n); n > 2100 && n < 100000 && recent(d.Year) {
		r.note("note.date_serial")
		return d, ""
	}
	if n != math.Trunc(n) || n < 1e5 || n >= 1e8 {
		return pipeline.Date{}, "date.unreadable"
	}
	return r.dateText(plain(n))
}

func (r *reading) dateText(text string) (pipeline.Date, string) {
	w := parseDate(text)
	switch {
	case w.problem != "":
		return pipeline.Date{}, w.problem
	case w.serial > 0:
		return r.numberDate(w.serial)
	}
	if w.monthFirst {
		r.warn("date.month_first")
	}
	if w.twoDigits {
		w.date.Year = r.withCentury(w.date)
		r.note("note.two_digit_year")
		if w.date.Day > 0 && !exists(w.date) { // 29/02/00 in 1900
			return pipeline.Date{}, "date.impossible"
		}
	}
	if r.cell.Kind == pipeline.TextCell && w.date.Precision() == pipeline.ByDay && !isoDate(r.text) {
		r.note("note.date_as_text")
	}
	return w.date, ""
}

// yearNumber recognises a year among numbers: serials of those values are days of
// 1905, so nothing is lost.
func yearNumber(n float64) (int, bool) {
	return int(n), n >= 1900 && n <= 2100 && n == math.Trunc(n)
}

// withCentury completes a year of two digits.
func (r *reading) withCentury(d pipeline.Date) int {
	if r.field.Type == connectors.BirthDate {
		return r.birthCentury(d)
	}
	return r.serviceCentury(d)
}

// birthCentury gives a two-digit year the latest century that isn't in the future.
func (r *reading) birthCentury(d pipeline.Date) int {
	today := r.env.Today
	if today.IsZero() {
		today = pipeline.Date{Year: 2029, Month: 12, Day: 31}
	}
	d.Year += 2000
	if d.Compare(today) > 0 {
		return d.Year - 100
	}
	return d.Year
}

// serviceCentury gives a two-digit year the 2000s, unless that is further ahead
// than any service.
func (r *reading) serviceCentury(d pipeline.Date) int {
	last := 2049 // as Excel does
	if today := r.env.Today; !today.IsZero() {
		last = today.Year + 2*ahead
	}
	if d.Year+2000 > last {
		return d.Year + 1900
	}
	return d.Year + 2000
}

// display is a date as members write it.
func display(d pipeline.Date) string {
	return d.French()
}

// isoDate reports a text of the form 2020-12-31.
func isoDate(s string) bool {
	return len(s) == 10 && s[4] == '-' && s[7] == '-' && isDigits(s[:4]) && isDigits(s[5:7]) && isDigits(s[8:])
}

// isDigits reports that a text is made of ASCII digits alone.
func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

var years = regexp.MustCompile(`(?i)^(\d{1,3})\s*(?:ans?|années?|years?( old)?|سنة|سنوات|عاما?)?\.?$`)
