package normalise

import (
	"strings"

	"cp3/connectors"
	"cp3/pipeline/fold"
)

// around are words written about a country that don't tell which one it is.
var around = keys("nationalité", "nation", "pays", "origine", "d'origine", "de", "du", "d", "la", "le", "les", "l", "république", "rép", "rep", "islamique", "fédérale", "royaume", "ressortissant", "ressortissante",
	"citoyen", "citoyenne", "national", "جنسية", "الجنسية", "جمهورية", "دولة", "بلد", "من", "nationality", "republic", "of", "the")

// nationality reads a country, a demonym of either gender or number, an ISO
// code, in French, English or Arabic.
func (r *reading) nationality() Value {
	l := r.list()
	if c, ok := r.lookUp(l); ok {
		return coded(c)
	}
	if c, ok := essential(l, r.shown()); ok {
		return coded(c)
	}
	if near, _ := r.nearest(l); near != "" {
		return r.refuse("nationality.misspelt", "nearest", near)
	}
	return r.refuse("nationality.unknown")
}

// essential looks the country up without the words around it ("de nationalité
// sénégalaise"), then in the singular ("Maliens", "Camerounaises").
func essential(l *connectors.CodeList, text string) (connectors.Code, bool) {
	if l == nil {
		return connectors.Code{}, false
	}
	var words []string
	for w := range strings.FieldsSeq(fold.Key(text)) {
		if !around[w] {
			words = append(words, w)
		}
	}
	rest := strings.Join(words, " ")
	if c, ok := l.Find(rest); ok {
		return c, true
	}
	singular, plural := strings.CutSuffix(rest, "s")
	if !plural {
		return connectors.Code{}, false
	}
	return l.Find(singular)
}
