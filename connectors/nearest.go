package connectors

import (
	"cmp"
	"math/bits"
	"slices"
	"unicode"
)

// proposed is the least likeness worth a "did you mean": below it a proposal
// sends people the wrong way more often than it helps.
const proposed = 0.84

// Nearest returns the at most n codes whose spellings look most like text, the
// likeliest first; none when nothing is close. What it found is remembered: the
// same misspelling fills a column.
func (l *CodeList) Nearest(text string, n int) []Code {
	key := ListKey(text)
	if key == "" || n <= 0 {
		return nil
	}
	l.mu.Lock()
	near, known := l.near[key]
	l.mu.Unlock()
	if !known {
		near = l.search(lettersOf(key))
		l.mu.Lock()
		if l.near == nil || len(l.near) >= remembered {
			l.near = map[string][]int{}
		}
		l.near[key] = near
		l.mu.Unlock()
	}
	codes := make([]Code, 0, n)
	for _, i := range near[:min(n, len(near))] {
		codes = append(codes, l.Codes[i])
	}
	return codes
}

// remembered bounds what Nearest remembers; past it, it starts afresh.
const remembered = 4096

// search compares a key with every spelling of the list, and gives the positions
// of the codes it resembles, the likeliest first.
func (l *CodeList) search(key letters) []int {
	type scored struct {
		code  int
		score float64
	}
	var found []scored
	place := map[int]int{} // of a code in found
	for _, s := range l.spelt() {
		score := likeness(key, s.letters)
		if score < proposed {
			continue
		}
		if at, seen := place[s.code]; seen {
			found[at].score = max(found[at].score, score)
			continue
		}
		place[s.code] = len(found)
		found = append(found, scored{s.code, score})
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	codes := make([]int, len(found))
	for i, f := range found {
		codes[i] = f.code
	}
	return codes
}

// letters are the characters of a key, and which ones it has, in 64 classes: two
// keys that share no class share no character.
type letters struct {
	runes []rune
	mask  uint64
}

func lettersOf(key string) letters {
	l := letters{runes: []rune(key)}
	for _, r := range l.runes {
		l.mask |= 1 << (r & 63)
	}
	return l
}

// likeness is the Jaro-Winkler similarity of two keys of comparable length, 0 to
// 1, or nearly 1 when one begins the other; 0 when it is below proposed anyway.
// Two letters resemble everything, so they resemble nothing.
func likeness(a, b letters) float64 {
	short, long := a.runes, b.runes
	if len(short) > len(long) {
		short, long = long, short
	}
	prefix := commonPrefix(short, long)
	switch {
	case len(short) < 3:
		return 0
	case len(short) >= 5 && prefix == len(short):
		return 0.95
	case 5*len(short) < 3*len(long):
		return 0 // Jaro is generous to a short key beside a long one
	case winkler(mostJaro(a, b), prefix) < proposed:
		return 0
	}
	return winkler(jaro(a.runes, b.runes), prefix)
}

func commonPrefix(short, long []rune) int {
	n := 0
	for n < len(short) && short[n] == long[n] {
		n++
	}
	return n
}

// winkler raises Jaro's similarity for a common beginning of up to four
// characters: W. E. Winkler, "String Comparator Metrics and Enhanced Decision
// Rules in the Fellegi-Sunter Model of Record Linkage" (1990).
func winkler(jaro float64, prefix int) float64 {
	return jaro + float64(min(prefix, 4))*0.1*(1-jaro)
}

// mostJaro bounds Jaro's similarity from above without comparing: a character
// whose class the other key lacks can't be common.
func mostJaro(a, b letters) float64 {
	m := float64(min(len(a.runes)-bits.OnesCount64(a.mask&^b.mask), len(b.runes)-bits.OnesCount64(b.mask&^a.mask)))
	return (m/float64(len(a.runes)) + m/float64(len(b.runes)) + 1) / 3
}

// jaro is the share of characters two texts have in common within half the
// length of the longer, less half of those that are out of order.
func jaro(a, b []rune) float64 {
	window := max(max(len(a), len(b))/2-1, 0)
	var room [64]bool // most keys are shorter: no allocation
	taken := room[:]
	if len(b) > len(room) {
		taken = make([]bool, len(b))
	}
	var space [64]rune
	common := space[:0]
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
	for k := range b {
		if taken[k] {
			if b[k] != common[i] {
				out++
			}
			i++
		}
	}
	m := float64(len(common))
	return (m/float64(len(a)) + m/float64(len(b)) + (m-float64(out/2))/m) / 3
}

// LabelLike is the code's label in the script text is written in, so that a
// proposal reads like what the member typed.
func (c Code) LabelLike(text string) string {
	for _, r := range text {
		if unicode.Is(unicode.Arabic, r) {
			return c.Label.In("ar")
		}
	}
	return c.Label.In("fr")
}
