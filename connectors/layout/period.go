package layout

import (
	"regexp"
	"strconv"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// The ways a quarter is written, on folded text.
var quarterForms = []*regexp.Regexp{
	regexp.MustCompile(`\b[tq] ?([1-4])\b`),
	regexp.MustCompile(`\b([1-4]) ?(?:er|ere|e|eme|nd|nde|st|rd|th)? ?(?:trimestre|trim|quarter)\b`),
	regexp.MustCompile(`\b(?:trimestre|trim|quarter) ?([1-4])\b`),
	regexp.MustCompile(`\b(?:trimestre|trim) (iv|iii|ii|i)\b`),
	regexp.MustCompile(`\b(iv|iii|ii|i) ?(?:er|e|eme)? (?:trimestre|trim)\b`),
	regexp.MustCompile(`\b(premier|deuxieme|troisieme|quatrieme|first|second|third|fourth) (?:trimestre|quarter)\b`),
	regexp.MustCompile(`(?:الفصل|الربع|فصل|ربع) ?((?:ال)?(?:اول|ثاني|ثالث|رابع)|[1-4])(?:$| )`),
}

var quarterWords = map[string]int{
	"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4,
	"premier": 1, "deuxieme": 2, "troisieme": 3, "quatrieme": 4, "first": 1, "second": 2, "third": 3, "fourth": 4,
	"الاول": 1, "الثاني": 2, "الثالث": 3, "الرابع": 4, "اول": 1, "ثاني": 2, "ثالث": 3, "رابع": 4,
}

// QuarterIn finds the one quarter a text names; 0 when it names none or several.
func QuarterIn(text string) int { return quarterIn(fold.Key(text)) }

func quarterIn(key string) int {
	if !strings.ContainsAny(key, "1234") && !strings.Contains(key, "trim") && !strings.Contains(key, "quarter") &&
		!strings.Contains(key, "فصل") && !strings.Contains(key, "ربع") {
		return fold.MonthsQuarter(key) // nearly every header
	}
	found := 0
	for _, form := range quarterForms {
		for _, m := range form.FindAllStringSubmatch(key, -1) {
			q := quarterWords[m[1]]
			if found != 0 && q != found {
				return 0
			}
			found = q
		}
	}
	if found == 0 {
		found = fold.MonthsQuarter(key)
	}
	return found
}

// dayForm is a full date, of a version or a printing: no period.
var dayForm = regexp.MustCompile(`\b\d{1,2} \d{1,2} (?:20)?\d\d\b|\b20\d\d \d\d \d\d\b`)

var yearForm = regexp.MustCompile(`(?:^|\D)(20\d\d)(?:$|\D)`)

// PeriodIn finds the one year a text names, with its quarter if it names one. Two
// different years give none: nobody can say which is meant.
func PeriodIn(text string) pipeline.Period {
	key := fold.Key(text)
	if !strings.Contains(key, "20") {
		return pipeline.Period{}
	}
	key = dayForm.ReplaceAllString(key, " ")
	year := 0
	for rest := key; ; {
		m := yearForm.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		y, _ := strconv.Atoi(rest[m[2]:m[3]])
		if year != 0 && y != year {
			return pipeline.Period{}
		}
		year = y
		rest = rest[m[3]:]
	}
	if year == 0 {
		return pipeline.Period{}
	}
	return pipeline.Period{Year: year, Quarter: quarterIn(key)}
}

// annualWords name the whole year over a column group of a wide sheet.
var annualWords = wordSet("année annuel annuelle cumul année السنة سنوي السنوي year annual")

// groupOf reads the titles over a column of a wide sheet: which quarter, or the
// whole year.
func groupOf(text string) (year, quarter int, ok bool) {
	key := fold.Key(text)
	quarter = quarterIn(key)
	year = PeriodIn(text).Year
	if quarter > 0 {
		return year, quarter, true
	}
	for w := range strings.SplitSeq(key, " ") {
		if annualWords[stem(w)] {
			return year, 0, true
		}
	}
	return year, 0, year > 0
}

// sexWords are the words of a sub-header that say whose figure a column holds.
func sexWords(wide *connectors.WideColumns) map[string]pipeline.Sex {
	words := map[string]pipeline.Sex{}
	add := func(s pipeline.Sex, texts ...string) {
		for _, t := range texts {
			for _, w := range strings.Fields(fold.Key(t)) {
				words[stem(w)] = s
			}
		}
	}
	add(pipeline.Women, "F", "Femme", "Filles", "Féminin", "Women", "إناث", "نساء", "أنثى")
	add(pipeline.Men, "H", "Homme", "Garçons", "Masculin", "Men", "M", "ذكور", "رجال", "ذكر")
	add(pipeline.Total, "T", "Total", "Ensemble", "Totaux", "المجموع", "مجموع", "الإجمالي")
	if wide != nil {
		add(pipeline.Women, wide.Women.FR, wide.Women.AR)
		add(pipeline.Men, wide.Men.FR, wide.Men.AR)
		add(pipeline.Total, wide.Total.FR, wide.Total.AR)
	}
	return words
}

// sexOf finds whose figure a header names: the one sex among its words.
func (g *Guide) sexOf(text string) (found pipeline.Sex) {
	for w := range strings.SplitSeq(fold.Key(text), " ") {
		s, ok := g.sexes[stem(w)]
		if !ok {
			s, ok = g.sexes[w]
		}
		switch {
		case !ok:
		case found == "" || found == pipeline.Total:
			found = s // "Total femmes" is women
		case s != found && s != pipeline.Total:
			return ""
		}
	}
	return found
}
