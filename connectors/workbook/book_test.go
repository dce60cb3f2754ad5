package workbook

import (
	"bytes"
	"context"
	"encoding/binary"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

// open opens a package made by a test.
func open(t *testing.T, p pkg, lim Limits) *Book {
	t.Helper()
	file := p.zip(t)
	b, err := OpenReader(context.Background(), bytes.NewReader(file), int64(len(file)), "essai.xlsx", lim)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func TestSheetsAndNames(t *testing.T) {
	rel := func(id, kind, target string) string {
		return `<Relationship Id="` + id + `" Type="` + relBase + kind + `" Target="` + target + `"/>`
	}
	b := open(t, pkg{
		"xl/workbook.xml": `<workbook ` + mainNS + `><workbookPr date1904="1"/><sheets>
			<sheet name="Accueil &amp; suivi" sheetId="4" r:id="a"/><sheet name="Graphique" sheetId="1" r:id="b"/>
			<sheet name="Listes" sheetId="2" state="hidden" r:id="c"/><sheet name="Code" sheetId="3" state="veryHidden" r:id="d"/></sheets>
			<definedNames><definedName name="cp3_template">"CP3-EN"</definedName><definedName name="zone" localSheetId="2">Listes!$A$1:$B$4</definedName></definedNames></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships>` + rel("a", "worksheet", "worksheets/sheet1.xml") + rel("b", "chartsheet", "chartsheets/sheet1.xml") +
			rel("c", "worksheet", "/xl/worksheets/sheet2.xml") + rel("d", "worksheet", "./../xl/worksheets/sheet3.xml") + rel("s", "styles", "styles.xml") + `</Relationships>`,
		"xl/worksheets/sheet1.xml": sheetXML(`<row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1" s="1"><v>42734</v></c><c r="C1"><v>0</v></c><c r="D1" t="d"><v>2020-12-31</v></c></row>`),
		"xl/worksheets/sheet2.xml": sheetXML(`<row r="1"><c r="A1"><v>2</v></c></row>`),
		"xl/worksheets/sheet3.xml": sheetXML(`<row r="1"><c r="A1"><v>3</v></c></row>`),
		"docProps/core.xml":        `<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title> Liste T4 </dc:title><dc:creator>EN</dc:creator><dcterms:modified xsi:type="dcterms:W3CDTF">2020-12-31T10:20:30Z</dcterms:modified></cp:coreProperties>`,
		"docProps/custom.xml":      `<Properties xmlns:vt="v"><property fmtid="{}" pid="2" name="cp3_template"><vt:lpwstr>CP3-EN</vt:lpwstr></property><property pid="3" name="cp3_version"><vt:lpwstr>2021.1</vt:lpwstr></property></Properties>`,
	}, Limits{})
	want := []SheetInfo{
		{Name: "Accueil & suivi", Kind: "worksheet"},
		{Name: "Listes", Index: 1, Hidden: true, Kind: "worksheet"},
		{Name: "Code", Index: 2, Hidden: true, VeryHidden: true, Kind: "worksheet"},
	}
	if d := cmp.Diff(want, b.Sheets()); d != "" {
		t.Error(d)
	}
	props := Properties{
		Title: "Liste T4", Creator: "EN", Modified: time.Date(2020, 12, 31, 10, 20, 30, 0, time.UTC), Date1904: true,
		Custom:       map[string]string{"cp3_template": "CP3-EN", "cp3_version": "2021.1"},
		DefinedNames: map[string]string{"cp3_template": `"CP3-EN"`, "Listes!zone": "Listes!$A$1:$B$4"},
	}
	if d := cmp.Diff(props, b.Properties()); d != "" {
		t.Error(d)
	}
	for i, want := range []string{"1: A=date(1462) B=date(44196) C=0 D=date(44196)", "1: A=2", "1: A=3"} {
		rows, err := b.Rows(context.Background(), i)
		if got := show(rows); err != nil || got != want {
			t.Errorf("sheet %d: %s, error %v; want %s", i, got, err, want)
		}
	}
	if issues := b.Troubles(); len(issues) > 0 {
		t.Errorf("troubles %s", codes(issues))
	}
	if err := b.Read(context.Background(), 3, nil); err == nil {
		t.Error("a sheet that isn't there was read")
	}
}

func TestRangesOfASheet(t *testing.T) {
	b := open(t, pkg{"xl/worksheets/sheet1.xml": `<worksheet><dimension ref="A1:A1"/><cols><col min="2" max="3" hidden="1"/><col min="4" max="4" width="9"/><col min="5" max="5" width="0"/></cols>` +
		`<sheetData><row r="9"><c r="G9"><v>1</v></c></row></sheetData><autoFilter ref="A1:G9"/><mergeCells><mergeCell ref="A1:G1"/><mergeCell ref="B2"/><mergeCell ref="D4:C3"/><mergeCell ref="zone"/></mergeCells></worksheet>`}, Limits{})
	rows, err := b.Rows(context.Background(), 0)
	if err != nil || show(rows) != "9: G=1" {
		t.Errorf("rows %s, error %v", show(rows), err)
	}
	var merged []string
	for _, r := range b.Merged(0) {
		merged = append(merged, r.String())
	}
	if got := strings.Join(merged, " "); got != "A1:G1 B2 C3:D4" {
		t.Errorf("merged %s", got)
	}
	want := []pipeline.Range{{FirstRow: 1, FirstCol: 2, LastRow: maxRows, LastCol: 3}, {FirstRow: 1, FirstCol: 5, LastRow: maxRows, LastCol: 5}}
	if d := cmp.Diff(want, b.HiddenColumns(0)); d != "" {
		t.Error(d)
	}
	if got := codes(b.Troubles()); got != "workbook.bad_merge" {
		t.Errorf("troubles %s", got)
	}
}

// Packages written otherwise than Excel does, all valid.
func TestOtherPackages(t *testing.T) {
	const want = `1: A="Salé" B=date(44196)`
	row := `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>44196</v></c></row>`
	plain := oneSheet(row).shared("<t>Salé</t>")
	strict := pkg{}
	for name, content := range plain.whole() {
		content = strings.ReplaceAll(content, "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")
		strict[name] = strings.ReplaceAll(content, "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
	}
	elsewhere := pkg{}
	for name, content := range plain.whole() {
		elsewhere[strings.Replace(strings.Replace(name, "xl/workbook.xml", "xl/livre.xml", 1), "xl/", "a/b/", 1)] = strings.ReplaceAll(content, "xl/workbook.xml", "a/b/livre.xml")
		elsewhere[name] = absent
	}
	delete(elsewhere, "[Content_Types].xml")
	delete(elsewhere, "_rels/.rels")
	elsewhere["_rels/.rels"] = `<Relationships><Relationship Id="rId1" Type="` + relBase + `officeDocument" Target="/a/b/livre.xml"/></Relationships>`
	elsewhere["a/b/_rels/livre.xml.rels"] = plain.whole()["xl/_rels/workbook.xml.rels"]
	backslashes := pkg{}
	for name, content := range plain.whole() {
		backslashes[name] = absent
		backslashes[strings.ReplaceAll(name, "/", `\`)] = content
	}
	recoded := func(encode func(string) string) pkg {
		p := pkg{}
		for name, content := range plain.whole() {
			p[name] = encode(content)
		}
		return p
	}
	tests := map[string]pkg{
		"transitional": plain, "strict": strict, "elsewhere": elsewhere, "backslashes": backslashes,
		"without relations": pkg{}.with("_rels/.rels", absent).with("xl/_rels/workbook.xml.rels", absent).with("xl/worksheets/sheet1.xml", plain["xl/worksheets/sheet1.xml"]).with("xl/sharedStrings.xml", plain["xl/sharedStrings.xml"]),
		"UTF-8 mark":        recoded(func(s string) string { return "\xEF\xBB\xBF" + s }),
		"UTF-16 little":     recoded(func(s string) string { return wide(binary.LittleEndian, "\uFEFF"+s) }),
		"UTF-16 big":        recoded(func(s string) string { return wide(binary.BigEndian, "\uFEFF"+s) }),
		"UTF-16 unmarked":   recoded(func(s string) string { return wide(binary.LittleEndian, s) }),
		"Latin-1": recoded(func(s string) string {
			return strings.NewReplacer(`"UTF-8"`, `"ISO-8859-1"`, "é", "\xe9").Replace(s)
		}),
	}
	for name, p := range tests {
		t.Run(name, func(t *testing.T) {
			for _, two := range []bool{false, true} {
				got := readAll(t, p.zip(t), "essai.xlsx", Limits{TwoCores: two})
				if s := show(got.Rows); s != want || len(got.Troubles) > 0 || got.Refused != "" {
					t.Errorf("got %s, refused %q, troubles %s", s, got.Refused, codes(got.Troubles))
				}
			}
		})
	}
}

// wide encodes in UTF-16.
func wide(order binary.ByteOrder, s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, 0, 0)
		order.PutUint16(b[len(b)-2:], u)
	}
	return string(b)
}

// Half a character in UTF-16 is told at its cell, as any other bad byte.
func TestBrokenUTF16(t *testing.T) {
	s := wide(binary.LittleEndian, "\uFEFF"+sheetXML(`<row r="1"><c r="A1" t="str"><v>a@b</v></c></row>`))
	s = strings.Replace(s, "@\x00", "\x00\xD8", 1)
	got := readAll(t, oneSheet("").with("xl/worksheets/sheet1.xml", s).zip(t), "essai.xlsx", Limits{})
	if show(got.Rows) != `1: A="a`+"\uFFFD"+`b"` || codes(got.Troubles) != "workbook.bad_character A1" {
		t.Errorf("rows %s, troubles %s", show(got.Rows), codes(got.Troubles))
	}
}

func TestMacros(t *testing.T) {
	p := oneSheet(lines(1)).with("xl/vbaProject.bin", "x").with("[Content_Types].xml",
		`<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`)
	b := open(t, p, Limits{})
	if b.Format() != "xlsm" || !b.Properties().Macros {
		t.Errorf("format %s, macros %v", b.Format(), b.Properties().Macros)
	}
	if b := open(t, oneSheet(""), Limits{}); b.Format() != "xlsx" || b.Properties().Macros {
		t.Errorf("format %s, macros %v", b.Format(), b.Properties().Macros)
	}
}

// Reading a sheet twice says its troubles once.
func TestReadTwice(t *testing.T) {
	b := open(t, oneSheet(`<row r="1"><c r="A1" t="s"><v>9</v></c></row>`), Limits{})
	for range 2 {
		if _, err := b.Rows(context.Background(), 0); err != nil {
			t.Fatal(err)
		}
	}
	if got := codes(b.Troubles()); got != "workbook.bad_string A1" {
		t.Errorf("troubles %s", got)
	}
}

func TestFormats(t *testing.T) {
	tests := map[format][]string{
		dateFormat: {"dd/mm/yyyy", "yyyy\\-mm\\-dd;@", "[$-fr-FR]d-mmm-yy;@", "[$-40C]d mmmm yyyy", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "mmm-yy", "mmmm", "D/M/YY h:mm", "jj/mm/aaaa",
			"[Red]dd/mm/yyyy", `"le "dd/mm/yyyy`, "yyyy", "[$-1010401]d/m/yyyy;@", "dd/mm/yyyy\\ hh:mm AM/PM", `[>0]dd/mm/yy;General`, "ge.m.d", "[DBNum1][$-804]yyyy\"年\"m\"月\""},
		percentFormat: {"0%", "0.00%", "[Red]0%;-0%", `0\ %`, "#,##0.0%"},
		generalFormat: {"General", "GENERAL", "0", "0.00E+00", "#,##0.00 [$DH]", `0 "jours"`, `0 "%"`, "[Red]#,##0;[Blue]-#,##0", "h:mm", "[h]:mm:ss", "mm:ss.0", "@", "", `0\d`, "_-* #,##0.00\\ _d_-", "[$€-40C]\\ #,##0", "h:mm AM/PM",
			`"dd/mm/yyyy"`, "[Yellow]0", "[Magenta][<5]0;0", `0;"dd"`, "# ?/?", `"unclosed`, "[unclosed", `0\`, "0_"},
	}
	for want, codes := range tests {
		for _, code := range codes {
			if got := classify(code); got != want {
				t.Errorf("%q: %d, want %d", code, got, want)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for s, want := range map[string]float64{"0": 0, "12": 12, "-3.25": -3.25, "+7": 7, "1E3": 1000, "1.5e-3": 0.0015, ".5": 0.5, "5.": 5, "0.1": 0.1, "123456789012345678": 123456789012345678, "4.35": 4.35, "9007199254740993": 9007199254740992, "0.000000000000000000000001": 1e-24} {
		if got, ok := number([]byte(s)); !ok || got != want {
			t.Errorf("%q: %v %v, want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "-", ".", "e5", "1e", "1e+", "1 2", "0x1", "1_0", "inf", "NaN", "1e400", "1,5", "--1", "1.2.3"} {
		if got, ok := number([]byte(s)); ok {
			t.Errorf("%q was read as %v", s, got)
		}
	}
}

// Texts of every length find their place in the table of shared strings, at the
// borders of its chunks too.
func TestStringTable(t *testing.T) {
	sizes := []int{0, 1, chunkBytes - 1, 0, 0, 1, chunkBytes, 0, 5, chunkBytes + 1, 0, maxText - 1, 0, 7}
	table := &stringTable{}
	for i, n := range sizes {
		table.add(bytes.Repeat([]byte{byte('a' + i)}, n))
	}
	table.seal()
	for i, n := range sizes {
		if s, ok := table.get(i); !ok || s != strings.Repeat(string(rune('a'+i)), n) {
			t.Errorf("text %d of %d bytes: got %d bytes, %v", i, n, len(s), ok)
		}
	}
	for _, i := range []int{-1, len(sizes)} {
		if _, ok := table.get(i); ok {
			t.Errorf("text %d exists", i)
		}
	}
}
