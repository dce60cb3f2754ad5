package fold

import "strings"

// monthNames are the months as members write them: French and English, full and
// short; Arabic as in Morocco (غشت, دجنبر), in Algeria and Tunisia (جانفي, أوت), in
// Egypt (أغسطس, ديسمبر) and in the Levant (كانون الأول).
var monthNames = monthKeys([12]string{
	"janvier janv jan january jänner يناير جانفي كانون_الثاني",
	"février févr fév fevr feb february فبراير فيفري شباط",
	"mars mar march مارس آذار",
	"avril avr apr april أبريل افريل أفريل نيسان",
	"mai may ماي مايو أيار",
	"juin jun june يونيو يونيه جوان حزيران",
	"juillet juil juill jul july يوليوز يوليو يوليه جويلية تموز",
	"août aoû aug august غشت أغسطس أوت آب",
	"septembre sept sep september شتنبر سبتمبر أيلول",
	"octobre oct october أكتوبر اكتوبر تشرين_الأول",
	"novembre nov november نونبر نوفمبر تشرين_الثاني",
	"décembre déc dec december دجنبر ديسمبر كانون_الأول",
})

func monthKeys(lists [12]string) map[string]int {
	m := map[string]int{}
	for i, names := range lists {
		for name := range strings.FieldsSeq(names) {
			m[Key(strings.ReplaceAll(name, "_", " "))] = i + 1
		}
	}
	return m
}

// Month is the month a folded name stands for, 1 to 12; 0 for any other text.
func Month(key string) int { return monthNames[key] }

// MonthsQuarter is the quarter whose first and last month a folded text names one
// after the other, with at most the one between, a year or a small word around
// them: "etat d octobre a decembre 2020", "janv fev mars". 0 when its months are
// not those of one quarter.
func MonthsQuarter(key string) int {
	words := strings.Fields(key)
	first, last, found := 0, 0, 0
	for i := 0; i <= len(words); i++ {
		m, taken := monthAt(words, i)
		switch {
		case m > 0 && first == 0:
			first, last = m, m
		case m > 0 && m > last:
			last = m
		case m > 0:
			return 0
		case i < len(words) && (betweenMonths[words[i]] || isYear(words[i])):
		default:
			if first%3 == 1 && last == first+2 {
				found = (first + 2) / 3
			} else if first > 0 {
				return 0
			}
			first, last = 0, 0
		}
		i += max(taken-1, 0)
	}
	return found
}

// monthAt is the month named at word i, and in how many words.
func monthAt(words []string, i int) (month, taken int) {
	if i >= len(words) {
		return 0, 0
	}
	if i+1 < len(words) {
		if m := monthNames[words[i]+" "+words[i+1]]; m > 0 {
			return m, 2
		}
	}
	if m := monthNames[words[i]]; m > 0 {
		return m, 1
	}
	return monthNames[strings.TrimPrefix(words[i], "d")], 1 // "d'octobre"
}

// betweenMonths are the words that may stand around the months of a period.
var betweenMonths = map[string]bool{"de": true, "du": true, "a": true, "au": true, "et": true, "mois": true, "from": true, "to": true, "and": true,
	"من": true, "الي": true, "شهر": true, "اشهر": true}

func isYear(w string) bool {
	return len(w) == 4 && strings.HasPrefix(w, "20") && strings.Trim(w, "0123456789") == ""
}
