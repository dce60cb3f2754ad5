package workbook

import "strings"

// format is what the number format of a style makes of a number.
type format uint8

const (
	generalFormat format = iota
	dateFormat           // it shows a day, a month or a year
	percentFormat
)

// styleReader collects the formats of a book's cell styles, by style number.
type styleReader struct {
	custom map[int]format // by numFmtId
	styles []format
}

func (r *styleReader) start(path []string, a attrs) {
	switch {
	case at(path, "styleSheet", "numFmts", "numFmt"):
		if id, ok := decimal([]byte(a.get("numFmtId"))); ok && len(r.custom) < 1<<16 {
			r.custom[id] = classify(a.get("formatCode"))
		}
	case at(path, "styleSheet", "cellXfs", "xf"):
		id, _ := decimal([]byte(a.get("numFmtId")))
		f, ok := r.custom[id]
		if !ok {
			f = builtin(id)
		}
		if len(r.styles) < 1<<20 {
			r.styles = append(r.styles, f)
		}
	}
}

// builtin is the format of an id that needs no declaration. 27 to 36 and 50 to 58
// are the East Asian dates; 18 to 21 and 45 to 47 show a time of day only, which
// is a plain number here.
func builtin(id int) format {
	switch {
	case id == 9, id == 10:
		return percentFormat
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return dateFormat
	}
	return generalFormat
}

// classify reads a format code: "dd/mm/yyyy;@" is a date, `0.0 "jours"` is not.
// Codes are stored in English whatever the language of Excel; some writers store
// French letters (jj/mm/aaaa), which mean nothing else, so they count too. The
// first section decides: it shows positive numbers, as dates are.
func classify(code string) format {
	var date, month, clock, percent bool
	for i := 0; i < len(code); {
		c := lower(code[i])
		n := 1
		switch c {
		case ';':
			i = len(code)
			continue
		case '"':
			n = quoted(code[i:], '"')
		case '[':
			n = quoted(code[i:], ']')
			clock = clock || elapsed(code[i:i+n])
		case '\\', '_', '*': // the next character is shown, spaced for, or repeated
			n = 2
		case '%':
			percent = true
		case 'e':
			// 0.00E+00; otherwise a year of an era.
			date = date || !(i+1 < len(code) && (code[i+1] == '+' || code[i+1] == '-'))
		case 'g':
			if hasFold(code[i:], "general") {
				n = len("general")
			} else {
				date = true
			}
		case 'a':
			switch {
			case hasFold(code[i:], "am/pm"):
				clock, n = true, 5
			case hasFold(code[i:], "a/p"):
				clock, n = true, 3
			default:
				date = true
			}
		case 'y', 'd', 'b', 'j':
			date = true
		case 'm':
			month = true
		case 'h', 's':
			clock = true
		}
		i += n
	}
	switch {
	case date, month && !clock:
		return dateFormat
	case percent:
		return percentFormat
	}
	return generalFormat
}

// quoted is the length of what starts with a quote or a bracket, its end included.
func quoted(s string, end byte) int {
	if n := strings.IndexByte(s[1:], end); n >= 0 {
		return n + 2
	}
	return len(s)
}

// elapsed reports whether a bracket holds a duration: [h], [mm], [ss]. Others are
// colours, conditions and languages.
func elapsed(bracket string) bool {
	inside := strings.ToLower(strings.Trim(bracket, "[]"))
	return inside != "" && (strings.Trim(inside, "h") == "" || strings.Trim(inside, "m") == "" || strings.Trim(inside, "s") == "")
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}
