package fold

import "strings"

// Nearly every text of a workbook is made of ASCII, accented Latin and Arabic
// letters already in normal form. Those take the quick way below, a table per
// character; anything else takes the general one. Both give the same result,
// which is fuzzed.

// quickEnd is just past the Arabic digits, the last characters of the table.
const quickEnd = 0x066a

// easy reports whether r is visible, in NFC whatever stands beside it, and no
// kind of space.
func easy(r rune) bool {
	switch {
	case r > 0x20 && r < 0x7f:
		return true
	case r > 0xa0 && r < 0x180:
		return r != 0xad // soft hyphen
	}
	return r >= 0x0621 && r <= 0x063a || r >= 0x0641 && r <= 0x064a || r >= 0x0660 && r < quickEnd
}

// isTidy reports that s is certainly tidy; false means only that it may not be.
func isTidy(s string) bool {
	spaced := true
	for _, r := range s {
		if r == ' ' {
			if spaced {
				return false
			}
			spaced = true
			continue
		}
		if !easy(r) {
			return false
		}
		spaced = false
	}
	return !spaced || s == ""
}

// part is what one character becomes in a key.
type part struct {
	known bool
	space bool // it separates words
	text  string
}

// parts is worked out from the general way, which alone says what a key is.
var parts = func() (table [quickEnd]part) {
	for r := rune(' '); r < quickEnd; r++ {
		if r != ' ' && !easy(r) {
			continue
		}
		between := key("a" + string(r) + "a")
		switch p := between[1 : len(between)-1]; {
		case p == " ":
			table[r] = part{known: true, space: true}
		case !strings.Contains(p, " "): // "ŀ" is a letter and a sign: the general way
			table[r] = part{known: true, text: p}
		}
	}
	return table
}()

// quickKey gives the key of s when every character of s is in the table. A text
// that is its own key is given back without a copy.
func quickKey(s string) (string, bool) {
	var room [96]byte
	out := room[:0]
	space := false
	for _, r := range s {
		if r < 0 || r >= quickEnd || !parts[r].known {
			return "", false
		}
		p := &parts[r]
		switch {
		case p.space:
			space = true
		case p.text != "":
			if space && len(out) > 0 {
				out = append(out, ' ')
			}
			space = false
			if len(p.text) == 1 {
				out = append(out, p.text[0])
			} else {
				out = append(out, p.text...)
			}
		}
	}
	if string(out) == s {
		return s, true
	}
	return string(out), true
}
