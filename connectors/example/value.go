package example

import (
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"cp3/pipeline"
)

// kind is how a value lies in a cell.
type kind uint8

const (
	empty kind = iota
	text
	number
	serial // a date as Excel keeps it
	computed
	uncomputed // a formula nobody ever calculated
	broken     // #REF!
)

// value is what a clerk puts in a cell.
type value struct {
	kind    kind
	text    string
	number  float64
	date    pipeline.Date
	format  string // number format; "" is General
	formula string
	habits  []Habit
}

func str(s string, h ...Habit) value {
	if s == "" {
		return value{}
	}
	return value{kind: text, text: s, habits: h}
}

func num(n float64) value { return value{kind: number, number: n} }

func whole(n int) value { return num(float64(n)) }

// sum is a formula with its cached value.
func sum(formula string, n int) value {
	return value{kind: computed, formula: formula, number: float64(n), habits: []Habit{CachedFormulas}}
}

// nothing is how a hand writes that there is nothing to write.
func nothing(d *draw, marks []string) value {
	if len(marks) == 0 || d.chance(60) {
		return value{}
	}
	return str(pick(d, marks), BlankMarks)
}

// dateStyle is how a clerk writes days.
type dateStyle uint8

const (
	asSerial     dateStyle = iota
	asSlash                // 31/12/2020
	asShort                // 31-12-20
	asISO                  // 2020-12-31
	asNamed                // 31 déc. 2020
	asMonth                // 12/2020
	asYear                 // 2020
	asArabic               // ٣١/١٢/٢٠٢٠
	asSlashBlank           // 31 / 12 / 2020
	asFormula              // =DATE(2020,12,31)
)

var shortMonths = []string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."}

// written is a date in a style; a date known to the year stays a year.
func written(d pipeline.Date, style dateStyle) value {
	if d.IsZero() {
		return value{}
	}
	switch d.Precision() {
	case pipeline.ByYear:
		return value{kind: number, number: float64(d.Year), habits: []Habit{YearDates}}
	case pipeline.ByMonth:
		style = asMonth
	}
	switch style {
	case asSlash:
		return str(fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year), SlashDates)
	case asSlashBlank:
		return str(fmt.Sprintf("%d / %d / %d", d.Day, d.Month, d.Year), SlashDates)
	case asShort:
		return str(fmt.Sprintf("%02d-%02d-%02d", d.Day, d.Month, d.Year%100), ShortDates)
	case asISO:
		return str(d.String(), ISODates)
	case asNamed:
		return str(fmt.Sprintf("%d %s %d", d.Day, shortMonths[d.Month-1], d.Year), NamedMonths)
	case asMonth:
		return str(fmt.Sprintf("%02d/%04d", d.Month, d.Year), MonthDates)
	case asYear:
		return value{kind: number, number: float64(d.Year), habits: []Habit{YearDates}}
	case asArabic:
		return str(arabicDigits(fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year)), ArabicDigits)
	}
	v := value{kind: serial, date: d, format: "dd/mm/yyyy", habits: []Habit{SerialDates}}
	if style == asFormula {
		v.kind, v.formula = computed, fmt.Sprintf("DATE(%d,%d,%d)", d.Year, d.Month, d.Day)
		v.habits = []Habit{CachedFormulas}
	}
	return v
}

func arabicDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '٠' + r - '0'
		}
		return r
	}, s)
}

// withoutAccents is what a keyboard without accents gives.
func withoutAccents(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if r < 0x300 || r > 0x36f {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// upper is how a title shouts.
func upper(s string) string { return strings.ToUpper(withoutAccents(s)) }
