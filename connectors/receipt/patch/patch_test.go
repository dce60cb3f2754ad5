package patch

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// parts are the texts of a workbook's parts, by name.
type parts map[string]string

const (
	mainNS   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relNS    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	strictNS = "http://purl.oclc.org/ooxml/spreadsheetml/main"
	strictR  = "http://purl.oclc.org/ooxml/officeDocument/relationships"
)

// plain is a workbook with one sheet, "Liste", whose data is given.
func plain(sheetData string) parts {
	return parts{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + sheetType + `"/><Override PartName="/xl/styles.xml" ContentType="` + stylesType + `"/></Types>`,
		"_rels/.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relNS + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns="` + mainNS + `" xmlns:r="` + relNS + `"><bookViews><workbookView activeTab="0"/></bookViews>` +
			`<sheets><sheet name="Liste" sheetId="1" r:id="rId1"/></sheets><calcPr calcId="1"/></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="` + relNS + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + relNS + `/styles" Target="styles.xml"/></Relationships>`,
		"xl/styles.xml": `<styleSheet xmlns="` + mainNS + `"><fonts count="1"><font><sz val="11"/><name val="Arial"/></font></fonts>` +
			`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
			`<fill><patternFill patternType="solid"><fgColor theme="4" tint="0.59"/><bgColor indexed="64"/></patternFill></fill></fills>` +
			`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
			`<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/><xf numFmtId="14" fontId="0" fillId="2" borderId="0" applyFill="1"><alignment horizontal="center"/></xf>` +
			`<xf numFmtId="9" fontId="0" fillId="0" borderId="0"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml": `<worksheet xmlns="` + mainNS + `" xmlns:r="` + relNS + `"><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>` +
			`<cols><col min="3" max="4" style="2"/></cols>` + sheetData + `<pageMargins left="0.7" right="0.7" top="0.7" bottom="0.7" header="0.3" footer="0.3"/></worksheet>`,
	}
}

func (p parts) pack(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	var names []string
	for name := range p {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, p[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpack(t testing.TB, b []byte) parts {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	p := parts{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := p[f.Name]; twice {
			t.Errorf("%s is there twice", f.Name)
		}
		p[f.Name] = string(text)
	}
	return p
}

// wellFormed fails when a part is not XML that others read.
func (p parts) wellFormed(t testing.TB) {
	t.Helper()
	for name, text := range p {
		if !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") && !strings.HasSuffix(name, ".vml") {
			continue
		}
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
		}
	}
}

// answer opens, cleans, marks and adds a page, as answers do.
func answer(original []byte, marks ...Mark) ([]byte, error) {
	w, err := Open(original, 1<<20)
	if err != nil {
		return nil, err
	}
	if _, err := w.Clean("cp3_receipt", "Page", func(author, _ string) bool { return author == "cp3" }); err != nil {
		return nil, err
	}
	if w.HasSheet("Liste") && len(marks) > 0 {
		if err := w.Mark("Liste", "cp3", marks); err != nil {
			return nil, err
		}
	}
	style := w.Style(Look{Font: `<font><b/><sz val="12"/></font>`, Fill: "EEEEEE", Align: `wrapText="1"`})
	ns, _ := w.Namespaces()
	page := fmt.Sprintf(`<worksheet xmlns="%s"><sheetData><row r="1"><c r="A1" s="%d"/></row></sheetData></worksheet>`, ns, style)
	if err := w.AddPage(Page{Name: w.FreeName("Page"), Mark: "cp3_receipt", XML: []byte(page)}); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = w.WriteTo(&b)
	return b.Bytes(), err
}

func mustAnswer(t testing.TB, original []byte, marks ...Mark) []byte {
	t.Helper()
	b, err := answer(original, marks...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A mark keeps the cell's own format but for the fill; a cell that isn't there yet
// takes the format of its row or column.
func TestMarkKeepsFormat(t *testing.T) {
	const row = `<row r="2" s="1" customFormat="1"><c r="B2" t="s"><v>0</v></c></row>`
	for name, c := range map[string]struct {
		data, cell string
		format     string // of the new style
		around     string // what the sheet then holds
	}{
		"existing":           {`<sheetData><row r="1"><c r="A1" s="1"><v>44000</v></c></row></sheetData>`, "A1", `numFmtId="14"`, `<v>44000</v></c></row>`},
		"missing in row":     {`<sheetData><row r="1"><c r="A1"/><c r="E1"/></row></sheetData>`, "C1", `numFmtId="9"`, `<c r="A1"/><c r="C1" s="3"/><c r="E1"/>`},
		"missing at the end": {`<sheetData><row r="1"><c r="A1"/></row></sheetData>`, "B1", `numFmtId="0"`, `<c r="A1"/><c r="B1" s="3"/></row>`},
		"formatted row":      {`<sheetData>` + row + `</sheetData>`, "A2", `numFmtId="14"`, `<c r="A2" s="3"/><c r="B2" t="s">`},
		"missing row":        {`<sheetData>` + row + `</sheetData>`, "D1", `numFmtId="9"`, `<row r="1"><c r="D1" s="3"/></row><row r="2"`},
		"row below":          {`<sheetData>` + row + `</sheetData>`, "A9", `numFmtId="0"`, `<row r="9"><c r="A9" s="3"/></row></sheetData>`},
		"empty row":          {`<sheetData><row r="1" ht="20"/></sheetData>`, "A1", `numFmtId="0"`, `<row r="1" ht="20"><c r="A1" s="3"/></row>`},
		"empty sheet":        {`<sheetData/>`, "B2", `numFmtId="0"`, `<sheetData><row r="2"><c r="B2" s="3"/></row></sheetData>`},
		"no addresses":       {`<sheetData><row><c/><c s="2"><v>1</v></c></row></sheetData>`, "B1", `numFmtId="9"`, `<c/><c s="3"><v>1</v></c>`},
		"comment in XML":     {`<sheetData><!-- <row r="1"> --><row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[<c r="B1">]]></t></is></c></row></sheetData>`, "B1", `numFmtId="0"`, `</is></c><c r="B1" s="3"/></row>`},
	} {
		t.Run(name, func(t *testing.T) {
			got := unpack(t, mustAnswer(t, plain(c.data).pack(t), Mark{Cell: c.cell, Colour: Orange}))
			got.wellFormed(t)
			if sheet := got["xl/worksheets/sheet1.xml"]; !strings.Contains(sheet, c.around) {
				t.Errorf("the sheet has no %s\n%s", c.around, sheet)
			}
			styles := got["xl/styles.xml"]
			i := strings.Index(styles, "<cellXfs")
			formats := strings.SplitAfter(styles[i:strings.Index(styles, "</cellXfs>")], "<xf ")
			if len(formats) < 5 || !strings.Contains(formats[4], c.format) || !strings.Contains(formats[4], `applyFill="1"`) {
				t.Errorf("the new format is not %s with a fill\n%s", c.format, styles)
			}
		})
	}
}

// Parts without a mark are the same bytes, compressed as they were.
func TestUntouchedParts(t *testing.T) {
	p := plain(`<sheetData/>`)
	p["xl/theme/theme1.xml"] = strings.Repeat("<odd thing", 100) // not even XML: none of our business
	p["xl/media/image1.png"] = "\x89PNG"
	original := p.pack(t)
	got := unpack(t, mustAnswer(t, original, Mark{Cell: "A1", Colour: Red, Comment: "text"}))
	for _, name := range []string{"xl/theme/theme1.xml", "xl/media/image1.png"} {
		if got[name] != p[name] {
			t.Errorf("%s has changed", name)
		}
	}
}

// Answered twice, a workbook has the marks of the second answer only, and its own
// fills; answered without marks, it is what it was but for the page.
func TestCleanRestores(t *testing.T) {
	data := `<sheetData><row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1"><v>2</v></c></row></sheetData>`
	first := mustAnswer(t, plain(data).pack(t), Mark{Cell: "A1", Colour: Red, Comment: "first"}, Mark{Cell: "B1", Colour: Yellow, Comment: "second"})
	again := unpack(t, mustAnswer(t, first))
	again.wellFormed(t)
	if styles := again["xl/styles.xml"]; strings.Contains(styles, "F4B8B0") || strings.Contains(styles, "F5B8B0") {
		t.Errorf("a marking colour is left\n%s", styles)
	}
	if n := strings.Count(again["xl/styles.xml"], `<fgColor theme="4" tint="0.59"/>`); n != 2 { // the fill itself, and the one restored
		t.Errorf("the earlier fill is there %d times\n%s", n, again["xl/styles.xml"])
	}
	for name, text := range again {
		if strings.Contains(name, "comments") && (strings.Contains(text, "first") || strings.Contains(text, "<v:shape ")) {
			t.Errorf("%s still has a comment\n%s", name, text)
		}
	}
	if n := strings.Count(again["xl/workbook.xml"], "<sheet "); n != 2 {
		t.Errorf("%d sheets\n%s", n, again["xl/workbook.xml"])
	}
	if n := strings.Count(again["xl/workbook.xml"], "cp3_"); n != 1 {
		t.Errorf("%d names of ours\n%s", n, again["xl/workbook.xml"])
	}
}

// What was under the marks survives any number of answers.
func TestManyFills(t *testing.T) {
	var fills, formats, cells strings.Builder
	var marks []Mark
	for i := range 70 { // more than can be remembered
		fmt.Fprintf(&fills, `<fill><patternFill patternType="solid"><fgColor rgb="FF%06X"/></patternFill></fill>`, i*1000)
		fmt.Fprintf(&formats, `<xf numFmtId="0" fontId="0" fillId="%d" borderId="0"/>`, i+2)
		fmt.Fprintf(&cells, `<row r="%d"><c r="A%d" s="%d"/></row>`, i+1, i+1, i+1)
		marks = append(marks, Mark{Cell: fmt.Sprintf("A%d", i+1), Colour: Orange})
	}
	p := plain("<sheetData>" + cells.String() + "</sheetData>")
	p["xl/styles.xml"] = `<styleSheet xmlns="` + mainNS + `"><fonts><font/></fonts><fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
		fills.String() + `</fills><borders><border/></borders><cellXfs><xf/>` + formats.String() + `</cellXfs></styleSheet>`
	original := p.pack(t)
	b := original
	for range 3 {
		b = mustAnswer(t, b, marks...)
	}
	b = mustAnswer(t, b)
	if d := cmp.Diff(fillsOf(t, original), fillsOf(t, b)); d != "" {
		t.Errorf("fills (-before +after):\n%s", d)
	}
}

// fillsOf is the fill of A1 to A70 of the list.
func fillsOf(t *testing.T, b []byte) []string {
	t.Helper()
	w, err := Open(b, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	text, err := w.pack.read(w.sheet("Liste").part)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for s := (scanner{src: text}); ; {
		tag, ok, err := s.next()
		if err != nil || !ok {
			return all
		}
		if tag.local() == "c" && !tag.closing {
			p := &painter{src: text}
			all = append(all, w.styles.readFill(w.styles.fillOf(p.number(tag, "s", 0))).String())
		}
	}
}

// Programs differ: prefixes, the strict variant, other encodings, frugal style
// sheets. Each is marked, and stays readable.
func TestVariants(t *testing.T) {
	const data = `<sheetData><row r="1"><c r="A1" s="1"><v>1</v></c></row></sheetData>`
	prefixed := plain(data)
	for _, name := range []string{"xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"} {
		text := qualify(prefixed[name], "x:")
		prefixed[name] = strings.Replace(text, `xmlns="`, `xmlns:x="`, 1)
	}
	strict := plain(data)
	for name, text := range strict {
		strict[name] = strings.ReplaceAll(strings.ReplaceAll(text, mainNS, strictNS), relNS, strictR)
	}
	wide := plain(data)
	wide["xl/worksheets/sheet1.xml"] = utf16(`<?xml version="1.0" encoding="UTF-16"?>` + wide["xl/worksheets/sheet1.xml"])
	latin := plain(data)
	latin["xl/styles.xml"] = `<?xml version="1.0" encoding="ISO-8859-1"?>` + strings.Replace(latin["xl/styles.xml"], "Arial", "Ari\xe9l", 1)
	frugal := plain(data)
	frugal["xl/styles.xml"] = `<styleSheet xmlns="` + mainNS + `"/>`
	none := plain(data)
	delete(none, "xl/styles.xml")
	none["xl/_rels/workbook.xml.rels"] = strings.Replace(none["xl/_rels/workbook.xml.rels"], `<Relationship Id="rId2" Type="`+relNS+`/styles" Target="styles.xml"/>`, "", 1)
	slashes := plain(data)
	slashes[`xl\worksheets\sheet1.xml`] = slashes["xl/worksheets/sheet1.xml"]
	delete(slashes, "xl/worksheets/sheet1.xml")
	for name, p := range map[string]parts{"prefixed": prefixed, "strict": strict, "utf16": wide, "latin1": latin, "frugal styles": frugal, "no styles": none, "backslashes": slashes} {
		t.Run(name, func(t *testing.T) {
			b := mustAnswer(t, p.pack(t), Mark{Cell: "A1", Colour: Red, Comment: "tête\ntexte"}, Mark{Cell: "C3", Colour: Yellow, Comment: "autre"})
			got := unpack(t, b)
			if name != "latin1" {
				got.wellFormed(t)
			}
			w, err := Open(b, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]string{"Page", "Liste"}, w.Sheets()); d != "" {
				t.Errorf("sheets (-want +got):\n%s", d)
			}
			if w.sheets[0].part == "" || w.sheets[1].part == "" {
				t.Errorf("a sheet has no part: %+v", w.sheets)
			}
			again := unpack(t, mustAnswer(t, b))
			if styles := again["xl/styles.xml"]; strings.Contains(styles, "B8B0") {
				t.Errorf("a marking colour is left\n%s", styles)
			}
		})
	}
}

func utf16(s string) string {
	b := []byte{0xFF, 0xFE}
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return string(b)
}

// Comments somebody wrote stay, with ours below while it is needed.
func TestOwnComments(t *testing.T) {
	p := plain(`<sheetData/>`)
	p["xl/worksheets/_rels/sheet1.xml.rels"] = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relNS + `/comments" Target="../comments1.xml"/></Relationships>`
	p["xl/comments1.xml"] = `<comments xmlns="` + mainNS + `"><authors><author>Sara</author><author>tc={1}</author></authors><commentList>` +
		`<comment ref="A1" authorId="0"><text><t>à voir</t></text></comment><comment ref="A2" authorId="0"><text><r><rPr><b/></rPr><t>Sara:</t></r><r><t> oui</t></r></text></comment>` +
		`<comment ref="A3" authorId="1"><text><t>[Threaded comment]</t></text></comment></commentList></comments>`
	b := mustAnswer(t, p.pack(t), Mark{Cell: "A1", Colour: Red, Comment: "ours\none"}, Mark{Cell: "A2", Colour: Red, Comment: "ours\ntwo"},
		Mark{Cell: "A3", Colour: Red, Comment: "ours\nthree"}, Mark{Cell: "A4", Colour: Red, Comment: "ours\nfour"})
	marked := commentTexts(t, unpack(t, b)["xl/comments1.xml"])
	want := map[string]string{"A1": "à voir\n— cp3 —\nours\none", "A2": "Sara: oui\n— cp3 —\nours\ntwo", "A3": "[Threaded comment]", "A4": "ours\nfour"}
	if d := cmp.Diff(want, marked); d != "" {
		t.Errorf("marked (-want +got):\n%s", d)
	}
	cleaned := commentTexts(t, unpack(t, mustAnswer(t, b))["xl/comments1.xml"])
	want = map[string]string{"A1": "à voir", "A2": "Sara: oui", "A3": "[Threaded comment]"}
	if d := cmp.Diff(want, cleaned); d != "" {
		t.Errorf("cleaned (-want +got):\n%s", d)
	}
}

func commentTexts(t *testing.T, text string) map[string]string {
	t.Helper()
	d, err := parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, n := range d.root.child("commentList").children {
		m[d.attr(n, "ref")] = d.plain(n)
	}
	return m
}

// A macro workbook becomes a plain one, since its answer is named .xlsx.
func TestMacros(t *testing.T) {
	p := plain(`<sheetData/>`)
	p["[Content_Types].xml"] = strings.Replace(p["[Content_Types].xml"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml", 1)
	p["xl/vbaProject.bin"] = "macros"
	p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "</Relationships>",
		`<Relationship Id="rId9" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>`, 1)
	got := unpack(t, mustAnswer(t, p.pack(t)))
	if _, ok := got["xl/vbaProject.bin"]; ok || strings.Contains(got["xl/_rels/workbook.xml.rels"], "vbaProject") || strings.Contains(got["[Content_Types].xml"], "macroEnabled") {
		t.Error("macros are left")
	}
}

// What can't be marked surely is refused, not guessed.
func TestRefused(t *testing.T) {
	disordered := plain(`<sheetData><row r="2"/><row r="1"/></sheetData>`)
	twice := plain(`<sheetData><row r="1"><c r="B1"/><c r="A1"/></row></sheetData>`)
	cut := plain(`<sheetData><row r="1"><c r="A1">`)
	typed := plain(`<sheetData/>`)
	typed["xl/worksheets/sheet1.xml"] = `<!DOCTYPE x [<!ENTITY a "b">]>` + typed["xl/worksheets/sheet1.xml"]
	for name, p := range map[string]parts{"rows": disordered, "cells": twice, "cut": cut, "document type": typed} {
		if _, err := answer(p.pack(t), Mark{Cell: "A1", Colour: Red}, Mark{Cell: "A3", Colour: Red}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, b := range map[string][]byte{"nothing": nil, "text": []byte("Nom;Prénom"), "zip": parts{"a.txt": "b"}.pack(t)} {
		if _, err := Open(b, 1<<20); !errors.Is(err, ErrNotWorkbook) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := answer(plain("<sheetData>" + strings.Repeat(" ", 2<<20) + "</sheetData>").pack(t)); !errors.Is(err, errTooLarge) {
		t.Errorf("a large part: %v", err)
	}
}

// FuzzAnswer: whatever a sheet, a style sheet, a workbook part and a comments part
// hold, answering either refuses or gives a workbook whose page can be found and
// taken away again.
func FuzzAnswer(f *testing.F) {
	p := plain(`<sheetData><row r="1"><c r="A1" s="1"><v>1</v></c></row></sheetData>`)
	f.Add(p["xl/worksheets/sheet1.xml"], p["xl/styles.xml"], p["xl/workbook.xml"], `<comments><authors/><commentList/></comments>`)
	f.Add(`<worksheet><sheetData/></worksheet>`, `<styleSheet/>`, `<workbook><sheets/></workbook>`, `<comments/>`)
	f.Fuzz(func(t *testing.T, sheet, styles, book, comments string) {
		p := plain(`<sheetData/>`)
		p["xl/worksheets/sheet1.xml"], p["xl/styles.xml"], p["xl/workbook.xml"], p["xl/comments1.xml"] = sheet, styles, book, comments
		p["xl/worksheets/_rels/sheet1.xml.rels"] = `<Relationships><Relationship Id="rId1" Type="` + relNS + `/comments" Target="../comments1.xml"/></Relationships>`
		b, err := answer(p.pack(t), Mark{Cell: "A1", Colour: Red, Comment: "one"}, Mark{Cell: "C7", Colour: Yellow, Comment: "two"})
		if err != nil {
			return
		}
		w, err := Open(b, 1<<20)
		if err != nil {
			t.Fatalf("the answer can't be opened: %v", err)
		}
		if !strings.HasPrefix(w.Sheets()[0], "Page") {
			t.Fatalf("the page is not in front: %q", w.Sheets())
		}
		if found, err := w.Clean("cp3_receipt", "Page", func(author, _ string) bool { return author == "cp3" }); !found && err == nil {
			t.Fatal("the page is not known again")
		}
	})
}
