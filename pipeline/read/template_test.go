package read_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"cp3/connectors"
	"cp3/connectors/template"
	"cp3/pipeline"
)

// A template filled with its own examples, in either language, is read without a
// word: the same rows the example shows, and not the example itself.
func TestTemplatesFilledWithTheirExamples(t *testing.T) {
	reader := newReader(t)
	for _, s := range reader.Specs() {
		for _, lang := range []string{"fr", "ar"} {
			t.Run(string(s.Member)+"/"+lang, func(t *testing.T) {
				var b bytes.Buffer
				o := template.Options{Lang: lang, Structure: structureOf(s), Period: pipeline.Period{Year: 2020, Quarter: 4}}
				if err := template.Write(context.Background(), &b, s, reader.Lists(), o); err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(t.TempDir(), "maquette.xlsx")
				if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				empty := readBook(t, path, "maquette.xlsx", s.Member)
				if empty.RowsRead != 0 || len(empty.Records.Mentions) != 0 {
					t.Errorf("an empty template has %d rows", empty.RowsRead)
				}
				if empty.Version != s.Template.Version || empty.Template != s.Template.ID {
					t.Errorf("template %q %q, want %q %q", empty.Template, empty.Version, s.Template.ID, s.Template.Version)
				}
				filled := fillWithExamples(t, path)
				got := readBook(t, path, "maquette.xlsx", s.Member)
				if got.Status() != pipeline.Accepted {
					t.Errorf("%s", summary(got))
				}
				// A wide sheet's example has no figure: such a row reports nothing.
				if want := filled - wide(s); got.RowsRead != want || got.RowsKept != want {
					t.Errorf("%d rows read and %d kept, of %d\n%s", got.RowsRead, got.RowsKept, filled, summary(got))
				}
				for _, m := range got.Moves {
					if m.Code != "period.guessed" {
						t.Errorf("%s!%s %s %v", m.Sheet, m.Cell, m.Code, m.Args)
					}
				}
				if got.Lang != lang {
					t.Errorf("language %q", got.Lang)
				}
			})
		}
	}
}

func wide(s *connectors.Spec) int {
	n := 0
	for i := range s.Sheets {
		if s.Sheets[i].Shape == connectors.Wide {
			n++
		}
	}
	return n
}

func structureOf(s *connectors.Spec) string {
	if f := s.Sheets[0].Meaning(connectors.MeansStructure); f != nil {
		return f.Example
	}
	return ""
}

// fillWithExamples copies each example row to the row below, without its mark,
// and returns how many there were.
func fillWithExamples(t *testing.T, path string) int {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	filled := 0
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if len(row) < 2 || !connectors.IsExampleMark(strings.TrimSpace(row[0])) {
				continue
			}
			for c := 1; c < len(row); c++ {
				raw, err := f.GetCellValue(sheet, pipeline.Ref(c+1, i+1), excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				at := pipeline.Ref(c+1, i+2)
				kind, _ := f.GetCellType(sheet, pipeline.Ref(c+1, i+1))
				if raw == "" {
					continue
				}
				if kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset {
					err = f.SetCellDefault(sheet, at, raw)
				} else {
					err = f.SetCellStr(sheet, at, raw)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			filled++
		}
	}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
	return filled
}
