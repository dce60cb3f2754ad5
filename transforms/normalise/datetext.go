package normalise

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// written is a date as its writer laid it out: what parseDate understood of a
// text, before anyone asks whether it makes sense in its column.
type written struct {
	date       pipeline.Date // Year may be 0 to 99: see twoDigits
	twoDigits  bool          // the year has two digits; its century is the column's to say
	monthFirst bool          // the day and month were exchanged: nothing else was possible
	serial     float64       // the text is an Excel serial; date is then zero
	problem    string        // issue code when it can't be read
}

// longest is more than any date takes, day of the week and time included.
const longest = 60

// clock is a time of day after a date; it says nothing here.
var clock = regexp.MustCompile(`(\s|,|T)\d{1,2}\s?[:hH]\s?\d{2}([:m]\d{2}([.,]\d+)?s?)?\s?(?i:am|pm|ص|م)?(Z|[+-]\d{2}:?\d{2})?$`)

// parseDate reads a date out of a text: 31/12/2020, 31-12-20, 2020-12-31, 31 déc.
// 2020, 1er janvier 2020, ٣١ دجنبر ٢٠٢٠, 12/2020, 2020, 31122020, with or without a
// time after it. Day before month, as in French, unless that is impossible.
func parseDate(text string) written {
	text = fold.Digits(fold.Tidy(text))
	if a, b, c, ok := figures(text); ok {
		return threeNumbers(a, b, c)
	}
	if len([]rune(text)) > longest {
		return written{problem: "date.unreadable"}
	}
	if at := clockAt(text); at >= 0 {
		text = strings.TrimRight(text[:at], " ,Tà")
	}
	numbers, month, monthAt, ok := dateParts(text)
	switch {
	case !ok:
		return written{problem: "date.unreadable"}
	case month > 0:
		return namedMonth(numbers, month, monthAt)
	}
	switch len(numbers) {
	case 1:
		return oneNumber(numbers[0])
	case 2:
		return twoNumbers(numbers[0], numbers[1])
	case 3:
		return threeNumbers(numbers[0], numbers[1], numbers[2])
	}
	return written{problem: "date.unreadable"}
}

// figures splits the commonest form, three numbers around one kind of separator.
func figures(text string) (a, b, c string, ok bool) {
	i := strings.IndexAny(text, "/-. ")
	if i < 1 {
		return "", "", "", false
	}
	a = text[:i]
	b, c, ok = strings.Cut(text[i+1:], text[i:i+1])
	return a, b, c, ok && isDigits(a) && isDigits(b) && isDigits(c)
}

// clockAt is where a time of day begins, -1 without one.
func clockAt(text string) int {
	if !strings.ContainsAny(text, ":hH") {
		return -1
	}
	if at := clock.FindStringIndex(text); at != nil {
		return at[0]
	}
	return -1
}

// dateParts splits a text into its numbers and the month it names, if any;
// monthAt is how many numbers stand before that name. It fails on any other word.
func dateParts(text string) (numbers []string, month, monthAt int, ok bool) {
	var words []string
	flush := func() bool {
		if len(words) == 0 {
			return true
		}
		m := fold.Month(strings.Join(words, " "))
		words = words[:0]
		if m == 0 || month > 0 {
			return false
		}
		month, monthAt = m, len(numbers)
		return true
	}
	for _, t := range splitDigits(fold.Key(text)) {
		switch {
		case t[0] >= '0' && t[0] <= '9':
			if !flush() {
				return nil, 0, 0, false
			}
			numbers = append(numbers, t)
		case !unread[t]:
			words = append(words, t)
		}
	}
	if !flush() {
		return nil, 0, 0, false
	}
	return numbers, month, monthAt, true
}

// splitDigits cuts a key into words, between letters and digits too: "1er", "31dec".
func splitDigits(key string) []string {
	var tokens []string
	for w := range strings.FieldsSeq(key) {
		start, digit := 0, false
		for i, c := range w {
			d := unicode.IsDigit(c)
			if i > 0 && d != digit {
				tokens = append(tokens, w[start:i])
				start = i
			}
			digit = d
		}
		tokens = append(tokens, w[start:])
	}
	return tokens
}

// oneNumber reads 2020, 31122020, 20201231, 43831 (an Excel serial), and 1022020,
// which lost its first zero when it was typed as a number.
func oneNumber(s string) written {
	switch len(s) {
	case 4:
		return written{date: pipeline.Date{Year: atoi(s)}}
	case 5:
		return written{serial: float64(atoi(s))}
	case 7:
		s = "0" + s
		fallthrough
	case 8:
		if w := threeNumbers(s[:2], s[2:4], s[4:]); w.problem == "" && !w.monthFirst && recent(w.date.Year) {
			return w
		}
		if w := threeNumbers(s[:4], s[4:6], s[6:]); w.problem == "" && !w.monthFirst && recent(w.date.Year) {
			return w
		}
	case 6:
		return written{problem: "date.ambiguous"} // ddmmyy, yymmdd, mmyyyy, yyyymm
	}
	return written{problem: "date.unreadable"}
}

// recent is a year somebody in a list can have been born or served in; only used
// to choose between two readings of eight digits.
func recent(y int) bool { return y >= 1900 && y <= 2100 }

// twoNumbers reads 12/2020 and 2020-12.
func twoNumbers(a, b string) written {
	switch {
	case len(a) == 4 && len(b) <= 2:
		a, b = b, a
	case len(a) <= 2 && len(b) == 4:
	case len(a) <= 2 && len(b) <= 2:
		return written{problem: "date.ambiguous"} // 12/20: a day without a year, or a month of 2020
	default:
		return written{problem: "date.unreadable"}
	}
	return whole(pipeline.Date{Year: atoi(b), Month: atoi(a)}, true)
}

// threeNumbers reads day, month and year, or year, month and day.
func threeNumbers(a, b, c string) written {
	short := func(s string) bool { return len(s) <= 2 }
	switch {
	case short(a) && short(b) && (len(c) == 4 || len(c) == 2):
		return dayFirst(atoi(a), atoi(b), atoi(c), len(c) == 2)
	case len(a) == 4 && short(b) && short(c):
		return dayFirst(atoi(c), atoi(b), atoi(a), false)
	}
	return written{problem: "date.unreadable"}
}

func dayFirst(day, month, year int, twoDigits bool) written {
	w := written{twoDigits: twoDigits}
	if month > 12 && day <= 12 {
		day, month, w.monthFirst = month, day, true
	}
	w.date = pipeline.Date{Year: year, Month: month, Day: day}
	if !exists(w.date) {
		return written{problem: "date.impossible"}
	}
	return w
}

// namedMonth reads the numbers around the name of a month: 31 décembre 2020,
// décembre 2020, December 31, 2020, déc-20.
func namedMonth(numbers []string, month, at int) written {
	var day, year string
	switch {
	case len(numbers) == 1:
		year = numbers[0]
	case len(numbers) == 2 && len(numbers[0]) == 4:
		year, day = numbers[0], numbers[1]
	case len(numbers) == 2 && at < 2:
		day, year = numbers[0], numbers[1]
	default:
		return written{problem: "date.unreadable"}
	}
	if len(year) != 4 && (len(year) != 2 || at > 0 && day == "") || len(day) > 2 {
		return written{problem: "date.unreadable"} // "31 décembre": no year
	}
	w := whole(pipeline.Date{Year: atoi(year), Month: month, Day: atoi(day)}, day == "")
	w.twoDigits = len(year) == 2
	return w
}

// whole checks that a date is in the calendar; a month alone has no day.
func whole(d pipeline.Date, monthOnly bool) written {
	e := d
	if monthOnly {
		e.Day = 1
	}
	if !exists(e) {
		return written{problem: "date.impossible"}
	}
	return written{date: d}
}

// exists reports whether a complete date is in the calendar. A year of two
// digits is judged in the 2000s: whether 29/02/00 exists depends on a century that
// isn't known yet, and 2000 had one.
func exists(d pipeline.Date) bool {
	if d.Month < 1 || d.Month > 12 || d.Day < 1 {
		return false
	}
	year := d.Year
	if year < 100 {
		year += 2000
	}
	return d.Day <= pipeline.DaysIn(year, d.Month)
}

// atoi reads a short run of ASCII digits; 0 for "".
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// unread are the words of a written date that say nothing more: articles,
// ordinals, days of the week.
var unread = keys("le", "du", "de", "en", "au", "a", "er", "ère", "ème", "e", "st", "nd", "rd", "th", "of", "né", "née", "date", "mois", "an", "année", "vers",
	"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mer", "jeu", "ven", "sam", "dim",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
	"الاثنين", "الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد", "يوم", "شهر", "سنة", "عام", "في", "من", "م", "بتاريخ")
