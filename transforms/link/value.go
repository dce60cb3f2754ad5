package link

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"cp3/pipeline/fold"
)

// missing are values that stand for the absence of one, whatever the kind.
var missing = map[string]bool{
	"": true, "na": true, "n a": true, "nr": true, "neant": true, "nd": true, "null": true, "none": true, "nan": true, "inconnu": true,
	"inconnue": true, "unknown": true, "x": true, "xx": true, "xxx": true, "ras": true, "non communique": true, "non renseigne": true,
}

// extract makes a raw value ready to be compared; false when nothing of it can be
// used.
func extract(kind Kind, raw string, read dateReader) (form, bool) {
	if kind == GivenName || kind == FamilyName {
		name, ok := formName(raw)
		return form{text: name.letters, name: &name}, ok
	}
	key := fold.Key(raw)
	if missing[key] {
		return form{}, false
	}
	var f form
	switch kind {
	case Date:
		d, ok := read.date(raw)
		return form{text: d.digits, also: int32(d.year)}, ok
	case Address:
		words := strings.Fields(key)
		return form{text: strings.Join(words, ""), other: strings.Join(sortedDistinct(words), "")}, true
	case Locality:
		words, _ := letters(raw)
		return form{text: strings.Join(words, ""), other: bones(words)}, true
	case Identifier, Postcode:
		f.text = code(raw)
	case Phone:
		f.text = phone(raw)
	case Email:
		f.text = email(raw)
		f.other, _, _ = strings.Cut(f.text, "@")
	case Category, Nationality:
		f.text = key
	case Sex:
		f.text = sex(key)
	}
	return f, f.text != ""
}

// code keeps the letters and digits of a document's number; "" for a filler such
// as 000000.
func code(raw string) string {
	s := strings.ToUpper(strings.ReplaceAll(fold.Key(raw), " ", ""))
	if len(s) > 1 && strings.Count(s, s[:1]) == len(s) {
		return ""
	}
	return s
}

// phone keeps the last nine digits, the part that a country's prefix does not
// change; "" for what can't be a number.
func phone(raw string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, fold.Digits(raw))
	s = strings.TrimLeft(s, "0")
	if len(s) > 9 {
		s = s[len(s)-9:]
	}
	if len(s) < 6 || strings.Count(s, s[:1]) == len(s) {
		return ""
	}
	return s
}

func email(raw string) string {
	s := strings.ToLower(strings.Join(strings.Fields(raw), ""))
	if at := strings.Index(s, "@"); at < 1 || at == len(s)-1 {
		return ""
	}
	return s
}

func sex(key string) string {
	switch key {
	case "f", "femme", "female", "woman", "girl", "fille", "feminin", "mme", "mlle", "2", "w", "انثي", "امراه":
		return "F"
	case "h", "m", "homme", "male", "man", "boy", "garcon", "masculin", "mr", "1", "ذكر", "رجل":
		return "H"
	}
	return ""
}

// birthDate is as much of a date as it says. digits is YYYYMMDD; "" when only the
// year is known, which is what 01/01 says too: the day given to those who don't
// know theirs.
type birthDate struct {
	digits string
	year   int
}

// dateReader reads one column's dates.
type dateReader struct {
	layout     string
	monthFirst bool // 12/31/2020
}

// newDateReader finds out, from a column's values, whether months come first.
func newDateReader(layout string, values []string) dateReader {
	r := dateReader{layout: layout}
	if layout != "" {
		return r
	}
	first, second := 0, 0
	for _, v := range values {
		p := dateParts(v)
		if len(p) != 3 || len(p[2]) != 4 {
			continue
		}
		a, b := number(p[0]), number(p[1])
		if a > 12 && b <= 12 {
			first++
		}
		if b > 12 && a <= 12 {
			second++
		}
	}
	r.monthFirst = second > first
	return r
}

func (r dateReader) date(raw string) (birthDate, bool) {
	raw = strings.TrimSpace(fold.Digits(raw))
	if r.layout != "" {
		if t, err := time.Parse(r.layout, raw); err == nil {
			return newBirthDate(t.Year(), int(t.Month()), t.Day())
		}
	}
	if t := strings.IndexAny(raw, "T "); t == 10 {
		raw = raw[:t] // a time of day
	}
	p := dateParts(raw)
	switch {
	case len(p) == 3 && len(p[0]) == 4:
		return newBirthDate(number(p[0]), number(p[1]), number(p[2]))
	case len(p) == 3 && len(p[2]) == 4 && r.monthFirst:
		return newBirthDate(number(p[2]), number(p[0]), number(p[1]))
	case len(p) == 3 && len(p[2]) == 4:
		return newBirthDate(number(p[2]), number(p[1]), number(p[0]))
	case len(p) == 2 && len(p[0]) == 4:
		return newBirthDate(number(p[0]), number(p[1]), 0)
	case len(p) == 2 && len(p[1]) == 4:
		return newBirthDate(number(p[1]), number(p[0]), 0)
	case len(p) == 1 && len(p[0]) == 4:
		return newBirthDate(number(p[0]), 0, 0)
	case len(p) == 1 && len(p[0]) == 8:
		return eightDigits(p[0])
	}
	return birthDate{}, false
}

// eightDigits reads 20201231, else 31122020.
func eightDigits(s string) (birthDate, bool) {
	if y := number(s[:4]); y >= 1850 && y <= 2100 {
		return newBirthDate(y, number(s[4:6]), number(s[6:]))
	}
	if y := number(s[4:]); y >= 1850 && y <= 2100 {
		return newBirthDate(y, number(s[2:4]), number(s[:2]))
	}
	// A mistyped year still compares by its digits.
	return newBirthDate(number(s[:4]), number(s[4:6]), number(s[6:]))
}

// newBirthDate keeps impossible days too (a 31 that was a 13): they are typing
// errors, and compare by their digits.
func newBirthDate(year, month, day int) (birthDate, bool) {
	if year <= 0 || year > 9999 || month > 99 || day > 99 {
		return birthDate{}, false
	}
	d := birthDate{year: year}
	if month > 0 && day > 0 && (month > 1 || day > 1) {
		d.digits = string([]byte{
			'0' + byte(year/1000), '0' + byte(year/100%10), '0' + byte(year/10%10), '0' + byte(year%10),
			'0' + byte(month/10), '0' + byte(month%10), '0' + byte(day/10), '0' + byte(day%10)})
	}
	return d, true
}

func dateParts(s string) []string {
	p := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' })
	for _, part := range p {
		if strings.ContainsFunc(part, func(r rune) bool { return r < '0' || r > '9' }) {
			return nil
		}
	}
	return p
}

func number(digits string) int {
	n := 0
	for _, r := range digits {
		n = n*10 + int(r-'0')
	}
	return n
}

func sortedDistinct(words []string) []string {
	w := slices.Clone(words)
	slices.Sort(w)
	return slices.Compact(w)
}
