package normalise

import (
	"testing"

	"cp3/connectors"
	"cp3/pipeline"
)

// BenchmarkField is one cell of each kind that fills a nominative list.
func BenchmarkField(b *testing.B) {
	e := env(b)
	for _, bb := range []struct {
		name string
		ft   connectors.FieldType
		cell pipeline.Cell
	}{
		{"name", connectors.FamilyName, text("DIALLO")},
		{"sex", connectors.SexType, text("F")},
		{"birth serial", connectors.BirthDate, dateCell(33677)},
		{"birth text", connectors.BirthDate, text("14/03/1992")},
		{"nationality", connectors.Nationality, text("Sénégalaise")},
		{"nationality misspelt", connectors.Nationality, text("Sengalaise")},
		{"document", connectors.DocNumber, text("B123456X")},
		{"phone", connectors.Phone, text("06 12 34 56 78")},
		{"locality", connectors.Locality, text("Témara")},
		{"locality unknown", connectors.Locality, text("Rue des Oliviers, Tombouctou")},
		{"yes", connectors.YesNo, text("oui")},
		{"integer", connectors.Integer, num(12)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Field(e, &connectors.Field{Type: bb.ft}, bb.cell)
			}
		})
	}
}
