package normalise

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// largest is beyond any count or amount a member reports: past it, something
// else was typed.
const largest = 1e12

// number is what a cell holds as a number, before the field's own limits.
type number struct {
	value   float64
	percent bool // said to be a percentage, by "%" or by the cell's format: value is 41 for 41 %
}

// integer reads a count: zero or more, no fraction.
func (r *reading) integer() Value {
	n, v, ok := r.number(true)
	switch {
	case !ok:
		return v
	case n.percent:
		return r.refuse("number.unreadable")
	case n.value < 0:
		return r.refuse("number.negative")
	case n.value != math.Trunc(n.value):
		return r.refuse("number.fraction")
	}
	return r.within(n.value, plain(n.value))
}

// decimal reads an amount or a mark. A percentage is read as its figure: a
// declared rate of "41 %" is 41, like 0.41 formatted to show 41 %.
func (r *reading) decimal() Value {
	n, v, ok := r.number(false)
	if !ok {
		return v
	}
	return r.within(n.value, plain(n.value))
}

// percent reads a rate, 0 to 100 unless the field allows more.
//
// Without a % sign or format, members write both 41 and 0.41 for 41 %: what is
// below 1 is a fraction. For 1 itself nothing tells 1 % from 100 %; it is read
// as 100 %, the end of the scale that fractions are on, and the member is asked.
func (r *reading) percent() Value {
	n, v, ok := r.number(false)
	if !ok {
		return v
	}
	rate := n.value
	switch {
	case n.percent:
	case rate == 1:
		rate = 100
		r.warn("percent.one")
	case rate > 0 && rate < 1:
		rate = round(100 * rate)
		r.note("note.percent_fraction")
	}
	if rate < 0 || r.field.Max == nil && rate > 100 {
		return r.refuse("percent.out_of_range")
	}
	return r.within(rate, plain(rate)+" %")
}

// within applies the field's own limits.
func (r *reading) within(n float64, text string) Value {
	if lo := r.field.Min; lo != nil && n < *lo {
		return r.refuse("number.below_min", "min", plain(*lo))
	}
	if hi := r.field.Max; hi != nil && n > *hi {
		return r.refuse("number.above_max", "max", plain(*hi))
	}
	return Value{Text: text, Number: n, Present: true}
}

// number reads the cell; when it can't, the refused value says so.
func (r *reading) number(whole bool) (number, Value, bool) {
	n := number{value: r.cell.Number}
	switch r.cell.Kind {
	case pipeline.NumberCell:
		if r.cell.Percent {
			n = number{100 * n.value, true}
		}
	case pipeline.DateCell:
		// A small number in a cell that once held dates shows 05/01/1900; a real date is
		// in the wrong column.
		if n.value > 366 {
			return n, r.refuse("number.is_date"), false
		}
		r.note("note.number_shown_as_date")
	case pipeline.TextCell:
		var ok bool
		if n, ok = r.numberText(whole); !ok {
			return n, r.refuse("number.unreadable"), false
		}
	default:
		return n, r.refuse("number.unreadable"), false
	}
	n.value = round(n.value)
	if math.IsNaN(n.value) || math.Abs(n.value) > largest {
		return n, r.refuse("number.unreadable"), false
	}
	return n, Value{}, true
}

// What may follow a number without changing it.
var unit = regexp.MustCompile(`(?i)^(.*\d)\s*(%|٪|dhs?|mad|dirhams?|درهم|درهما|€|eur|euros?|mois|شهر|أشهر|شهرا|personnes?|pers|bénéficiaires?|femmes?|hommes?|jours?|يوم|أيام|ans?|heures?|h)\.?$`)

// Signs that stand for others in numbers typed by hand; an apostrophe separates
// thousands, or forced Excel to keep a text.
var signs = strings.NewReplacer("\u2212", "-", "–", "-", "٫", ",", "٬", " ", "'", " ", "’", " ")

func (r *reading) numberText(whole bool) (number, bool) {
	s := strings.TrimSpace(signs.Replace(fold.Digits(r.text)))
	percent := false
	if rest := strings.TrimLeft(s, "%٪"); rest != s { // as it is typed from right to left
		s = strings.TrimSpace(rest) + "%"
	}
	if m := unit.FindStringSubmatch(s); m != nil {
		s = m[1]
		percent = m[2] == "%" || m[2] == "٪"
		if !percent {
			r.note("note.number_unit")
		}
	}
	n, ok := parseNumber(s, whole)
	if ok {
		r.note("note.number_as_text")
	}
	return number{n, percent}, ok
}

// The ways of writing a number. A comma is a decimal mark, as in French; so is a
// single dot, except that a whole number can only be meant with thousands.
var (
	digitsOnly  = regexp.MustCompile(`^[-+]?\d+$`)
	spaced      = regexp.MustCompile(`^[-+]?\d{1,3}( \d{3})+([.,]\d+)?$`) // 12 500,75
	marked      = regexp.MustCompile(`^[-+]?\d*[.,]\d+$`)                 // 12,5  12.5  ,5
	dotGrouped  = regexp.MustCompile(`^[-+]?\d{1,3}(\.\d{3})+(,\d+)?$`)   // 1.234.567,8
	commaGroups = regexp.MustCompile(`^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$`)   // 1,234,567.8
)

func parseNumber(s string, whole bool) (float64, bool) {
	decimal := func(s string) (float64, bool) {
		f, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
		return f, err == nil
	}
	switch {
	case digitsOnly.MatchString(s):
		return decimal(s)
	case spaced.MatchString(s):
		return decimal(strings.ReplaceAll(s, " ", ""))
	case marked.MatchString(s) && !(whole && grouped(s)):
		return decimal(s)
	case dotGrouped.MatchString(s):
		return decimal(strings.ReplaceAll(s, ".", ""))
	case commaGroups.MatchString(s):
		return decimal(strings.ReplaceAll(s, ",", ""))
	}
	return 0, false
}

// grouped reports "1.234" or "1,234": a mark followed by exactly three digits.
func grouped(s string) bool { return dotGrouped.MatchString(s) || commaGroups.MatchString(s) }

// round drops the dust of binary arithmetic: 0.41 * 100 is 41.
func round(n float64) float64 {
	if math.Abs(n) >= 1e9 { // fine enough as it is, and times a million it would lose its own digits
		return n
	}
	return math.Round(n*1e6) / 1e6
}
