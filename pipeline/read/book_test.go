package read_test

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xuri/excelize/v2"

	"cp3/connectors/workbook"
	"cp3/pipeline"
	"cp3/pipeline/read"
)

// today is when the tests' workbooks were received.
var today = pipeline.Date{Year: 2021, Month: 6, Day: 30}

// newReader is a reader of the shipped declarations.
func newReader(t testing.TB) *read.Reader {
	t.Helper()
	r, err := read.NewReader(workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// writeBook makes a workbook of sheets, each a section "Name.csv" of the archive,
// fields separated by ";". "#12" is a number, "@2020-12-31" a date, "=1+1" a
// formula nobody computed. The name may be followed by merged ranges, "Name.csv
// A1:B1". change may do the rest.
func writeBook(t testing.TB, text string, change func(*excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range txtar.Parse([]byte(text)).Files {
		name, merged, ok := strings.Cut(section.Name, ".csv")
		if !ok {
			continue
		}
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(strings.TrimRight(string(section.Data), "\n"), "\n") {
			for i, cell := range strings.Split(line, ";") {
				setCell(t, f, name, pipeline.Ref(i+1, n+1), strings.TrimSpace(cell), date)
			}
		}
		for _, m := range strings.Fields(merged) {
			from, to, _ := strings.Cut(m, ":")
			if err := f.MergeCell(name, from, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(f)
	}
	path := filepath.Join(t.TempDir(), "classeur.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func setCell(t testing.TB, f *excelize.File, sheet, at, text string, date int) {
	t.Helper()
	var err error
	switch {
	case text == "":
	case text[0] == '#' && len(text) > 1 && text[1] >= '0' && text[1] <= '9':
		n, _ := strconv.ParseFloat(text[1:], 64)
		err = f.SetCellValue(sheet, at, n)
	case text[0] == '@':
		d, bad := time.Parse("2006-01-02", text[1:])
		if bad != nil {
			t.Fatal(bad)
		}
		if err = f.SetCellValue(sheet, at, d); err == nil {
			err = f.SetCellStyle(sheet, at, at, date)
		}
	case text[0] == '=':
		err = f.SetCellFormula(sheet, at, text[1:])
	default:
		err = f.SetCellStr(sheet, at, text)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// readBook reads a workbook as one member's, and checks that every cell is
// accounted for.
func readBook(t testing.TB, path, name string, m pipeline.Member) pipeline.Reading {
	t.Helper()
	got, err := newReader(t).Read(context.Background(), read.Source{Path: path, Name: name, Member: m, Today: today})
	if err != nil {
		t.Fatal(err)
	}
	if tt, ok := t.(*testing.T); ok {
		checkAccount(tt, path, got)
	}
	return got
}
