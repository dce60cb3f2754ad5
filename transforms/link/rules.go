package link

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Comparing every record with every other is out of reach, so only pairs that
// share one of several narrow keys are compared. A person missed by one key is
// caught by another; each key is capped, so that a common value costs no more
// than a rare one.

// rule is one blocking rule: records with equal keys are compared.
type rule struct {
	atoms []atom
	dated bool // a birth date is in the key: larger blocks are sorted by name, others by date
}

// atom is a part of a key.
type atom struct {
	fields []int
	part   string // "" for the whole of the field
	keys   keys
}

// keys gives the hashes of what a record has of an atom: several of words, none when
// it has nothing.
type keys func(r *records, n int32, into []uint64) []uint64

// atoms are the parts of keys a spec allows.
type atoms struct {
	ids, phones, emails             []atom
	idParts, phoneParts             []atom
	words, names, bones             []atom
	days, years, months, daysOfYear []atom
	places, addresses, categories   []atom
}

func (p *plan) atoms() atoms {
	var a atoms
	var named []int
	for i, f := range p.fields {
		own := func(part string, of func(f *form) string) atom {
			return atom{[]int{i}, part, ofForm(i, of)}
		}
		text := own("", func(f *form) string { return f.text })
		slice := func(part, mark string, of func(s string) string) atom {
			return own(part, func(f *form) string {
				if f.text == "" {
					return ""
				}
				return mark + of(f.text)
			})
		}
		switch f.Kind {
		case Identifier:
			a.ids = append(a.ids, inSeries(text, i))
			a.idParts = append(a.idParts, slice("half", "<", func(s string) string { return s[:(len(s)+1)/2] }), slice("half", ">", func(s string) string { return s[(len(s)+1)/2:] }))
		case Phone:
			a.phones = append(a.phones, text)
			a.phoneParts = append(a.phoneParts, slice("half", "<", func(s string) string { return s[:5] }), slice("half", ">", func(s string) string { return s[5:] }))
		case Email:
			a.emails = append(a.emails, text, own("account", func(f *form) string { return f.other }))
		case Date:
			a.days = append(a.days, text)
			a.years = append(a.years, atom{[]int{i}, "year", ofYear(i)})
			a.months = append(a.months, slice("month", "", func(s string) string { return s[:6] }))
			a.daysOfYear = append(a.daysOfYear, slice("anniversary", "", func(s string) string { return s[4:] }))
		case Postcode, Locality:
			a.places = append(a.places, text)
		case Address:
			a.addresses = append(a.addresses, text)
		case Category:
			a.categories = append(a.categories, text)
		case GivenName, FamilyName:
			named = append(named, i)
		}
	}
	if len(named) > 0 {
		a.words = []atom{{named, "word", ofWords(named)}}
	}
	if p.given >= 0 {
		both := []int{p.given, p.family}
		a.names = []atom{{both, "sound", ofBoth(p.given, p.family, func(n *nameForm) string { return n.sound })}}
		a.bones = []atom{{both, "consonants", ofBoth(p.given, p.family, func(n *nameForm) string { return n.bones })}}
	}
	return a
}

// hashes are those of a field's forms; each form is hashed once.
type hashes struct {
	of     func(f *form, into []uint64) []uint64
	once   sync.Once
	all    []uint64
	starts []uint32 // by form
}

func (h *hashes) form(r *records, field int, n int32) []uint64 {
	h.once.Do(func() {
		forms := r.pools[field].forms
		h.all, h.starts = make([]uint64, 0, len(forms)), make([]uint32, len(forms)+1)
		for i := range forms {
			h.all = h.of(&forms[i], h.all)
			h.starts[i+1] = uint32(len(h.all))
		}
	})
	return h.all[h.starts[n]:h.starts[n+1]]
}

// ofForm hashes a text of a field's form; "" is none.
func ofForm(field int, text func(f *form) string) keys {
	return fromForms([]int{field}, func(f *form, into []uint64) []uint64 {
		if s := text(f); s != "" {
			into = append(into, hashText(s))
		}
		return into
	})
}

func ofYear(field int) keys {
	return fromForms([]int{field}, func(f *form, into []uint64) []uint64 { return append(into, mix(uint64(f.also)+1)) })
}

// fromForms are the hashes of a record's forms in some fields that share their pool,
// each once.
func fromForms(fields []int, of func(f *form, into []uint64) []uint64) keys {
	table := &hashes{of: of}
	return func(r *records, n int32, into []uint64) []uint64 {
		row := r.row(n)
		for _, field := range fields {
			if row[field] < 0 {
				continue
			}
			for _, h := range table.form(r, field, row[field]) {
				if !slices.Contains(into, h) {
					into = append(into, h)
				}
			}
		}
		return into
	}
}

// inSeries adds to a number what it is within.
func inSeries(a atom, field int) atom {
	whole := a.keys
	a.keys = func(r *records, n int32, into []uint64) []uint64 {
		into = whole(r, n, into)
		if cell := r.in[field]; cell >= 0 && len(into) > 0 {
			into[0] = mix(into[0] + uint64(r.row(n)[cell]+2))
		}
		return into
	}
	return a
}

// ofWords are the words of names, of two letters and more.
func ofWords(fields []int) keys {
	return fromForms(fields, func(f *form, into []uint64) []uint64 {
		for w := range strings.SplitSeq(f.name.words, " ") {
			if utf8.RuneCountInString(w) >= 2 {
				into = append(into, hashText(w))
			}
		}
		return into
	})
}

// ofBoth is of two names, whichever is written first.
func ofBoth(given, family int, text func(n *nameForm) string) keys {
	table := &hashes{of: func(f *form, into []uint64) []uint64 { return append(into, hashText(text(f.name))) }}
	return func(r *records, n int32, into []uint64) []uint64 {
		row := r.row(n)
		if row[given] < 0 || row[family] < 0 {
			return into
		}
		a, b := table.form(r, given, row[given])[0], table.form(r, given, row[family])[0]
		return append(into, mix(a^b)+mix(a+b))
	}
}

// hashText is FNV-1a: keys must be the same in every run.
func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// mostRules bounds the rules of a spec: twenty numbers and ten dates would make five
// hundred, and the last ones tell least. Proposals have seven bits for one.
const mostRules = 100

// rules lists the blocking rules, the most telling first.
func (p *plan) rules() []rule {
	a := p.atoms()
	var rules []rule
	cross := func(groups ...[]atom) {
		combine(groups, nil, func(parts []atom) { rules = append(rules, p.newRule(parts)) })
	}
	cross(a.ids)
	cross(a.emails)
	cross(a.phones)
	cross(a.days, a.words)
	cross(a.names, a.years)
	cross(a.names, a.places)
	cross(a.days, a.places)
	cross(a.daysOfYear, a.words)
	cross(a.words, a.addresses)
	cross(a.bones, a.years)
	cross(a.idParts, a.words)
	cross(a.phoneParts, a.words)
	cross(a.idParts, a.years)
	cross(a.months, a.words)
	cross(a.addresses, a.places)
	cross(a.names)
	cross(a.days)
	cross(a.bones)
	cross(a.addresses)
	cross(a.places, a.categories)
	cross(a.words, a.years)
	cross(a.words, a.places)
	if len(rules) == 0 {
		cross(a.places)
		cross(a.categories)
	}
	return rules[:min(len(rules), mostRules)]
}

func combine(groups [][]atom, chosen []atom, emit func([]atom)) {
	if len(groups) == 0 {
		emit(chosen)
		return
	}
	for _, a := range groups[0] {
		combine(groups[1:], append(chosen[:len(chosen):len(chosen)], a), emit)
	}
}

func (p *plan) newRule(parts []atom) rule {
	r := rule{atoms: parts}
	for _, f := range r.fields() {
		r.dated = r.dated || p.fields[f].Kind == Date
	}
	return r
}

// fields are those that agreement on the key says something about.
func (r rule) fields() []int {
	var fields []int
	for _, a := range r.atoms {
		fields = append(fields, a.fields...)
	}
	return fields
}

// keys are a record's, by all atoms; none when it has none of an atom's wanted ones, if
// there are such. scratch is room to work in.
func (r rule) keys(records *records, n int32, wanted []filter, into, scratch []uint64) []uint64 {
	into = append(into, 1)
	for i, a := range r.atoms {
		scratch = a.keys(records, n, scratch[:0])
		if len(scratch) == 0 || wanted != nil && !slices.ContainsFunc(scratch, wanted[i].has) {
			return into[:0]
		}
		combined := len(into)
		for _, k := range scratch[1:] { // words, of which a key has one
			for _, h := range into[:combined] {
				into = append(into, mix(h*31+k+uint64(i)))
			}
		}
		for at := range into[:combined] {
			into[at] = mix(into[at]*31 + scratch[0] + uint64(i))
		}
	}
	return into
}
