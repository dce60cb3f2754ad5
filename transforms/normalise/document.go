package normalise

import (
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// digitsOf is the text of an identifying number, line by line; a number cell gives
// its digits. problem is the issue code when the cell can't hold one.
func (r *reading) digitsOf() (text, problem string) {
	switch r.cell.Kind {
	case pipeline.TextCell:
		if r.text[0] >= '0' && r.text[0] <= '9' && strings.ContainsAny(r.text, "eE") && lostDigits.MatchString(r.text) {
			return "", "digits.lost"
		}
		if !strings.ContainsAny(r.cell.Text, "\n\r") {
			return r.text, ""
		}
		return lines(r.cell.Text), ""
	case pipeline.NumberCell:
		n := r.cell.Number
		switch {
		case math.Abs(n) >= 1e15:
			return "", "digits.lost"
		case n < 0 || n != math.Trunc(n) || r.cell.Percent:
			return "", "digits.not_a_number"
		}
		return plain(n), ""
	}
	return "", "digits.not_a_number"
}

// lines tidies a text line by line: two numbers in one cell are often one below
// the other.
func lines(s string) string {
	parts := strings.FieldsFunc(s, func(c rune) bool { return c == '\n' || c == '\r' })
	kept := parts[:0]
	for _, p := range parts {
		if p = fold.Tidy(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n")
}

// lostDigits is a long number as Excel shows it in a narrow column, pasted as
// text: 2,12612E+11.
var lostDigits = regexp.MustCompile(`^\d([.,]\d+)?[eE]\+?\d{1,2}$`)

// numberSign is how a number is announced: "N° 123". Letters alone announce
// nothing unless a sign or a space ends them: NO12345 is a number.
var numberSign = regexp.MustCompile(`(?i)^\s*(n\s*[°º]|n[o.]?\s*[:.]|no\s|num(éro)?\s*[:.]|num(éro)?\s|رقم\s)\s*`)

// paperWords may stand before a document's number, when people write which paper
// it is in the same cell.
var paperWords = keys("carte", "de", "séjour", "passeport", "passport", "titre", "no", "num", "numéro", "cs", "hcr", "unhcr", "cin", "cnie", "بطاقة", "رقم", "جواز", "السفر", "الإقامة")

// document reads a paper's number: upper case, without separators. O and 0 are
// left as typed: which one is right can't be known here, and linkage tells them
// apart no more than people do.
func (r *reading) document() Value {
	text, problem := r.digitsOf()
	if problem != "" {
		return r.refuse(orMalformed(problem, "document.malformed"))
	}
	if number := strings.ToUpper(text); plainForm(number) {
		return Value{Text: number, Present: true}
	}
	first, several := firstOf(text)
	number := r.withoutPaper(first)
	if !documentForm(number) {
		return r.refuse("document.malformed")
	}
	if several {
		r.warn("document.several", "kept", number)
	}
	return Value{Text: number, Present: true}
}

func orMalformed(problem, code string) string {
	if problem == "digits.lost" {
		return problem
	}
	return code
}

// between separates two numbers written in one cell.
var between = regexp.MustCompile(`\s*(?:[,;،؛\n]|\s/\s|\s(?i:ou|et|and|or|أو)\s)\s*`)

func firstOf(text string) (first string, several bool) {
	parts := between.Split(text, -1)
	filled := parts[:0]
	for _, p := range parts {
		if strings.ContainsFunc(p, unicode.IsDigit) {
			filled = append(filled, p)
		}
	}
	if len(filled) == 0 {
		return text, false
	}
	return filled[0], len(filled) > 1
}

// withoutPaper drops the words before a number, then everything between its
// letters and digits.
func (r *reading) withoutPaper(text string) string {
	rest := withoutSign(fold.Digits(text))
	for {
		first, more, ok := strings.Cut(rest, " ")
		if !ok || !paperWords[fold.Key(first)] {
			break
		}
		rest = withoutSign(more)
	}
	if rest != fold.Digits(text) {
		r.note("note.prefix_removed")
	}
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToUpper(c)
		}
		return -1
	}, rest)
}

// withoutSign drops "N°" and the punctuation that may follow a word.
func withoutSign(s string) string {
	return numberSign.ReplaceAllString(strings.TrimLeft(s, " :.-"), "")
}

// plainForm reports a number that needs nothing done: ASCII letters and digits.
func plainForm(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return documentForm(s)
}

// documentForm: four to twenty letters and digits, a digit among them, and not
// zeros alone.
func documentForm(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 4 && n <= 20 && strings.ContainsFunc(s, unicode.IsDigit) && strings.Trim(s, "0") != ""
}

// identifier keeps a member's own number for a person as it is written.
func (r *reading) identifier() Value {
	text, problem := r.digitsOf()
	switch {
	case problem == "digits.lost":
		return r.refuse(problem)
	case r.cell.Kind == pipeline.NumberCell && problem == "":
		return Value{Text: text, Present: true}
	}
	return r.plainText()
}

// A company's common identifier has 15 digits: nine of the company, four of the
// establishment, two of control. It often begins with zeros, which Excel drops
// from numbers.
const (
	iceDigits = 15
	iceLeast  = 9
)

// ice reads a company's identifier, and gives it back the zeros it lost.
func (r *reading) ice() Value {
	text, problem := r.digitsOf()
	if problem != "" {
		return r.refuse(orMalformed(problem, "ice.malformed"))
	}
	var b strings.Builder
	for w := range strings.FieldsSeq(fold.Key(text)) {
		switch {
		case strings.Trim(w, "0123456789") == "":
			b.WriteString(w)
		case w == "ice" || w == "n" || w == "no":
		default:
			return r.refuse("ice.malformed")
		}
	}
	number := b.String()
	if len(number) < iceLeast || len(number) > iceDigits || strings.Trim(number, "0") == "" {
		return r.refuse("ice.malformed")
	}
	if missing := iceDigits - len(number); missing > 0 {
		number = strings.Repeat("0", missing) + number
		r.note("note.leading_zero")
	}
	return Value{Text: number, Present: true}
}
