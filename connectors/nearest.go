package connectors

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// proposed is the least likeness worth a "did you mean": below it a proposal
// sends people the wrong way more often than it helps.
const proposed = 0.84

// Nearest returns the at most n codes whose spellings look most like text, the
// likeliest first; none when nothing is close.
func (l *CodeList) Nearest(text string, n int) []Code {
	key := ListKey(text)
	if key == "" || n <= 0 {
		return nil
	}
	type scored struct {
		code  int
		score float64
	}
	var found []scored
	for _, s := range l.spelt() {
		score := likeness(key, s.key)
		switch last := len(found) - 1; {
		case score < proposed:
		case last >= 0 && found[last].code == s.code:
			found[last].score = max(found[last].score, score)
		default:
			found = append(found, scored{s.code, score})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	codes := make([]Code, 0, n)
	for _, f := range found[:min(n, len(found))] {
		codes = append(codes, l.Codes[f.code])
	}
	return codes
}

// likeness is the Jaro-Winkler similarity of two keys of comparable length, 0 to
// 1, or nearly 1 when one begins the other. Two letters resemble everything, so
// they resemble nothing.
func likeness(a, b string) float64 {
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	n := utf8.RuneCountInString(short)
	switch {
	case n < 3:
		return 0
	case n >= 5 && strings.HasPrefix(long, short):
		return 0.95
	case 5*n < 3*utf8.RuneCountInString(long):
		return 0 // Jaro is generous to a short key beside a long one
	}
	return jaroWinkler([]rune(a), []rune(b))
}

// jaroWinkler follows W. E. Winkler, "String Comparator Metrics and Enhanced
// Decision Rules in the Fellegi-Sunter Model of Record Linkage" (1990): Jaro's
// share of common characters, raised for a common beginning of up to four.
func jaroWinkler(a, b []rune) float64 {
	j := jaro(a, b)
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return j + float64(prefix)*0.1*(1-j)
}

func jaro(a, b []rune) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	window := max(max(len(a), len(b))/2-1, 0)
	taken := make([]bool, len(b))
	var common []rune
	for i, r := range a {
		for k := max(i-window, 0); k < min(i+window+1, len(b)); k++ {
			if !taken[k] && b[k] == r {
				taken[k] = true
				common = append(common, r)
				break
			}
		}
	}
	if len(common) == 0 {
		return 0
	}
	out, i := 0, 0
	for k, t := range taken {
		if t {
			if b[k] != common[i] {
				out++
			}
			i++
		}
	}
	m := float64(len(common))
	return (m/float64(len(a)) + m/float64(len(b)) + (m-float64(out)/2)/m) / 3
}

// LabelLike is the code's label in the script text is written in, so that a
// proposal reads like what the member typed.
func (c Code) LabelLike(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
		return c.Label.In("ar")
	}
	return c.Label.In("fr")
}
