package normalise

import (
	"regexp"
	"strings"
	"unicode"

	"cp3/pipeline/fold"
)

// phoneWords may stand before a phone number.
var phoneWords = regexp.MustCompile(`(?i)^\s*(t[ée]l([ée]phone)?|gsm|mobile|portable|whats ?app|wts?p|n[°º]|الهاتف|هاتف|رقم)[\s.:/]*`)

// phoneBetween separates two numbers written in one cell. A slash between groups
// of two digits ("06/12/34/56/78") separates nothing: see phones.
var phoneBetween = regexp.MustCompile(`[,;،؛\n]|\s(?i:ou|et|and|or|أو)\s|/`)

// phone reads a phone number as E.164, a Moroccan one unless it says otherwise.
// A number typed in a number cell has lost its first zero: it is put back.
func (r *reading) phone() Value {
	text, problem := r.digitsOf()
	if problem != "" {
		return r.refuse(orMalformed(problem, "phone.unreadable"))
	}
	numbers := r.phones(fold.Digits(text))
	if len(numbers) == 0 {
		return r.refuse("phone.unreadable")
	}
	if len(numbers) > 1 {
		r.warn("phone.several", "kept", numbers[0])
	}
	return Value{Text: numbers[0], Present: true}
}

// phones gives the numbers of a cell: the whole of it when that is one number,
// else those of its parts.
func (r *reading) phones(text string) []string {
	n, ok := e164(text)
	if !ok {
		text = phoneWords.ReplaceAllString(text, "")
		n, ok = e164(text)
	}
	if ok {
		if isNational(bare(text)) {
			r.note("note.leading_zero")
		}
		return []string{n}
	}
	var numbers []string
	for _, p := range phoneBetween.Split(text, -1) {
		if n, ok := e164(phoneWords.ReplaceAllString(p, "")); ok {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// isNational reports a Moroccan number without its zero: mobile 6 and 7, landline
// 5, and 8 for the special ones.
func isNational(s string) bool {
	return len(s) == 9 && s[0] >= '5' && s[0] <= '8' && isDigits(s)
}

// abroad is a country code without its + for the countries most people of the
// lists come from; elsewhere a bare number is nobody's.
var abroad = regexp.MustCompile(`^(2(?:2\d|3[0-9]|4[0-9]|5\d|6\d)|21[368]|20|33|34|32|39|44|49|90|96\d|97\d)\d{7,10}$`)

// bare drops the punctuation people put in phone numbers, and the trunk zero of
// "+212 (0)6".
func bare(s string) string {
	if strings.Contains(s, "(0)") {
		s = strings.ReplaceAll(s, "(0)", "")
	}
	return strings.Map(func(c rune) rune {
		switch c {
		case ' ', '\n', '.', '-', '–', '_', '/', '(', ')', '\'':
			return -1
		}
		return c
	}, s)
}

// e164 reads one number.
func e164(s string) (string, bool) {
	s = bare(s)
	international := false
	if rest, ok := strings.CutPrefix(s, "+"); ok {
		s, international = rest, true
	} else if rest, ok := strings.CutPrefix(s, "00"); ok {
		s, international = rest, true
	}
	if s == "" || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsDigit(c) }) || same(s) {
		return "", false
	}
	trunk, zero := strings.CutPrefix(s, "0")
	home, moroccan := strings.CutPrefix(s, "212")
	switch {
	case moroccan:
		home = strings.TrimPrefix(home, "0")
		return "+212" + home, isNational(home) // else not of its length
	case international:
		return "+" + s, len(s) >= 8 && len(s) <= 15 && s[0] != '0'
	case zero && isNational(trunk):
		return "+212" + trunk, true
	case isNational(s):
		return "+212" + s, true
	case len(s) >= 11 && abroad.MatchString(s):
		return "+" + s, true
	}
	return "", false
}

// same reports a number made of one digit, which only fills the cell.
func same(s string) bool { return strings.Trim(s, s[:1]) == "" }

var emailForm = regexp.MustCompile(`^[^\s@<>,;:"()\[\]\\]+@[^\s@<>,;:"()\[\]\\.]+(\.[^\s@<>,;:"()\[\]\\.]+)+$`)

// email reads an address, in lower case.
func (r *reading) email() Value {
	s := strings.ToLower(r.shown())
	s = strings.TrimPrefix(s, "mailto:")
	s = strings.Trim(s, " .,;<>")
	if !emailForm.MatchString(s) {
		return r.refuse("email.malformed")
	}
	return Value{Text: s, Present: true}
}
