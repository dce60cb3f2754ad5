package link

import (
	"strings"
	"unicode"

	"cp3/pipeline/fold"

	"golang.org/x/text/unicode/norm"
)

// A name is kept in three strengths. Its letters: Latin, lower case, without
// accents, spaces or punctuation (Arabic transliterated letter by letter). Its
// sound: the letters after the spellings that French, English and Arabic writers
// give the same West African and Maghrebi name are made one (Diallo, Jallow;
// Ouedraogo, Wedraogo; Mohamed, Muhammad). Its bones: the consonants alone, which
// is all that an Arabic spelling shares with a Latin one.

// arabicLetters transliterates what Arabic script writes; short vowels are not
// written, so the result is only good for bones and for itself.
var arabicLetters = map[rune]string{
	'ا': "a", 'أ': "a", 'إ': "i", 'آ': "a", 'ٱ': "a", 'ب': "b", 'ت': "t", 'ث': "th", 'ج': "j",
	'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "d", 'ر': "r", 'ز': "z", 'س': "s", 'ش': "ch", 'ص': "s",
	'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "a", 'غ': "gh", 'ف': "f", 'ق': "k", 'ك': "k", 'ک': "k",
	'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'ة': "a", 'و': "w", 'ؤ': "w", 'ي': "y", 'ى': "a",
	'ئ': "y", 'ی': "y", 'ء': "", 'گ': "g", 'ڭ': "g", 'پ': "p", 'ڤ': "v",
}

// letters are the folded words of a name, in Latin script, and whether it was
// written in Arabic.
func letters(name string) (words []string, arabic bool) {
	name = norm.NFKC.String(fold.Tidy(name))
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
		arabic = true
		var b strings.Builder
		for _, r := range name {
			if l, ok := arabicLetters[r]; ok {
				b.WriteString(l)
			} else if !unicode.Is(unicode.Mn, r) {
				b.WriteRune(r)
			}
		}
		name = b.String()
	}
	return strings.Fields(fold.Key(name)), arabic
}

// particles are words that names gain and lose from one form to the next.
var particles = map[string]bool{
	"el": true, "al": true, "ben": true, "ibn": true, "bin": true, "ould": true, "bint": true, "mint": true,
	"de": true, "du": true, "des": true, "la": true, "le": true, "van": true, "von": true, "di": true, "da": true,
	"dos": true, "do": true, "abu": true, "abou": true, "sidi": true, "lalla": true, "mc": true, "st": true,
}

// titles are words that are no part of a name.
var titles = map[string]bool{
	"m": true, "mr": true, "mme": true, "mlle": true, "mrs": true, "ms": true, "dr": true, "monsieur": true, "madame": true, "mademoiselle": true,
}

// nobody are values that stand for the absence of a name.
var nobody = map[string]bool{
	"x": true, "xx": true, "xxx": true, "inconnu": true, "inconnue": true, "unknown": true, "anonyme": true, "nr": true,
	"neant": true, "nd": true, "sans": true, "sans nom": true, "snp": true, "null": true, "none": true, "nan": true, "test": true,
}

// sound rewrites one folded Latin word. The rules are ordered, each a spelling
// habit; what they make equal is evidence, never proof.
func sound(word string) string {
	s := spellings.Replace(word)
	s = softC(s)
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch c {
		case 'h':
			continue // Bah, Ba; Hawa, Awa; and the h left by th, kh, gh, ph
		case 'e':
			c = 'a'
		case 'o', 'w':
			c = 'u'
		case 'y':
			c = 'i'
		case 'q', 'c':
			c = 'k'
		case 'z':
			c = 's'
		}
		if len(b) > 0 && b[len(b)-1] == c {
			continue // doubled letters
		}
		b = append(b, c)
	}
	return string(b)
}

// spellings are digraphs that are one sound; longer ones first.
var spellings = strings.NewReplacer(
	"tch", "x", "sch", "x", "thi", "ti", "tsh", "x",
	"ch", "x", "sh", "x", "ph", "f", "ck", "k", "kh", "k", "gh", "g", "th", "t", "dh", "d",
	"oo", "u", "ou", "u", "ow", "u", "au", "u", "ee", "i", "ay", "a", "ai", "a", "ey", "a", "ei", "a",
	"dia", "ja", "dio", "jo", "die", "je", "diu", "ju", "dya", "ja", "dy", "j", "dj", "j",
	"gue", "ge", "gui", "gi", "guy", "gi", "qu", "k",
)

// softC turns c before e, i, y into s: Cissé, Sissé.
func softC(s string) string {
	if !strings.Contains(s, "c") {
		return s
	}
	b := []byte(s)
	for i := 0; i+1 < len(b); i++ {
		if b[i] == 'c' && (b[i+1] == 'e' || b[i+1] == 'i' || b[i+1] == 'y') {
			b[i] = 's'
		}
	}
	return string(b)
}

// bones are the consonants of the words: what Arabic and Latin spellings share.
// Semivowels and final h go too, for the one script writes vowels with them.
func bones(words []string) string {
	var b []byte
	for _, w := range words {
		w = boneSpellings.Replace(w)
		w = strings.TrimRight(w, "h")
		w = softC(w)
		start := len(b)
		for i := 0; i < len(w); i++ {
			c := w[i]
			switch c {
			case 'a', 'e', 'i', 'o', 'u', 'y', 'w':
				continue
			case 'q', 'c':
				c = 'k'
			case 'z':
				c = 's'
			case 'p':
				c = 'b' // Arabic has no p, and no v
			case 'v':
				c = 'f'
			}
			if len(b) > start && b[len(b)-1] == c {
				continue
			}
			b = append(b, c)
		}
	}
	return string(b)
}

var boneSpellings = strings.NewReplacer(
	"tch", "x", "ch", "x", "sh", "x", "ph", "f", "ck", "k", "kh", "k", "gh", "g", "th", "t", "dh", "d", "dj", "j", "gu", "g", "ou", "w")

// nameForm is a name ready to be compared.
type nameForm struct {
	letters string // words joined
	sound   string // words' sounds joined
	bones   string
	words   string // sounds of the words, sorted, separated by spaces; particles left out
	arabic  bool
}

// formName prepares a name; ok is false when nothing of it can be used.
func formName(raw string) (f nameForm, ok bool) {
	words, arabic := letters(raw)
	words = withoutTitles(words)
	joined := strings.Join(words, " ")
	if joined == "" || nobody[joined] || !strings.ContainsFunc(joined, unicode.IsLetter) {
		return nameForm{}, false
	}
	f = nameForm{letters: strings.Join(words, ""), bones: bones(words), arabic: arabic}
	sounds := make([]string, len(words))
	var kept []string
	for i, w := range words {
		sounds[i] = sound(w)
		if !particles[w] && sounds[i] != "" {
			kept = append(kept, sounds[i])
		}
	}
	f.sound = strings.Join(sounds, "")
	if len(kept) == 0 {
		kept = sounds
	}
	f.words = strings.Join(sortedDistinct(kept), " ")
	return f, true
}

func withoutTitles(words []string) []string {
	for len(words) > 1 && titles[words[0]] {
		words = words[1:]
	}
	return words
}
