package link

// How alike two texts are, in bytes. What a pair costs is mostly decided here, so
// each is asked only of texts that differ.

// longest is how much of a text is looked at: an address of more is one by its beginning.
const longest = 256

// jaro is the similarity of two short texts by the letters they share in about the
// same place (Jaro 1989): 1 when they are equal, 0 when they share none.
func jaro(a, b string) float64 {
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	if len(a) > len(b) || len(a) == len(b) && a > b {
		a, b = b, a // which one is asked first must not matter
	}
	if len(a) == 0 {
		return 0
	}
	var inA, inB [longest]bool
	reach := max(len(b)/2-1, 0)
	shared := 0
	for i := range len(a) {
		for j := max(i-reach, 0); j < min(i+reach+1, len(b)); j++ {
			if a[i] == b[j] && !inB[j] {
				inA[i], inB[j] = true, true
				shared++
				break
			}
		}
	}
	if shared == 0 {
		return 0
	}
	moved, j := 0, 0
	for i := range len(a) {
		if !inA[i] {
			continue
		}
		for !inB[j] {
			j++
		}
		if a[i] != b[j] {
			moved++
		}
		j++
	}
	m := float64(shared)
	return (m/float64(len(a)) + m/float64(len(b)) + (m-float64(moved/2))/m) / 3
}

// jaroWinkler has a bonus for a common beginning (Winkler 1990).
func jaroWinkler(a, b string) float64 {
	j := jaro(a, b)
	if j <= 0.7 {
		return j
	}
	same := 0
	for same < min(len(a), len(b), 4) && a[same] == b[same] {
		same++
	}
	return j + 0.1*float64(same)*(1-j)
}

// within says whether edits changes make one text of the other: a character replaced,
// added or left out (Levenshtein).
func within(a, b string, edits int) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a) == 0 || len(b) == 0:
		return len(a)+len(b) <= edits
	case edits == 0 || max(len(a), len(b))-min(len(a), len(b)) > edits:
		return false
	}
	return within(a[1:], b[1:], edits-1) || within(a[1:], b, edits-1) || within(a, b[1:], edits-1)
}

// slip: one character typed wrong, forgotten, added, or two exchanged. One exchange
// is the only way for texts of n characters to have a Jaro similarity of 1 - 1/3n.
func slip(a, b string) bool {
	if len(a) == len(b) && unlike(a, b) <= 3 && jaro(a, b) >= 1-0.34/float64(len(a)) {
		return true
	}
	return within(a, b, 1) && jaro(a, b) >= 0.8
}

// unlike counts the places where two texts of one length differ.
func unlike(a, b string) int {
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}
