package receipt

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

func ptr(f float64) *float64 { return &f }

// sample is an answer that says a little of everything.
func sample(lang string) Answer {
	at := time.Date(2021, 1, 12, 14, 5, 0, 0, time.FixedZone("", 3600))
	issue := func(sev pipeline.Severity, code, sheet, cell, field, value string) pipeline.Issue {
		return pipeline.Issue{Finding: pipeline.Finding{Code: code, Severity: sev}, Sheet: sheet, Cell: cell, Field: field, Value: value}
	}
	return Answer{
		Status: pipeline.Reserved, Lang: lang,
		Received: pipeline.Received{Seq: 12, ID: "0123456789abcdef", Member: "EN", Path: "EN/CFA/liste T4.xlsx",
			SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", At: at},
		MemberName: pipeline.Text{FR: "Entraide Nationale", AR: "التعاون الوطني"},
		Reading: pipeline.Reading{
			Header:   pipeline.Header{Structure: "CFA Akkari", Period: pipeline.Period{Year: 2020, Quarter: 4}},
			RowsRead: 128,
			Issues: []pipeline.Issue{
				issue(pipeline.Warning, "date.outside", "Formation", "C5", "Date d'inscription", "03/02/2019"),
				issue(pipeline.Error, "date.unreadable", "Formation", "C4", "Date de naissance", "31/02/1990"),
				issue(pipeline.Error, "required.empty", "Formation", "B6", "Nom", ""),
				issue(pipeline.Warning, "nationality.unknown", "Formation", "D4", "Nationalité", "=HYPERLINK(\"http://x\")"),
				issue(pipeline.Blocking, "period.missing", "", "", "", ""),
			},
			Moves: []pipeline.Issue{issue(pipeline.Warning, "column.renamed", "Formation", "B3", "Nom", "Nom du bénéficiaire")},
		},
		Kept: 125, Refused: 3, Duplicates: 4,
		Contributions: []Contribution{
			{Code: "1.2", Label: pipeline.Text{FR: "Nombre de migrant.e.s inscrit.e.s aux programmes de formation professionnelle dans les centres ciblés par le projet", AR: "عدد المهاجرين المسجلين في برامج التكوين المهني"}, Unit: "nombre", Women: ptr(126), Men: ptr(59), NotDeclared: ptr(0), Total: ptr(185)},
			{Code: "1.5", Label: pipeline.Text{FR: "Taux de migrant.e.s qui finalisent avec succès un programme", AR: "نسبة المهاجرين الذين أتموا بنجاح برنامجا للتكوين"}, Unit: "pourcentage", Total: ptr(41.2)},
		},
		SamePerson: []Same{{Rows: []pipeline.Origin{{Sheet: "Formation", Row: 4}, {Sheet: "Formation", Row: 6}}},
			{Rows: []pipeline.Origin{{Sheet: "Accueil", Row: 9}, {Sheet: "Formation", Row: 7}}}},
		Elsewhere: []pipeline.Origin{{Sheet: "Formation", Row: 5}},
		Changes: &Changes{Since: Other{Number: 9, FileName: "liste T4.xlsx", At: at.AddDate(0, 0, -3)}, Added: 12, Removed: 1, Changed: 3,
			Effects: []Effect{{Code: "1.2", Label: pipeline.Text{FR: "Inscrits en formation", AR: "المسجلون في التكوين"}, Before: ptr(173), After: ptr(185)}}},
		Repeated: map[int]bool{1: true},
		Bridge: []Bridge{{Code: "1.2", Label: pipeline.Text{FR: "Inscrits en formation", AR: "المسجلون في التكوين"}, Sex: pipeline.Women, Declared: ptr(130),
			Rows: 133, Refused: 2, Duplicates: 4, Elsewhere: 1, Published: 126}},
	}
}

// workbook is a small list with a title, dates, fills and a comment.
func workbook(t testing.TB) string {
	t.Helper()
	f := excelize.NewFile()
	f.SetSheetName("Sheet1", "Identification")
	f.NewSheet("Formation")
	set := func(cell string, v any) {
		if err := f.SetCellValue("Formation", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	set("A1", "Entraide Nationale — formation")
	for i, h := range []string{"N°", "Nom", "Date de naissance", "Nationalité"} {
		set(pipeline.Ref(i+1, 3), h)
	}
	for r := 4; r <= 8; r++ {
		set(pipeline.Ref(1, r), r-3)
		set(pipeline.Ref(2, r), "NOM "+string(rune('A'+r)))
		set(pipeline.Ref(3, r), time.Date(1990, 1, r, 0, 0, 0, 0, time.UTC))
		set(pipeline.Ref(4, r), "Guinée")
	}
	head, err := f.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}, Font: &excelize.Font{Bold: true}})
	if err != nil {
		t.Fatal(err)
	}
	f.SetCellStyle("Formation", "A3", "D3", head)
	f.SetCellStyle("Formation", "B6", "B6", head)
	f.SetCellValue("Formation", "B6", nil)
	f.AddComment("Formation", excelize.Comment{Cell: "C4", Author: "Sara", Text: "à vérifier"})
	f.SetActiveSheet(1)
	path := filepath.Join(t.TempDir(), "liste T4.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func write(t testing.TB, original string, a Answer) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(context.Background(), &b, original, a, Limits{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every answer opens and starts with its status.
func TestStatusComesFirst(t *testing.T) {
	for _, original := range []string{workbook(t), ""} {
		for lang, want := range map[string]string{"fr": "Acceptée avec réserves", "ar": "مقبول مع ملاحظات"} {
			f, err := excelize.OpenReader(bytes.NewReader(write(t, original, sample(lang))))
			if err != nil {
				t.Fatal(err)
			}
			got, err := f.GetCellValue(f.GetSheetName(0), "A1")
			if err != nil || !strings.HasPrefix(got, want) {
				t.Errorf("%s: A1 is %q, %v; want %q", lang, got, err, want)
			}
		}
	}
}
