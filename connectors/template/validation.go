package template

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"cp3/connectors"
	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// lastRow is how far down the checks of a list reach.
const lastRow = 5000

// check is what Excel does with a range of cells: the list it offers, the values it
// accepts, what it says when a cell is selected and when a value is not accepted.
type check struct {
	book   *book
	col    column
	first  string // the first cell of the range
	dv     *excelize.DataValidation
	prompt string
	rule   func() error // sets what is accepted; nil: anything
}

// check adds the check of a column to a range of its cells.
func (b *book) check(sheet string, col column, first, last string) {
	if col.sum[0] > 0 {
		return // computed
	}
	k := &check{book: b, col: col, first: first, dv: excelize.NewDataValidation(true)}
	k.dv.SetSqref(first + ":" + last)
	if col.field != nil {
		k.prompt = col.field.Help.In(b.lang)
	}
	k.accept()
	if k.rule != nil {
		b.do(k.rule)
	}
	switch {
	case col.field != nil && k.prompt != "":
		k.dv.SetInput(cut(col.label.In(b.lang), 32), cut(k.prompt, 250))
	case k.rule == nil:
		return
	}
	b.do(func() error { return b.f.AddDataValidation(sheet, k.dv) })
}

// accept sets what the column's type accepts.
func (k *check) accept() {
	switch k.col.kind {
	case connectors.SexType, connectors.YesNo, connectors.Nationality, connectors.CodeType, connectors.Locality, connectors.Indicator, connectors.Quarter:
		k.list()
	case connectors.DateType:
		k.help("date")
		k.refuse("date")
		k.between(excelize.DataValidationTypeDate, serial(1990), serial(2100))
	case connectors.BirthDate:
		k.help("birth_date")
		k.question("birth_date")
		// A year, a date as text, or a real date pasted from elsewhere.
		k.formula("OR(LEN(%[1]s)=4,AND(LEN(%[1]s)>=8,LEN(%[1]s)<=10),AND(ISNUMBER(%[1]s),%[1]s>3000))")
	case connectors.Integer, connectors.Decimal, connectors.Percent, connectors.Year:
		k.number()
	case connectors.ICE:
		k.help("ice")
		k.question("ice")
		k.length(15)
	case connectors.SchoolYear:
		k.help("school_year")
		k.question("school_year")
		k.length(9)
	case connectors.DocNumber:
		k.help("document")
	case connectors.Phone:
		k.help("phone")
	case connectors.Institutions:
		k.help("institutions")
	}
}

// help is what the type says when the declaration has nothing of its own to say.
func (k *check) help(key string) {
	if k.prompt == "" {
		k.prompt = k.book.say("prompt." + key)
	}
}

func (k *check) refuse(key string, args ...string) {
	k.dv.SetError(excelize.DataValidationErrorStyleStop, k.book.say("error.title"), k.book.say("error."+key, args...))
}

// question lets the member keep the value all the same.
func (k *check) question(key string) {
	k.dv.SetError(excelize.DataValidationErrorStyleWarning, k.book.say("error.title"), k.book.say("error."+key))
}

// list offers the values of a code list. A closed list refuses others, an open one
// asks whether they are spelt right; a place may be any town.
func (k *check) list() {
	o := k.book.offerOf(k.col.field)
	if o == nil {
		return
	}
	k.rule = func() error { k.dv.SetSqrefDropList(o.name); return nil }
	switch list := k.book.listOf(k.col.field); {
	case k.col.kind == connectors.Locality && list.Name == "region":
		k.help("list")
		k.refuse("list")
	case k.col.kind == connectors.Locality:
		k.help("locality")
		k.dv.ShowErrorMessage = false
	case k.col.kind == connectors.YesNo:
		k.help("yes_no")
		k.refuse("list")
	case k.col.kind == connectors.Indicator && k.col.field.Name == "code":
		k.help("indicator")
		k.question("open_list")
	case list.Open || k.col.kind == connectors.Indicator:
		k.help("open_list")
		k.question("open_list")
	default:
		k.help("list")
		k.refuse("list")
	}
}

func (k *check) number() {
	least, most := 0.0, 1e12
	key, says := "number", "decimal"
	kind := excelize.DataValidationTypeDecimal
	switch k.col.kind {
	case connectors.Integer:
		key, says, kind = "integer", "integer", excelize.DataValidationTypeWhole
	case connectors.Percent:
		key, says, most = "percent", "percent", 100
	case connectors.Year:
		key, says, least, most, kind = "year", "year", 2000, 2099, excelize.DataValidationTypeWhole
	}
	k.help(says)
	if f := k.col.field; f != nil && f.Max != nil {
		most = *f.Max
		if f.Min != nil {
			least = *f.Min
		}
		k.refuse("between", "min", plainNumber(least), "max", plainNumber(most))
	} else {
		k.refuse(key)
	}
	k.between(kind, least, most)
}

func (k *check) between(kind excelize.DataValidationType, least, most float64) {
	k.rule = func() error { return k.dv.SetRange(least, most, kind, excelize.DataValidationOperatorBetween) }
}

func (k *check) length(n int) {
	k.rule = func() error {
		return k.dv.SetRange(n, n, excelize.DataValidationTypeTextLength, excelize.DataValidationOperatorEqual)
	}
}

// formula accepts what a formula on the first cell says.
func (k *check) formula(format string) {
	k.rule = func() error {
		// excelize writes the formula into the XML as it is.
		text := html.EscapeString(fmt.Sprintf(format, k.first))
		return k.dv.SetRange(text, "", excelize.DataValidationTypeCustom, excelize.DataValidationOperatorBetween)
	}
}

func plainNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// serial is the day number of 1 January of a year.
func serial(year int) float64 {
	d := pipeline.Date{Year: year, Month: 1, Day: 1}.Time()
	return d.Sub(pipeline.Date{Year: 1899, Month: 12, Day: 30}.Time()).Hours() / 24
}

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// capital gives a sentence its capital letter.
func capital(s string) string {
	if s == "" {
		return s
	}
	r, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[size:]
}
