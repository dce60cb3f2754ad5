package receipt

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/wording"
)

// phrase is a text in the page's language, with its French below when the page is
// bilingual.
type phrase struct {
	main   string
	french string
}

func (p phrase) empty() bool { return p.main == "" && p.french == "" }

// plus puts more text after a phrase, language by language.
func (p phrase) plus(separator string, q phrase) phrase {
	if q.empty() {
		return p
	}
	out := phrase{main: p.main + separator + q.main}
	if p.french != "" {
		out.french = p.french + separator + q.french
	}
	return out
}

// voice is the language of an answer.
type voice struct{ lang string }

func voiceOf(lang string) voice {
	switch lang {
	case "ar", "en":
		return voice{lang}
	}
	return voice{"fr"}
}

func (v voice) bilingual() bool { return v.lang == "ar" }

// both makes a phrase of what say gives in a language.
func (v voice) both(say func(lang string) string) phrase {
	p := phrase{main: say(v.lang)}
	if v.bilingual() {
		p.french = say("fr")
	}
	return p
}

// say is a text of the catalogue; args alternates names and values.
func (v voice) say(key string, args ...any) phrase {
	return v.both(func(lang string) string { return wording.Text(lang, key, fill(lang, args)) })
}

// fill makes the arguments of a text: a time or an Other's date is written as the
// language writes dates.
func fill(lang string, args []any) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		name := args[i].(string)
		switch value := args[i+1].(type) {
		case time.Time:
			m[name] = dateTime(lang, value)
		case pipeline.Severity:
			m[name] = capital(wording.Text(lang, "severity."+string(value), nil))
		case *float64:
			m[name] = value1(lang, value, "")
		default:
			m[name] = fmt.Sprint(value)
		}
	}
	return m
}

func dateTime(lang string, t time.Time) string {
	return wording.Text(lang, "receipt.date", map[string]string{
		"day": t.Format("02"), "month": t.Format("01"), "year": t.Format("2006"), "hour": t.Format("15"), "minute": t.Format("04"),
	})
}

func (v voice) text(t pipeline.Text) phrase {
	return v.both(func(lang string) string { return t.In(lang) })
}

func (v voice) period(p pipeline.Period) phrase {
	if p.IsZero() {
		return v.say("receipt.fact.unknown")
	}
	key := "receipt.period.year"
	if p.Quarter > 0 {
		key = "receipt.period.q" + strconv.Itoa(p.Quarter)
	}
	return v.say(key, "year", p.Year)
}

// value is a figure as people write it; a nil one is "not reported".
func (v voice) value(f *float64, unit string) phrase {
	return v.both(func(lang string) string { return value1(lang, f, unit) })
}

func value1(lang string, f *float64, unit string) string {
	if f == nil {
		return wording.Text(lang, "receipt.missing", nil)
	}
	s := figure(lang, *f)
	if unit == "pourcentage" {
		return wording.Text(lang, "receipt.percent", map[string]string{"value": s})
	}
	return s
}

// figure writes 1234.5 as "1 234,5"; in English as "1,234.5".
func figure(lang string, f float64) string {
	group, point := "\u202f", ","
	if lang == "en" {
		group, point = ",", "."
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	sign := ""
	if s[0] == '-' {
		sign, s = "\u2212", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	if fraction != "" {
		whole += point + fraction
	}
	return sign + whole
}

// capital gives a sentence its capital letter.
func capital(s string) string {
	for i, r := range s {
		if i == 0 {
			return strings.ToUpper(string(r)) + s[len(string(r)):]
		}
	}
	return s
}
