package workbook

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"cp3/pipeline"
)

// pkg is a workbook under construction: its parts by name. What a test doesn't
// say is filled in, so that each test shows only what it is about.
type pkg map[string]string

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
const mainNS = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
const relBase = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

// oneSheet is a workbook whose first sheet has these rows, as XML.
func oneSheet(rows string) pkg { return pkg{"xl/worksheets/sheet1.xml": sheetXML(rows)} }

func sheetXML(rows string) string {
	return xmlHead + "<worksheet " + mainNS + "><sheetData>" + rows + "</sheetData></worksheet>"
}

// shared adds a table of shared strings, given as the inside of its entries.
func (p pkg) shared(entries ...string) pkg {
	p["xl/sharedStrings.xml"] = xmlHead + "<sst " + mainNS + "><si>" + strings.Join(entries, "</si><si>") + "</si></sst>"
	return p
}

// with adds a part.
func (p pkg) with(name, content string) pkg {
	p[name] = content
	return p
}

// whole adds the parts that are missing.
func (p pkg) whole() pkg {
	full := pkg{
		"[Content_Types].xml": xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":         xmlHead + `<Relationships><Relationship Id="rId1" Type="` + relBase + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":     xmlHead + `<workbook ` + mainNS + `><sheets><sheet name="Formation" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": xmlHead + `<Relationships><Relationship Id="rId1" Type="` + relBase + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + relBase + `styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + relBase + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml": xmlHead + `<styleSheet ` + mainNS + `><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>` +
			`<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":     xmlHead + `<sst ` + mainNS + ` count="2" uniqueCount="2"><si><t>nom</t></si><si><t xml:space="preserve"> Maroc </t></si></sst>`,
		"xl/worksheets/sheet1.xml": sheetXML(""),
	}
	for name, content := range p {
		full[name] = content
		if content == absent {
			delete(full, name)
		}
	}
	return full
}

// packer is used again for each part: a new one costs more than a small test.
var packer, _ = flate.NewWriter(nil, 6)

// absent, as a part's content, leaves the part out.
const absent = "\x00absent"

// zip packs the parts, in the order of their names.
func (p pkg) zip(t testing.TB) []byte {
	t.Helper()
	full := p.whole()
	names := make([]string, 0, len(full))
	for name := range full {
		names = append(names, name)
	}
	slices.Sort(names)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		packer.Reset(w)
		return packer, nil
	})
	for _, name := range names {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(full[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// result is all that reading a book gave.
type result struct {
	Rows     []pipeline.Row // of every sheet, one after the other
	Merged   []pipeline.Range
	Hidden   []pipeline.Range
	Troubles []pipeline.Issue
	Refused  string
}

// readAll reads every sheet of a file.
func readAll(t testing.TB, file []byte, name string, lim Limits) result {
	t.Helper()
	b, err := OpenReader(context.Background(), bytes.NewReader(file), int64(len(file)), name, lim)
	if r, ok := AsRefusal(err); ok {
		return result{Refused: r.Code}
	}
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer b.Close()
	var res result
	for _, s := range b.Sheets() {
		rows, err := b.Rows(context.Background(), s.Index)
		if err != nil {
			t.Fatalf("read: %v", err)
		}
		res.Rows = append(res.Rows, rows...)
		res.Merged = append(res.Merged, b.Merged(s.Index)...)
		res.Hidden = append(res.Hidden, b.HiddenColumns(s.Index)...)
	}
	res.Troubles = b.Troubles()
	return res
}

// show writes rows the way a test expects them: "1: A=nom B=12".
func show(rows []pipeline.Row) string {
	var lines []string
	for _, r := range rows {
		line := fmt.Sprintf("%d:", r.Number)
		if r.Hidden {
			line = fmt.Sprintf("%d hidden:", r.Number)
		}
		for _, c := range r.Cells {
			line += " " + pipeline.ColumnName(c.Col) + "=" + showCell(c)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func showCell(c pipeline.Cell) string {
	s := map[pipeline.CellKind]string{
		pipeline.EmptyCell: "empty", pipeline.TextCell: fmt.Sprintf("%q", c.Text), pipeline.NumberCell: fmt.Sprint(c.Number),
		pipeline.DateCell: "date(" + fmt.Sprint(c.Number) + ")", pipeline.BoolCell: fmt.Sprintf("bool(%v)", c.Number), pipeline.ErrorCell: "error(" + c.Text + ")",
	}[c.Kind]
	if c.Percent {
		s += "%"
	}
	if c.Formula {
		s = "=" + s
	}
	return s
}

// codes writes the troubles' codes, each with its place: "workbook.bad_string B2".
func codes(issues []pipeline.Issue) string {
	var all []string
	for _, i := range issues {
		all = append(all, strings.TrimSpace(i.Code+" "+i.Cell))
	}
	return strings.Join(all, ", ")
}

// readBook opens a file made by a test.
func readBook(t testing.TB, file []byte, name string) *Book {
	t.Helper()
	b, err := OpenReader(context.Background(), bytes.NewReader(file), int64(len(file)), name, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
