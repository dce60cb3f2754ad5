package bulletin

import (
	"html/template"
	"math"
	"strconv"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/wording"
)

// speaker says things in one language.
type speaker struct{ lang string }

// say is a text of the catalogue; pairs are name, value, name, value.
func (s speaker) say(key string, pairs ...string) string {
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return wording.Text(s.lang, key, args)
}

// Dir is the direction the language is written in.
func (s speaker) Dir() string {
	if s.lang == "ar" {
		return "rtl"
	}
	return "ltr"
}

// figure writes a value, its percent sign, or that nobody reported it. A number
// keeps its own direction inside an Arabic sentence.
func (s speaker) figure(v *float64, percent bool) template.HTML {
	if v == nil {
		none := s.say("publication.not_reported")
		return template.HTML(`<abbr title="` + template.HTMLEscapeString(s.say("bulletin.not_reported")) + `">` + template.HTMLEscapeString(none) + `</abbr>`)
	}
	text := spaced(*v)
	if percent {
		text += "\u00a0%"
	}
	return template.HTML(`<bdi dir="ltr">` + text + `</bdi>`) // digits, spaces and signs only
}

// secret stands where disclosure control hides a figure.
func (s speaker) secret() template.HTML {
	return template.HTML(`<abbr title="` + template.HTMLEscapeString(s.say("bulletin.secret")) + `">` +
		template.HTMLEscapeString(s.say("publication.secret")) + `</abbr>`)
}

// notApplicable stands where no figure could.
func (s speaker) notApplicable() template.HTML {
	return template.HTML(`<abbr title="` + template.HTMLEscapeString(s.say("bulletin.not_applicable")) + `">` +
		template.HTMLEscapeString(s.say("publication.not_applicable")) + `</abbr>`)
}

// spaced writes a number with at most one decimal, thin spaces between thousands.
func spaced(v float64) string {
	whole, rest, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'f', 1, 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u202f" + whole[i:]
	}
	if rest != "" && rest != "0" {
		whole += "," + rest
	}
	if v < 0 {
		return "−" + whole
	}
	return whole
}

// share is how many percent a part is of a whole; nil without either, or of nobody.
func share(part, whole *float64) *float64 {
	if part == nil || whole == nil || *whole == 0 {
		return nil
	}
	s := math.Round(1000**part / *whole) / 10
	return &s
}

// day is "15 février 2021".
func (s speaker) day(d pipeline.Date) string {
	first := strconv.Itoa(d.Day)
	if d.Day == 1 && s.lang == "fr" {
		first = "1er"
	}
	return first + " " + s.say("publication.month."+strconv.Itoa(d.Month)) + " " + strconv.Itoa(d.Year)
}

// short is "2020" or "T3 2020", for the head of a column.
func (s speaker) short(i Issue) string {
	if i.Quarter == 0 {
		return strconv.Itoa(i.Year)
	}
	return s.say("bulletin.quarter.short", "quarter", strconv.Itoa(i.Quarter), "year", strconv.Itoa(i.Year))
}

// period is "2020" or "3e trimestre 2020".
func (s speaker) period(i Issue) string {
	if i.Quarter == 0 {
		return strconv.Itoa(i.Year)
	}
	return s.say("bulletin.quarter."+strconv.Itoa(i.Quarter), "year", strconv.Itoa(i.Year))
}
