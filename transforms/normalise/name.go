package normalise

import (
	"strings"
	"unicode"

	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// titles are forms of address that are no part of a name. "M." is not among
// them: it may be an initial.
var titles = keys("Mme", "Mlle", "Mr", "Monsieur", "Madame", "Mademoiselle", "السيد", "السيدة", "الآنسة")

// name keeps a name as it is written, tidied: the keys that compare names are
// linkage's business. What can't be a name is refused; what merely looks odd is
// kept and said.
func (r *reading) name() Value {
	if r.cell.Kind != pipeline.TextCell {
		return r.refuse("name.is_number")
	}
	if strings.ContainsRune(r.text, '@') {
		return r.refuse("name.is_email")
	}
	name := r.withoutTitle(r.text)
	letters, digits := count(name)
	switch {
	case letters == 0 || digits > 2*letters: // a paper's number has a letter or two; "NOM1000" is a name that somebody numbered
		return r.refuse("name.is_number")
	case digits > 0:
		r.warn("name.has_digits")
	case letters == 1:
		r.warn("name.too_short")
	}
	return Value{Text: name, Present: true}
}

// withoutTitle drops the forms of address a name begins with, as long as
// something remains.
func (r *reading) withoutTitle(name string) string {
	rest := name
	for {
		if c := rest[0] | 0x20; c >= 'a' && c <= 'z' && c != 'm' {
			break // no title begins with another letter
		}
		first, more, ok := strings.Cut(rest, " ")
		if !ok || !titles[fold.Key(first)] || !strings.ContainsFunc(more, unicode.IsLetter) {
			break
		}
		rest = more
	}
	if rest != name {
		r.note("note.title_removed")
	}
	return rest
}

func count(s string) (letters, digits int) {
	for _, c := range s {
		switch {
		case unicode.IsLetter(c):
			letters++
		case unicode.IsNumber(c):
			digits++
		}
	}
	return letters, digits
}
