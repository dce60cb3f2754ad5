package example

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"cp3/pipeline"
)

// A hand is how one focal point writes: in which language, with which letters,
// dates and codes. It is the same all over a workbook.
type hand struct {
	arabic   bool // labels and codes in Arabic
	capitals capitals
	plain    bool // no accents
	sex      sexStyle
	dates    dateStyle // of services
	births   dateStyle
	nation   nationStyle
	phone    phoneStyle
	yes, no  string
	marks    []string // what stands for nothing, beside an empty cell
	respell  int      // how many mentions in a hundred are respelt
	oddities Habit    // an invisible oddity in some names: Tatweel, ZeroWidth, Decomposed
}

type capitals uint8

const (
	familyCapitals capitals = iota // DIALLO Aïssatou
	allCapitals                    // DIALLO AISSATOU
	usual                          // Diallo Aïssatou
	noCapitals                     // diallo aissatou
)

type sexStyle uint8

const (
	sexFH sexStyle = iota
	sexFM
	sexLower
	sexWords
	sexGirl // Fille, Garçon
	sexTitle
	sexDigits
	sexArabic
)

var sexTexts = map[sexStyle][2]string{
	sexFH: {"F", "H"}, sexFM: {"F", "M"}, sexLower: {"f", "h"}, sexWords: {"Femme", "Homme"}, sexGirl: {"Fille", "Garçon"},
	sexTitle: {"Mme", "M."}, sexArabic: {"أنثى", "ذكر"},
}

func (h hand) sexOf(p *Person) value {
	if p.SexUnsaid {
		return value{}
	}
	i := 0
	if p.Sex == pipeline.Men {
		i = 1
	}
	switch h.sex {
	case sexDigits:
		return value{kind: number, number: float64(2 - i), habits: []Habit{SexDigits}}
	case sexArabic:
		return str(sexTexts[sexArabic][i], SexArabic)
	case sexWords, sexGirl, sexTitle:
		return str(sexTexts[h.sex][i], SexWords)
	}
	return str(sexTexts[h.sex][i], SexLetters)
}

type nationStyle uint8

const (
	nationCountry nationStyle = iota
	nationCapitals
	nationDemonym
	nationISO3
	nationISO2
	nationArabic
)

func (h hand) nationOf(p *Person) value {
	n := names().Nationalities[p.Nationality]
	switch h.nation {
	case nationCapitals:
		return str(strings.ToUpper(withoutAccents(n.Country)), NationCountry)
	case nationDemonym:
		if p.Sex == pipeline.Women {
			return str(n.Woman, NationDemonym)
		}
		return str(n.Man, NationDemonym)
	case nationISO3:
		return str(p.Nationality, NationISO)
	case nationISO2:
		return str(n.ISO2, NationISO)
	case nationArabic:
		return str(n.Arabic, NationArabic)
	}
	return str(n.Country, NationCountry)
}

type phoneStyle uint8

const (
	phonePairs  phoneStyle = iota // 06 00 01 23 45
	phonePlain                    // 0600012345
	phoneWorld                    // +212 600 012345
	phoneNumber                   // 600012345, a number that lost its zero
	phoneDots                     // 06.00.01.23.45
	phoneArabic
)

func (h hand) phoneOf(p *Person) value {
	n := "0" + p.Phone
	pairs := []string{n[:2], n[2:4], n[4:6], n[6:8], n[8:]}
	switch h.phone {
	case phonePlain:
		return str(n, NumbersAsText)
	case phoneWorld:
		return str("+212 " + p.Phone[:3] + " " + p.Phone[3:])
	case phoneNumber:
		v := 0.0
		for _, c := range p.Phone {
			v = v*10 + float64(c-'0')
		}
		return value{kind: number, number: v, habits: []Habit{TextAsNumbers}}
	case phoneDots:
		return str(strings.Join(pairs, "."))
	case phoneArabic:
		return str(arabicDigits(n), ArabicDigits)
	}
	return str(strings.Join(pairs, " "))
}

// day writes the date of a service.
func (h hand) day(d pipeline.Date) value { return written(d, h.dates) }

// answer writes yes or no.
func (h hand) answer(yes bool) value {
	s := h.no
	if yes {
		s = h.yes
	}
	if s == "" {
		if s = "non"; yes {
			s = "oui"
		}
	}
	return str(s)
}

// letters writes a name with the hand's capitals and accents.
func (h hand) letters(s string, family bool) value {
	var habits []Habit
	if h.plain {
		s = withoutAccents(s)
	}
	switch {
	case h.capitals == allCapitals, h.capitals == familyCapitals && family:
		s = strings.ToUpper(s)
		habits = append(habits, Capitals)
	case h.capitals == noCapitals:
		s = strings.ToLower(s)
	}
	return str(s, habits...)
}

// odd hides the hand's oddity in a name.
func (h hand) odd(d *draw, v value) value {
	if h.oddities == "" || v.kind != text || !d.chance(25) {
		return v
	}
	s := v.text
	switch h.oddities {
	case ZeroWidth:
		s = s[:1] + "\u200b" + s[1:]
		if v.text[0] >= 0x80 {
			s = "\u200f" + v.text
		}
	case Decomposed:
		if s = norm.NFD.String(s); s == v.text {
			return v
		}
	case Tatweel:
		if s = tatweel(s); s == v.text {
			return v
		}
	}
	v.text, v.habits = s, append(v.habits, h.oddities)
	return v
}

// tatweel stretches an Arabic word after its second letter, when that letter
// joins the next one.
func tatweel(s string) string {
	r := []rune(s)
	for i := 1; i < len(r)-1; i++ {
		if strings.ContainsRune("بتثجحخسشصضطظعغفقكلمنهي", r[i]) && r[i+1] != ' ' {
			return string(r[:i+1]) + "ــ" + string(r[i+1:])
		}
	}
	return s
}

// Codes in words, as centres and agencies write them.
var (
	statusTexts = map[string][3]string{ // women, men, Arabic
		"REGULARISE":      {"Régularisée", "Régularisé", "مسوى الوضعية"},
		"REFUGIE":         {"Réfugiée", "Réfugié", "لاجئ"},
		"DEMANDEUR_ASILE": {"Demandeuse d'asile", "Demandeur d'asile", "طالب لجوء"},
		"EN_COURS":        {"En cours de régularisation", "En cours", "في طور التسوية"},
		"ETUDIANT":        {"Étudiante", "Étudiant", "طالب"},
		"AUTRE":           {"Autre", "Autre", "أخرى"},
	}
	docTexts = map[string][3]string{
		"CARTE_SEJOUR": {"Carte de séjour", "CS", "بطاقة الإقامة"},
		"CARTE_HCR":    {"Carte HCR", "HCR", "بطاقة المفوضية"},
		"PASSEPORT":    {"Passeport", "Passport", "جواز السفر"},
	}
	cityArabic = map[string]string{"Rabat": "الرباط", "Salé": "سلا", "Témara": "تمارة", "Kénitra": "القنيطرة", "Casablanca": "الدار البيضاء",
		"Mohammedia": "المحمدية", "Tanger": "طنجة", "Oujda": "وجدة", "Agadir": "أكادير"}
)

func (h hand) statusOf(p *Person) value {
	t := statusTexts[p.Status]
	switch {
	case h.arabic:
		return str(t[2])
	case p.Sex == pipeline.Men || p.SexUnsaid:
		return str(t[1])
	}
	return str(t[0])
}

func (h hand) cityOf(p *Person) value {
	if h.arabic {
		return str(cityArabic[p.City])
	}
	return h.letters(p.City, h.capitals == allCapitals)
}
