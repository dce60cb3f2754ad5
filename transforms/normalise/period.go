package normalise

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/fold"
)

var digitRuns = regexp.MustCompile(`\d+`)

// plausible bounds a reporting year.
func plausible(y int) bool { return y >= earliest && y <= 2100 }

// year reads a reporting year: 2020, "Année 2020", or the year of a date.
func (r *reading) year() Value {
	y, whole := r.yearOf()
	if !plausible(y) {
		return r.refuse("year.unreadable")
	}
	if whole {
		r.warn("year.is_date", "year", fmt.Sprint(y))
	}
	return Value{Text: fmt.Sprint(y), Number: float64(y), Date: pipeline.Date{Year: y}, Present: true}
}

// yearOf is the year of the cell, 0 without one, and whether the cell is a whole
// date.
func (r *reading) yearOf() (y int, date bool) {
	y, ok := yearNumber(r.cell.Number)
	switch r.cell.Kind {
	case pipeline.DateCell:
		if !ok {
			return pipeline.SerialDate(r.cell.Number).Year, true
		}
		return y, false
	case pipeline.NumberCell:
		return y, false
	}
	if runs := digitRuns.FindAllString(fold.Digits(r.shown()), -1); len(runs) == 1 && len(runs[0]) == 4 {
		return atoi(runs[0]), false
	}
	return 0, false
}

// schoolYear reads 2019-2020, 2019/20, or the first year alone. An Arabic line
// shows 2020/2019: the order of two neighbouring years can't mislead.
func (r *reading) schoolYear() Value {
	first, ok := r.firstYear()
	if !ok {
		return r.refuse("school_year.unreadable")
	}
	return Value{Text: fmt.Sprintf("%d-%d", first, first+1), Number: float64(first), Date: pipeline.Date{Year: first}, Present: true}
}

func (r *reading) firstYear() (int, bool) {
	text := r.shown()
	switch r.cell.Kind {
	case pipeline.NumberCell:
		text = plain(r.cell.Number)
	case pipeline.DateCell:
		y, ok := yearNumber(r.cell.Number)
		return y, ok
	}
	runs := digitRuns.FindAllString(fold.Digits(text), -1)
	if len(runs) == 1 && len(runs[0]) == 8 {
		runs = []string{runs[0][:4], runs[0][4:]}
	}
	var a, b int
	switch {
	case len(runs) == 1 && len(runs[0]) == 4:
		r.note("note.school_year_alone")
		a, b = atoi(runs[0]), atoi(runs[0])+1
	case len(runs) == 2 && len(runs[0]) == 4 && len(runs[1]) == 4:
		a, b = atoi(runs[0]), atoi(runs[1])
	case len(runs) == 2 && len(runs[0]) == 4 && len(runs[1]) == 2:
		a = atoi(runs[0])
		b = a - a%100 + atoi(runs[1])
	case len(runs) == 2 && len(runs[0]) == 2 && len(runs[1]) == 4:
		b = atoi(runs[1])
		a = b - b%100 + atoi(runs[0])
	case len(runs) == 2 && len(runs[0]) == 2 && len(runs[1]) == 2:
		a, b = 2000+atoi(runs[0]), 2000+atoi(runs[1])
	}
	if a == b+1 {
		a, b = b, a
	}
	return a, b == a+1 && plausible(a)
}

// ordinals are the words and signs for a quarter's number.
var ordinals = func() map[string]int {
	m := map[string]int{}
	for i, words := range [4][]string{
		{"premier", "première", "I", "أول", "الأول", "أولى", "الأولى", "first", "T1", "Q1", "1T", "TR1", "trim1"},
		{"deuxième", "second", "seconde", "II", "ثاني", "الثاني", "ثانية", "الثانية", "T2", "Q2", "2T", "TR2", "trim2"},
		{"troisième", "III", "ثالث", "الثالث", "ثالثة", "الثالثة", "third", "T3", "Q3", "3T", "TR3", "trim3"},
		{"quatrième", "dernier", "IV", "رابع", "الرابع", "رابعة", "الرابعة", "fourth", "T4", "Q4", "4T", "TR4", "trim4"},
	} {
		for _, w := range words {
			m[fold.Key(w)] = i + 1
		}
		for _, suffix := range []string{"", "er", "ere", "e", "eme", "nd", "st", "rd", "th"} {
			m[fmt.Sprint(i+1)+suffix] = i + 1
		}
	}
	return m
}()

// quarterWords may stand around the number.
var quarterWords = keys("trimestre", "trimestres", "trim", "tr", "t", "q", "quarter", "le", "de", "du", "n", "no", "numéro", "année", "الفصل", "فصل", "الربع", "ربع", "رقم", "سنة", "لسنة", "من", "الثلاثي", "ثلاثي", "الثلث", "الأشهر")

// quarter reads 1 to 4, T1, 1er trimestre, Trim. 1, III, الفصل الأول, octobre - décembre; a year beside it
// must be a year, and is the business of the field of that name.
func (r *reading) quarter() Value {
	q := 0
	switch r.cell.Kind {
	case pipeline.NumberCell:
		if n := r.cell.Number; n == math.Trunc(n) && n >= 1 && n <= 4 {
			q = int(n)
		}
	case pipeline.TextCell:
		q = quarterText(r.text)
	}
	if q == 0 {
		return r.refuse("quarter.unreadable")
	}
	return Value{Text: fmt.Sprintf("T%d", q), Number: float64(q), Present: true}
}

func quarterText(text string) int {
	key := fold.Key(text)
	if q := fold.MonthsQuarter(key); q > 0 {
		return q
	}
	q := 0
	for w := range strings.FieldsSeq(key) {
		n, ok := ordinals[w]
		switch {
		case ok && q != 0 && n != q:
			return 0 // "T1 T2"
		case ok:
			q = n
		case quarterWords[w], len(w) == 4 && plausible(atoi(w)):
		default:
			return 0
		}
	}
	return q
}
