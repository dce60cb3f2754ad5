package link

import "strings"

// form is one distinct value of a column, ready to be compared.
type form struct {
	text   string    // the whole of it, folded; of a date its eight digits, "" where only the year is known
	other  string    // an address's words whatever their order, a locality's consonants, an e-mail's account
	name   *nameForm // of a name
	code   int32     // of the text: equal where that is
	also   int32     // of a name's sound, an account; the year of a date
	rarity [aspects]float32
}

func judgeNames(l, r *form) uint8 {
	switch a, b := l.name, r.name; {
	case l.code == r.code:
		return 1
	case l.also == r.also, a.arabic != b.arabic && a.bones == b.bones && len(a.bones) >= 2:
		return 2
	default:
		letters, sound := jaroWinkler(a.letters, b.letters), jaroWinkler(a.sound, b.sound)
		switch {
		case letters >= 0.93, sound >= 0.95 && min(len(a.sound), len(b.sound)) >= 5,
			letters >= 0.82 && min(len(a.letters), len(b.letters)) >= 4 && within(a.letters, b.letters, 1):
			return 3 // one slip of the pen, in the letters or in the sound
		case samePart(a, b):
			return 4
		case letters >= 0.82 || sound >= 0.85:
			return 5
		}
	}
	return 6
}

// samePart: a word in common where one side has several, an initial, or a beginning.
func samePart(a, b *nameForm) bool {
	if !strings.Contains(a.words, " ") && !strings.Contains(b.words, " ") {
		return begins(a.letters, b.letters) || begins(b.letters, a.letters)
	}
	for w := range strings.SplitSeq(a.words, " ") {
		if len(w) < 3 {
			continue
		}
		for x := range strings.SplitSeq(b.words, " ") {
			if w == x {
				return true
			}
		}
	}
	return false
}

func begins(short, long string) bool {
	return len(short) >= 1 && len(short) <= 6 && len(short) != 2 && strings.HasPrefix(long, short)
}

func judgeNumbers(l, r *form) uint8 {
	shortest := min(len(l.text), len(r.text))
	switch {
	case l.code == r.code:
		return 1
	case shortest >= 5 && slip(l.text, r.text):
		return 2
	case shortest >= 7 && within(l.text, r.text, 2):
		return 3
	}
	return 4
}

func judgePhones(l, r *form) uint8 { return exactOrSlip(l, r, 0) }

func judgePostcodes(l, r *form) uint8 { return exactOrSlip(l, r, 0) }

func judgeCategories(l, r *form) uint8 { return exactOrSlip(l, r, 4) }

// exactOrSlip: a slip in texts of some length at least.
func exactOrSlip(l, r *form, length int) uint8 {
	switch {
	case l.code == r.code:
		return 1
	case min(len(l.text), len(r.text)) >= length && slip(l.text, r.text):
		return 2
	}
	return 3
}

func judgeSexes(l, r *form) uint8 {
	if l.code == r.code {
		return 1
	}
	return 2
}

func judgeEmails(l, r *form) uint8 {
	switch {
	case l.code == r.code:
		return 1
	case l.also == r.also:
		return 2
	case jaroWinkler(l.text, r.text) >= 0.92:
		return 3
	}
	return 4
}

func judgeAddresses(l, r *form) uint8 {
	if l.code == r.code {
		return 1
	}
	like := jaroWinkler(l.text, r.text)
	switch {
	case like >= 0.92, l.other == r.other:
		return 2
	case like >= 0.82, jaroWinkler(l.other, r.other) >= 0.88:
		return 3
	}
	return 4
}

func judgeLocalities(l, r *form) uint8 {
	switch {
	case l.code == r.code:
		return 1
	case l.other == r.other && len(l.other) >= 2, jaroWinkler(l.text, r.text) >= 0.9:
		return 2
	}
	return 3
}

// judgeDays compares two full dates, eight digits each.
func judgeDays(l, r *form) uint8 {
	a, b := l.text, r.text
	if a == "" || b == "" {
		return 0
	}
	year, month, day := a[:4] == b[:4], a[4:6] == b[4:6], a[6:] == b[6:]
	switch {
	case l.code == r.code:
		return 1
	case year && a[4:6] == b[6:] && a[6:] == b[4:6]:
		return 2
	case unlike(a, b) == 1, unlike(a, b) <= 3 && jaro(a, b) >= 0.958: // exchanged
		return 3
	case year && (month || day) || month && day:
		return 4
	case year:
		return 5
	}
	return 6
}

// judgeYears compares dates of which one at least is a year alone.
func judgeYears(l, r *form) uint8 {
	switch apart := l.also - r.also; {
	case l.text != "" && r.text != "":
		return 0
	case apart == 0:
		return 1
	case apart == 1 || apart == -1:
		return 2
	}
	return 3
}
