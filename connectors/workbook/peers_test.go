package workbook_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cp3/connectors/workbook"
	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// What each writer makes of the same sheet is read the same.
//
// The formula's value is the writer's business: openpyxl computes nothing,
// LibreOffice does, excelize is asked to.
const (
	computed   = "=6"
	uncomputed = "=?"
)

func wantedSheet(formula string) []string {
	return []string{
		"A1 Nom", "B1 Date", "C1 Taux", "D1 Vrai", "E1 Somme", "F1 Durée",
		"A2 Fatoumata\nDiallo & <fille>", "B2 date 44196", "C2 0.41%", "D2 bool 1", "E2 " + formula, "F2 1.5",
		"A4 ديالو", "B4 date 44196.75", "C4 -12.5", "D4 bool 0",
	}
}

func TestReadsOpenpyxl(t *testing.T) {
	path := writtenByOpenpyxl(t)
	checkPeer(t, path, uncomputed)
	b, err := workbook.Open(context.Background(), path, workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	p := b.Properties()
	if p.Title != "Essai" || p.Creator != "cp3" || p.Modified.IsZero() || p.DefinedNames["modele"] != `"CP3-EN"` || p.Custom["cp3_template"] != "CP3-EN" {
		t.Errorf("properties %+v", p)
	}
	if s := b.Sheets(); len(s) != 2 || !s[1].VeryHidden {
		t.Errorf("sheets %+v", s)
	}
}

func TestReadsLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("LibreOffice takes seconds to start")
	}
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	from := writtenByOpenpyxl(t)
	dir := t.TempDir()
	cmd := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", filepath.Join(dir, "out"), from)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("LibreOffice doesn't convert here: %v %s", err, out)
	}
	checkPeer(t, filepath.Join(dir, "out", filepath.Base(from)), computed)
}

func TestReadsExcelize(t *testing.T) {
	x := excelize.NewFile()
	defer x.Close()
	sheet := "Liste"
	date, _ := x.NewStyle(&excelize.Style{NumFmt: 14})
	percent, _ := x.NewStyle(&excelize.Style{NumFmt: 9})
	clock := "[h]:mm"
	elapsed, _ := x.NewStyle(&excelize.Style{CustomNumFmt: &clock})
	var err error
	do := func(e error) {
		if err == nil {
			err = e
		}
	}
	do(x.SetSheetName("Sheet1", sheet))
	do(x.SetSheetRow(sheet, "A1", &[]any{"Nom", "Date", "Taux", "Vrai", "Somme", "Durée"}))
	do(x.SetSheetRow(sheet, "A2", &[]any{"Fatoumata\nDiallo & <fille>", 44196, 0.41, true, 6, 1.5}))
	do(x.SetCellFormula(sheet, "E2", "1+2+3"))
	do(x.SetSheetRow(sheet, "A4", &[]any{"ديالو", 44196.75, -12.5, false}))
	for ref, style := range map[string]int{"B2": date, "B4": date, "C2": percent, "F2": elapsed} {
		do(x.SetCellStyle(sheet, ref, ref, style))
	}
	do(x.MergeCell(sheet, "A6", "C6"))
	do(x.SetRowVisible(sheet, 4, false))
	do(x.SetColVisible(sheet, "F", false))
	path := filepath.Join(t.TempDir(), "essai.xlsx")
	do(x.SaveAs(path))
	if err != nil {
		t.Fatal(err)
	}
	checkPeer(t, path, computed)
}

// checkPeer reads the first sheet of a peer's file.
func checkPeer(t *testing.T, path, formula string) {
	t.Helper()
	b, err := workbook.Open(context.Background(), path, workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	rows, err := b.Rows(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		if r.Hidden != (r.Number == 4) {
			t.Errorf("row %d: hidden %v", r.Number, r.Hidden)
		}
		for _, c := range r.Cells {
			got = append(got, pipeline.Ref(c.Col, r.Number)+" "+told(c))
		}
	}
	want := wantedSheet(formula)
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if m := b.Merged(0); len(m) != 1 || m[0].String() != "A6:C6" {
		t.Errorf("merged %v", m)
	}
	if h := b.HiddenColumns(0); len(h) != 1 || h[0].FirstCol != 6 || h[0].LastCol != 6 {
		t.Errorf("hidden columns %v", h)
	}
	if issues := b.Troubles(); len(issues) > 0 {
		t.Errorf("troubles %v", issues)
	}
}

func told(c pipeline.Cell) string {
	switch {
	case c.Formula && c.Kind == pipeline.EmptyCell:
		return uncomputed
	case c.Kind == pipeline.BoolCell:
		return fmt.Sprint("bool ", c.Number) // LibreOffice writes TRUE(), a formula
	case c.Formula:
		return "=" + c.Display() // excelize says that every formula gives a text
	case c.Kind == pipeline.TextCell:
		return c.Text
	case c.Kind == pipeline.DateCell:
		return fmt.Sprint("date ", c.Number)
	case c.Percent:
		return fmt.Sprint(c.Number, "%")
	}
	return fmt.Sprint(c.Number)
}

const openpyxlScript = `
import sys, datetime
import openpyxl
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
wb = openpyxl.Workbook()
ws = wb.active
ws.title = "Liste"
ws.append(["Nom", "Date", "Taux", "Vrai", "Somme", "Durée"])
ws.append(["Fatoumata\nDiallo & <fille>", datetime.date(2020, 12, 31), 0.41, True, "=1+2+3", 1.5])
ws["C2"].number_format = "0%"
ws["F2"].number_format = "[h]:mm"
ws["A4"] = "ديالو"
ws["B4"] = datetime.datetime(2020, 12, 31, 18)
ws["B4"].number_format = "[$-40C]dd mmmm yyyy;@"
ws["C4"] = -12.5
ws["D4"] = False
ws.merge_cells("A6:C6")
ws.row_dimensions[4].hidden = True
ws.column_dimensions["F"].hidden = True
wb.create_sheet("Code").sheet_state = "veryHidden"
wb.properties.title = "Essai"
wb.properties.creator = "cp3"
wb.defined_names["modele"] = DefinedName("modele", attr_text='"CP3-EN"')
wb.custom_doc_props.append(StringProperty(name="cp3_template", value="CP3-EN"))
wb.save(sys.argv[1])
`

func writtenByOpenpyxl(t *testing.T) string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed")
	}
	if err := exec.Command(python, "-c", "import openpyxl.packaging.custom").Run(); err != nil {
		t.Skip("a recent openpyxl is not installed")
	}
	path := filepath.Join(t.TempDir(), "essai.xlsx")
	if out, err := exec.Command(python, "-c", openpyxlScript, path).CombinedOutput(); err != nil {
		t.Fatalf("openpyxl: %v\n%s", err, out)
	}
	return path
}

// Small files that cost others gigabytes cost little here.
func TestBoundedMemory(t *testing.T) {
	const megabytes = 40
	head, tail := "<worksheet><sheetData>", "</sheetData></worksheet>"
	var far strings.Builder
	for r := 1; r <= 20_000; r++ {
		fmt.Fprintf(&far, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, r, r)
	}
	tests := map[string]struct {
		sheet, strings [3]string // start, what is repeated, end
		times          int
	}{
		"cells in the last column": {sheet: [3]string{head, far.String(), tail}, times: 1},
		"blank":                    {sheet: [3]string{head, strings.Repeat(" ", 1<<16), tail}, times: 4096},
		"one endless row":          {sheet: [3]string{head + `<row r="1">`, strings.Repeat(`<c r="A1"><v>1</v></c>`, 1000), "</row>" + tail}, times: 5000},
		"one endless text":         {sheet: [3]string{head + `<row r="1"><c r="A1" t="str"><v>`, strings.Repeat("a", 1<<16), "</v></c></row>" + tail}, times: 4096},
		"one endless tag":          {sheet: [3]string{head + `<row r="1" x="`, strings.Repeat("a", 1<<16), `"/>` + tail}, times: 4096},
		"endless nesting":          {sheet: [3]string{head, strings.Repeat("<a>", 1<<14), tail}, times: 2000},
		"endless merges":           {sheet: [3]string{"<worksheet><sheetData/><mergeCells>", strings.Repeat(`<mergeCell ref="A1:B2"/>`, 1000), "</mergeCells></worksheet>"}, times: 5000},
		"endless troubles":         {sheet: [3]string{head, strings.Repeat(`<row><c t="s"><v>9</v></c></row>`, 1000), tail}, times: 1000},
		"empty strings":            {strings: [3]string{"<sst>", strings.Repeat("<si/>", 1000), "</sst>"}, times: 20_000},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.sheet[1] == "" {
				test.sheet = [3]string{head, "", tail}
			}
			path := endless(t, map[string][3]string{"xl/worksheets/sheet1.xml": test.sheet, "xl/sharedStrings.xml": test.strings}, test.times)
			info, err := os.Stat(path)
			if err != nil || info.Size() > 4<<20 {
				t.Fatalf("the file is not small: %v %v", info.Size(), err)
			}
			peak := watchHeap()
			refused := boundedRead(t, path)
			if p := peak(); p > megabytes {
				t.Errorf("%.0f MB of memory for a file of %d KB", p, info.Size()>>10)
			}
			if name != "cells in the last column" && !refused {
				t.Error("nothing was said")
			}
		})
	}
}

// boundedRead reads a file under the default limits, and reports whether
// something refuses it.
func boundedRead(t *testing.T, path string) (refused bool) {
	t.Helper()
	b, err := workbook.Open(context.Background(), path, workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Read(context.Background(), 0, func(pipeline.Row) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for _, i := range b.Troubles() {
		refused = refused || i.Severity == pipeline.Blocking
	}
	return refused
}

// endless writes a workbook some parts of which repeat themselves.
func endless(t *testing.T, parts map[string][3]string, times int) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 1) })
	add := func(name string, content [3]string, times int) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, content[0])
		for range times {
			io.WriteString(w, content[1])
		}
		io.WriteString(w, content[2])
	}
	add("xl/workbook.xml", [3]string{`<workbook ` + ns + `><sheets><sheet name="a" r:id="x"/></sheets></workbook>`}, 0)
	for _, name := range []string{"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"} {
		if parts[name][0] != "" {
			add(name, parts[name], times)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bombe.xlsx")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
