package layout

import (
	"fmt"
	"strings"
	"testing"
)

// A long list: what understanding costs a row.
func BenchmarkList(b *testing.B) {
	const rows = 20_000
	var text strings.Builder
	text.WriteString("Nom | Prénom | Sexe | Date de naissance | Nationalité | Situation administrative | Type de document | N° du document | Téléphone | Ville | Date d'accueil | Informé sur | Référé vers | Date de référencement | Observations\n")
	for i := range rows {
		fmt.Fprintf(&text, "Diallo | Awa | F | @33000 | Mali | Régularisé | Passeport | X%06d | 0612345678 | Rabat | @44105 | Emploi | ANAPEC | @44110 | rien\n", i)
	}
	s := page("Accueil", text.String())
	g := guide(b, "EN", "Accueil")
	b.ResetTimer()
	for b.Loop() {
		if _, ok := g.List(s); !ok {
			b.Fatal("no header")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}

// A sheet nobody expects, compared with every member's declarations.
func BenchmarkUnknownSheet(b *testing.B) {
	s := page("Feuil3", strings.Repeat("des mots | que personne | n'attend ici | dans une | liste de choses\n", 100))
	all := guides(b, "EN")
	b.ResetTimer()
	for b.Loop() {
		Recognise([]*Sheet{s}, all)
	}
}
