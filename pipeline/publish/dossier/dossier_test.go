package dossier

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestWrite(t *testing.T) {
	half := 0.5
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		err := Write(b, []Sheet{
			{Name: "Réponse", Title: "1.2", Heads: []string{"Quoi", "Valeur"}, Widths: []float64{20, 10}, Rows: [][]any{{"Numérateur", &half}, {"Écart", (*float64)(nil)}}},
			{Name: "Lignes", Title: "1.2", Heads: []string{"Fichier", "Ligne"}, Rows: [][]any{{"a.xlsx", 14}}},
		}, true)
		if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same sheets give other bytes")
	}
	f, err := excelize.OpenReader(&first)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, want := range []struct {
		sheet, cell, value string
		kind               excelize.CellType
	}{{"Réponse", "B4", "0.5", excelize.CellTypeUnset}, {"Réponse", "B5", "", excelize.CellTypeUnset}, {"Lignes", "B4", "14", excelize.CellTypeUnset}} {
		value, err := f.GetCellValue(want.sheet, want.cell)
		kind, _ := f.GetCellType(want.sheet, want.cell)
		if err != nil || value != want.value || kind != want.kind {
			t.Errorf("%s %s is %q of type %v, %v", want.sheet, want.cell, value, kind, err)
		}
	}
	props, err := f.GetSheetProps("Lignes")
	if err != nil || props.FitToPage == nil || !*props.FitToPage {
		t.Errorf("not fitted to the page: %v", err)
	}
}
