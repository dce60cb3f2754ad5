package layout

import (
	"slices"
	"strings"

	"cp3/connectors"
	"cp3/pipeline/fold"
)

// Strength says how surely a header names a field; stronger claims are settled
// first.
type Strength uint8

// The strengths, from none to certain.
const (
	None    Strength = iota
	Partial          // a distinctive part of the label
	Typo             // within a typing mistake
	Filled           // the label and words that change nothing
	Loose            // the same words, without those that mean nothing
	Alias            // a known other header
	Label            // the label itself
)

// Matcher knows the headers of one set of fields. It is immutable and may be used
// from several goroutines.
type Matcher struct {
	Fields []*connectors.Field
	exact  map[string][]claim // folded text
	loose  map[string][]int   // stems, sorted
	labels []label
	begins []map[string]bool // by field: what its labels begin with, of what beginnings tell
}

// claim is a field's claim on a header.
type claim struct {
	field    int
	strength Strength
}

// label is one wording of a field, prepared for the weaker comparisons.
type label struct {
	field  int
	joined []rune   // folded, without spaces
	typos  int      // how many typing mistakes it may hold
	stems  []string // sorted
}

// NewMatcher prepares the labels and aliases of fields.
func NewMatcher(fields []connectors.Field) *Matcher {
	m := &Matcher{exact: map[string][]claim{}, loose: map[string][]int{}}
	for i := range fields {
		f := &fields[i]
		m.Fields = append(m.Fields, f)
		m.begins = append(m.begins, map[string]bool{})
		for _, text := range []string{f.Label.FR, f.Label.AR} {
			m.add(i, text, Label)
		}
		m.add(i, f.Label.FR+" "+f.Label.AR, Label)
		m.add(i, f.Label.AR+" "+f.Label.FR, Label)
		for _, text := range f.Aliases {
			m.add(i, text, Alias)
		}
	}
	return m
}

func (m *Matcher) add(field int, text string, s Strength) {
	key := fold.Key(text)
	if key == "" {
		return
	}
	m.exact[key] = addClaim(m.exact[key], claim{field, s})
	m.begins[field][beginning(key)] = true
	words := wordsOf(key)
	if len(words) == 0 {
		return
	}
	loose := strings.Join(words, " ")
	if !slices.Contains(m.loose[loose], field) {
		m.loose[loose] = append(m.loose[loose], field)
	}
	joined := []rune(strings.ReplaceAll(key, " ", ""))
	m.labels = append(m.labels, label{field: field, joined: joined, typos: typos(len(joined)), stems: words})
}

// addClaim keeps a field's strongest claim.
func addClaim(claims []claim, c claim) []claim {
	for i := range claims {
		if claims[i].field == c.field {
			claims[i].strength = max(claims[i].strength, c.strength)
			return claims
		}
	}
	return append(claims, c)
}

// exactly returns the claims of fields whose label or alias the whole text, or
// failing that one of its halves, is.
func (m *Matcher) exactly(p *phrase) []claim {
	if whole := m.exact[p.keys[0]]; len(whole) > 0 {
		return whole
	}
	return m.halves(p.keys)
}

// halves returns the claims on the parts of a header; half a header is less sure
// than all of it.
func (m *Matcher) halves(keys []string) []claim {
	var out []claim
	for _, key := range keys[1:] {
		for _, c := range m.exact[key] {
			out = addClaim(out, claim{c.field, Loose})
		}
	}
	return out
}

// claims returns every field's claim on a header, none below Partial. What a
// surer comparison finds, a weaker one is not asked about.
func (m *Matcher) claims(p *phrase) []claim {
	if whole := m.exact[p.keys[0]]; len(whole) > 0 {
		return whole
	}
	var out []claim
	for _, f := range m.loose[strings.Join(p.wordsOf(0), " ")] {
		out = addClaim(out, claim{f, Loose})
	}
	if len(out) == 0 {
		out = m.halves(p.keys)
	}
	for i := 1; i < len(p.keys) && len(out) == 0; i++ {
		for _, f := range m.loose[strings.Join(p.wordsOf(i), " ")] {
			out = addClaim(out, claim{f, Loose})
		}
	}
	for i := 0; i < len(p.keys) && len(out) == 0; i++ {
		if len(p.wordsOf(i)) > 0 {
			out = m.weaker(p.keys[i], p.wordsOf(i), out)
		}
	}
	return m.beginningAlike(p, out)
}

// beginning is what a folded header begins with when that tells apart two fields
// that are otherwise named alike, the number of a document and its type; "" for
// most.
func beginning(key string) string {
	word, _, _ := strings.Cut(key, " ")
	switch word {
	case "n", "no", "num", "numero", "رقم":
		return "number"
	case "type", "nature", "نوع":
		return "type"
	}
	return ""
}

// beginningAlike leaves, of several claims on a header that begins with a number or
// a type, those of fields whose own labels do.
func (m *Matcher) beginningAlike(p *phrase, claims []claim) []claim {
	b := beginning(p.keys[0])
	if b == "" || len(claims) < 2 {
		return claims
	}
	var alike []claim
	for _, c := range claims {
		if m.begins[c.field][b] {
			alike = append(alike, c)
		}
	}
	if len(alike) == 0 {
		return claims
	}
	return alike
}

// wordsOf is the sorted set of the meaningful words of a folded text.
func wordsOf(key string) []string {
	words := stems(key)
	slices.Sort(words)
	return slices.Compact(words)
}

// weaker compares a header with every label.
func (m *Matcher) weaker(key string, words []string, out []claim) []claim {
	joined := []rune(strings.ReplaceAll(key, " ", ""))
	limit := typos(len(joined))
	for i := range m.labels {
		l := &m.labels[i]
		switch {
		case onlyFiller(words, l.stems):
			out = addClaim(out, claim{l.field, Filled})
		case limit > 0 && l.typos > 0 && connectors.Within(joined, l.joined, limit):
			out = addClaim(out, claim{l.field, Typo})
		case len(words) > 1 && len(l.stems) > 1 && near(words, l.stems):
			out = addClaim(out, claim{l.field, Partial})
		}
	}
	return out
}

// typos is how many typing mistakes a text of n characters may hold and still be
// recognised.
func typos(n int) int {
	switch {
	case n < 5:
		return 0
	case n < 8:
		return 1
	case n < 16:
		return 2
	}
	return 3
}

// onlyFiller reports whether words are those of a label and others that change
// nothing. Both are sorted sets.
func onlyFiller(words, label []string) bool {
	if len(words) <= len(label) {
		return false
	}
	found := 0
	for _, w := range words {
		switch {
		case slices.Contains(label, w):
			found++
		case !fillerWords[w]:
			return false
		}
	}
	return found == len(label)
}

// near reports whether two sets of words differ by one word, out of at least
// three on one side, and share at least two.
func near(a, b []string) bool {
	if len(a) < 3 && len(b) < 3 {
		return false
	}
	shared := 0
	for _, w := range a {
		if slices.Contains(b, w) {
			shared++
		}
	}
	return shared >= 2 && max(len(a), len(b))-shared <= 1
}
