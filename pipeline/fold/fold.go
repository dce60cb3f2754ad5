// Package fold decides when two spellings are the same text.
//
// Two strengths. [Tidy] keeps the writer's text and removes only what nobody
// sees: zero-width characters, tatweel, doubled and non-breaking spaces,
// unnormalised Unicode. [Key] gives the comparison key: also without case,
// accents, punctuation, Arabic letter variants and vowel marks. Both are
// idempotent.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Tidy returns s in NFC, without invisible characters, its white space collapsed
// to single spaces and trimmed.
func Tidy(s string) string {
	if isTidy(s) {
		return s
	}
	return tidy(s)
}

func tidy(s string) string {
	s = norm.NFC.String(strings.Map(visible, s))
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// visible drops what has no shape of its own and turns every kind of space into
// a plain one.
func visible(r rune) rune {
	switch {
	case r == '\u0640', r == '\u00ad', r == unicode.ReplacementChar, r == '\ufeff': // tatweel, soft hyphen
		return -1
	case unicode.IsSpace(r), unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Cc, r), unicode.Is(unicode.Variation_Selector, r):
		return -1
	}
	return r
}

// Key returns the comparison key of s: lower case words of letters and digits,
// separated by single spaces. "PRÉNOM(S) " and "prenom s" have the same key.
// Digits of every script become ASCII ones.
func Key(s string) string {
	if k, ok := quickKey(s); ok {
		return k
	}
	return key(s)
}

func key(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(strings.Map(visible, s)) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		for _, r := range letter(r) {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				space = true
				continue
			}
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		}
	}
	return b.String()
}

// letter is the comparison form of one decomposed character.
func letter(r rune) string {
	switch r {
	case 'œ', 'Œ':
		return "oe"
	case 'æ', 'Æ':
		return "ae"
	case 'ß', 'ẞ':
		return "ss"
	case 'ø', 'Ø':
		return "o"
	case 'ł', 'Ł':
		return "l"
	case 'đ', 'Đ', 'ð', 'Ð':
		return "d"
	case 'ı', 'İ':
		return "i"
	case 'أ', 'إ', 'آ', 'ٱ':
		return "ا"
	case 'ى', 'ی', 'ئ':
		return "ي"
	case 'ؤ':
		return "و"
	case 'ة':
		return "ه"
	case 'ک':
		return "ك"
	case 'ء', '’', '\'', 'ʼ', 'ʿ', 'ʾ', '`', '´':
		return ""
	}
	if unicode.IsDigit(r) {
		if d, ok := Digit(r); ok {
			return string(rune('0' + d))
		}
	}
	return string(unicode.ToLower(r))
}

// Digit is the value of a decimal digit of any script.
func Digit(r rune) (int, bool) {
	if r >= '0' && r <= '9' {
		return int(r - '0'), true
	}
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	// Unicode lays decimal digits out in runs of ten, zero first.
	n := 0
	for unicode.Is(unicode.Nd, r-1) {
		r--
		n++
	}
	return n % 10, true
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Digits replaces the decimal digits of every script by ASCII ones.
func Digits(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if d, ok := Digit(r); ok {
			return rune('0' + d)
		}
		return r
	}, s)
}
