package normalise

import (
	"strings"
	"unicode"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// markers are the words that mean an empty cell in every kind of column.
var markers = keys("NR", "N.R", "ND", "N.D", "N/A", "N/D", "N/R", "N/C", "Néant", "Non renseigné", "Non renseignée", "Non communiqué", "Non communiquée", "Non disponible",
	"Non déclaré", "Non déclarée", "Non précisé", "Non précisée", "Non applicable", "Non concerné", "Non concernée", "Non défini", "Non définie", "Non connu", "Non connue", "Sans objet",
	"Inconnu", "Inconnue", "Ne sait pas", "NSP", "À compléter", "À renseigner", "À préciser", "Null", "Unknown", "Not available", "Not applicable",
	"غير متوفر", "غير متوفرة", "غير معروف", "غير معروفة", "غير محدد", "غير محددة", "غير مصرح", "غير مصرح به", "غير معني", "لا يوجد", "لا توجد", "لا شيء", "لاشيء", "بدون", "فارغ")

// wordMarkers are markers too, except in a name: Na and Ras are somebody's.
var wordMarkers = keys("NA", "NC", "RAS", "R.A.S", "Rien", "Vide", "Aucun", "Aucune", "Sans", "None", "Nil", "S/O")

// wholeYear is how a form says that no single quarter is meant.
var wholeYear = keys("Année", "Année entière", "Toute l'année", "L'année", "Annuel", "Annuelle", "An", "Tous", "Tous les trimestres", "T1-T4", "T1 à T4",
	"السنة", "السنة كاملة", "السنة كلها", "سنوي", "سنوية", "Year", "Full year", "Annual")

func keys(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[fold.Key(w)] = true
	}
	return m
}

// saysNothing reports whether the cell, though filled, is a way of leaving it
// empty.
func (r *reading) saysNothing() bool {
	switch r.cell.Kind {
	case pipeline.NumberCell, pipeline.DateCell:
		return r.cell.Number == 0 && zeroIsNothing(r.field.Type)
	case pipeline.TextCell:
	default:
		return false
	}
	if !strings.ContainsFunc(r.text, meaningful) {
		return true
	}
	t := r.field.Type
	if !maySayNothing(r.text, t) {
		return false
	}
	key := fold.Key(r.text)
	switch {
	case t == connectors.FamilyName || t == connectors.GivenName || t == connectors.FullName:
		return markers[key]
	case t == connectors.Quarter && wholeYear[key]:
		return true
	case zeroIsNothing(t) && strings.Trim(key, "0 ") == "":
		return true
	case (t == connectors.CodeType || t == connectors.YesNo) && r.listed():
		return false // the list has a meaning for it: "aucune" is an answer to some questions
	}
	return markers[key] || wordMarkers[key] || crosses(key)
}

// maySayNothing reports whether a text may be a marker, by how it begins: no letters
// but those markers begin with, nor a digit but zero. Nearly no text does, and
// folding each takes longer than the rest of reading it.
func maySayNothing(text string, t connectors.FieldType) bool {
	if len(text) < 2 {
		return true
	}
	a, b := text[0]|0x20, text[1]|0x20
	if a >= 'a' && a <= 'z' && b >= 'a' && b <= 'z' {
		return markerStarts[a-'a'][b-'a']
	}
	return text[0] < '1' || text[0] > '9' || t == connectors.Quarter
}

// markerStarts are the first two letters of all that may say nothing.
var markerStarts = func() (starts [26][26]bool) {
	add := func(key string) {
		if len(key) > 1 && key[0] >= 'a' && key[0] <= 'z' && key[1] >= 'a' && key[1] <= 'z' {
			starts[key[0]-'a'][key[1]-'a'] = true
		}
	}
	for _, words := range []map[string]bool{markers, wordMarkers, wholeYear} {
		for key := range words {
			add(key)
		}
	}
	add("xx")
	return starts
}()

// listed reports whether the field's list knows the text.
func (r *reading) listed() bool {
	l := r.list()
	if l == nil {
		return false
	}
	_, ok := l.Find(r.text)
	return ok
}

// meaningful reports whether a character can say something by itself: not
// punctuation, but a tick does.
func meaningful(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r)
}

// zeroIsNothing: formulas that copy an empty cell give 0, and no date, phone or
// paper is zero.
func zeroIsNothing(t connectors.FieldType) bool {
	switch t {
	case connectors.BirthDate, connectors.DateType, connectors.Phone, connectors.DocNumber, connectors.ICE, connectors.Identifier,
		connectors.Nationality, connectors.Locality, connectors.Email:
		return true
	}
	return false
}

// crosses reports "xx", "XXX": two or more, since a single x is a tick.
func crosses(key string) bool {
	return len(key) > 1 && strings.Trim(key, "x") == ""
}
