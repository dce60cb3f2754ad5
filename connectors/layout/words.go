package layout

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cp3/pipeline/fold"
)

// empty words carry no meaning in a header, in any place of it.
var emptyWords = wordSet("de du des d la le les l et en a au aux par pour sur ou un une n no num numero s e es the of and to في من على إلى و")

// filler words may follow or precede what a header names without changing it:
// whose column it is, how it is to be written.
var fillerWords = wordSet(`bénéficiaire bénéficiaires candidat candidate migrant migrante migrants personne personnes apprenant apprenante stagiaire apprenti
	apprentie participant inscrit inscrite demandeur usager client complet complète usuel usuelle obligatoire facultatif jj mm aaaa format oui non
	concerné concernée actuel actuelle exact exacte principal principale beneficiary
	المستفيد المستفيدة للمستفيد للمستفيدة للمهاجر للمهاجرة للمترشح للمتدرب للمتدربة للمعني للشخص ة المعني بالأمر المرشح المتدرب المتدربة المهاجر الكامل`)

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[stem(fold.Key(w))] = true
		set[fold.Key(w)] = true
	}
	return set
}

// shown is a header as messages quote it: without its colon, or the star that the
// template puts behind what is required, which in a bilingual header stands in the
// middle.
func shown(text string) string {
	var words []string
	for w := range strings.FieldsSeq(fold.Tidy(text)) {
		if w = strings.TrimRight(w, "*:"); w != "" {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return fold.Tidy(text)
	}
	return strings.Join(words, " ")
}

// stem brings a folded word nearer to its root: French plurals, elided articles
// that folding glued ("dinscription"), the Arabic article. Collisions don't
// matter: stems are only compared with stems of a sheet's own labels.
func stem(w string) string {
	if rest, ok := strings.CutPrefix(w, "ال"); ok && utf8.RuneCountInString(rest) >= 2 {
		return rest
	}
	if len(w) >= 5 && (w[0] == 'd' || w[0] == 'l') && strings.IndexByte("aeiouh", w[1]) >= 0 {
		w = w[1:]
	}
	if len(w) > 3 && (w[len(w)-1] == 's' || w[len(w)-1] == 'x') {
		w = w[:len(w)-1]
	}
	return w
}

// stems are the meaningful words of a folded text.
func stems(key string) []string {
	var out []string
	for w := range strings.SplitSeq(key, " ") {
		if w == "" || emptyWords[w] {
			continue
		}
		if w = stem(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// phrase is a header's text prepared for comparison, once for all the fields and
// declarations it is compared with.
type phrase struct {
	keys  []string   // variants
	words [][]string // of each variant, sorted; made when first needed
}

func newPhrase(text string) *phrase { return &phrase{keys: variants(text)} }

// wordsOf are the meaningful words of variant i.
func (p *phrase) wordsOf(i int) []string {
	if p.words == nil {
		p.words = make([][]string, len(p.keys))
		for i, key := range p.keys {
			p.words[i] = wordsOf(key)
		}
	}
	return p.words[i]
}

// phrase prepares a text of the sheet; texts come back as often as there are
// declarations to compare with.
func (s *Sheet) phrase(text string) *phrase {
	if p, ok := s.phrases[text]; ok {
		return p
	}
	if s.phrases == nil {
		s.phrases = map[string]*phrase{}
	}
	p := newPhrase(text)
	if len(s.phrases) < maxPhrases {
		s.phrases[text] = p
	}
	return p
}

// maxPhrases bounds what is remembered: headers are few, and a list of texts alone
// asks about every row.
const maxPhrases = 4096

// variants are the ways a header may be meant: whole; the part before a
// parenthesis; its Latin and its Arabic half; the lines or sides of a slash. Each
// is folded; the first is the whole.
func variants(text string) []string {
	keys := []string{fold.Key(text)}
	if !parted(text) {
		return keys
	}
	add := func(s string) {
		k := fold.Key(s)
		if k == "" {
			return
		}
		for _, have := range keys {
			if have == k {
				return
			}
		}
		keys = append(keys, k)
	}
	if i := strings.IndexAny(text, "([:"); i > 0 {
		add(text[:i])
	}
	latin, arabic := scripts(text)
	if latin != "" && arabic != "" {
		add(latin)
		add(arabic)
	}
	if strings.ContainsAny(text, "/|\n") {
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '|' || r == '\n' }) {
			if utf8.RuneCountInString(strings.TrimSpace(part)) > 2 {
				add(part)
			}
		}
	}
	return keys
}

// parted reports whether a text may have more variants than itself.
func parted(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c == '(', c == '[', c == ':', c == '/', c == '|', c == '\n', c >= 0xD8: // Arabic begins at U+0600
			return true
		}
	}
	return false
}

// scripts separates the Arabic letters of a text from the rest.
func scripts(text string) (latin, arabic string) {
	var l, a strings.Builder
	hasLatin := false
	for _, r := range text {
		switch {
		case isArabic(r):
			a.WriteRune(r)
			l.WriteByte(' ')
		case r == ' ' || r == '\n':
			a.WriteByte(' ')
			l.WriteByte(' ')
		default:
			if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0xC0 && r < 0x250 {
				hasLatin = true
			}
			l.WriteRune(r)
		}
	}
	if hasLatin {
		latin = strings.TrimSpace(l.String())
	}
	return latin, strings.TrimSpace(a.String())
}

func isArabic(r rune) bool {
	return r >= 0x600 && r < 0x700 || r >= 0x750 && r < 0x780 || r >= 0xFB50 && r < 0xFE00 || r >= 0xFE70 && r < 0xFF00
}

// IsArabic reports whether a header is written in Arabic, alone or first: whoever
// reads both starts with their own.
func IsArabic(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			return isArabic(r)
		}
	}
	return false
}
