package workbook

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"cp3/pipeline"
	"cp3/pipeline/wording"

	"github.com/xuri/excelize/v2"
)

// What can't be used is told, with its place, and costs no other row.
func TestTroublesOfCells(t *testing.T) {
	tests := map[string]struct{ rows, want, troubles string }{
		"control character":     {`<row r="1"><c r="A1" t="str"><v>a` + "\x01" + `b</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>`, "1: A=\"ab\"\n2: A=2", "workbook.bad_character A1"},
		"Latin-1 byte":          {`<row r="1"><c r="A1" t="inlineStr"><is><t>Sal` + "\xe9" + `</t></is></c></row>`, `1: A="Salé"`, "workbook.bad_character A1"},
		"bare ampersand":        {`<row r="1"><c r="B1" t="str"><v>a & b</v></c></row>`, `1: B="a & b"`, "workbook.bad_entity B1"},
		"HTML entity":           {`<row r="1"><c r="B1" t="str"><v>a&nbsp;b&eacute;&inconnu;</v></c></row>`, "1: B=\"a\\u00a0bé&inconnu;\"", "workbook.bad_entity B1"},
		"impossible reference":  {`<row r="1"><c r="B1" t="str"><v>a&#0;b&#xD800;&#zz;</v></c></row>`, `1: B="ab&#zz;"`, "workbook.bad_character B1, workbook.bad_entity B1"},
		"string out of range":   {`<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" t="s"><v>-1</v></c><c r="C3"><v>1</v></c></row>`, `3: A=error(#?) B=error(#?) C=1`, "workbook.bad_string A3, workbook.bad_string B3"},
		"cells out of order":    {`<row r="1"><c r="C1"><v>3</v></c><c r="A1" t="s"><v>0</v></c><c r="B1"><v>2</v></c></row>`, `1: A="nom" B=2 C=3`, "workbook.cells_out_of_order A1"},
		"cell twice":            {`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c><c r="B1"><v>3</v></c></row>`, `1: A=1 B=3`, "workbook.duplicate_cell A1"},
		"rows out of order":     {`<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>`, "2: A=2\n1: A=1", "workbook.rows_out_of_order A1"},
		"row twice":             {`<row r="2"><c r="A2"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>`, "2: A=2\n2: A=3", "workbook.duplicate_row A2"},
		"row zero":              {`<row r="4"><c r="A4"><v>4</v></c></row><row r="0"><c><v>5</v></c></row>`, "4: A=4\n5: A=5", "workbook.bad_row A5"},
		"row too far":           {`<row r="1048577"><c><v>5</v></c></row>`, "1: A=5", "workbook.bad_row A1"},
		"cell of another row":   {`<row r="4"><c r="B5"><v>4</v></c></row>`, "4: B=4", "workbook.misplaced_cell B4"},
		"no address":            {`<row r="4"><c r="B4"><v>1</v></c><c r="42"><v>4</v></c><c r="ZZZZ4"><v>5</v></c></row>`, "4: B=1 C=4 D=5", "workbook.bad_address C4, workbook.bad_address D4"},
		"column too far":        {`<row r="4"><c r="XFE4"><v>1</v></c></row>`, "4: A=1", "workbook.bad_address A4"},
		"no number":             {`<row r="1"><c r="A1"><v>douze</v></c><c r="B1"><v>1e999</v></c><c r="C1"><v>0x10</v></c><c r="D1"><v>1_0</v></c><c r="E1"><v>NaN</v></c></row>`, `1: A="douze" B="1e999" C="0x10" D="1_0" E="NaN"`, "workbook.bad_number A1, workbook.bad_number B1, workbook.bad_number C1, workbook.bad_number D1, workbook.bad_number E1"},
		"no boolean":            {`<row r="1"><c r="A1" t="b"><v>oui</v></c></row>`, `1: A="oui"`, "workbook.bad_boolean A1"},
		"no date":               {`<row r="1"><c r="A1" t="d"><v>31/12/2020</v></c></row>`, `1: A="31/12/2020"`, "workbook.bad_date A1"},
		"no type":               {`<row r="1"><c r="A1" t="zz"><v>12</v></c><c r="B1" t="zz"><v>a</v></c></row>`, `1: A=12 B="a"`, "workbook.bad_type A1, workbook.bad_type B1"},
		"no style":              {`<row r="1"><c r="A1" s="99"><v>12</v></c><c r="B1" s="-"><v>13</v></c></row>`, `1: A=12 B=13`, "workbook.bad_style A1, workbook.bad_style B1"},
		"two types":             {`<row r="1"><c r="A1" t="s" t="n"><v>0</v></c></row>`, `1: A="nom"`, "workbook.duplicate_attribute A1"},
		"two values":            {`<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>`, `1: A=12`, "workbook.malformed A1"},
		"value without cell":    {`<row r="1"><v>1</v><c r="B1"><v>2</v></c></row>`, `1: B=2`, "workbook.malformed A1"},
		"text between cells":    {`<row r="1"><c r="A1"><v>1</v></c>12<c r="B1"><v>2</v></c></row>`, `1: A=1 B=2`, "workbook.malformed A1"},
		"text beside the value": {`<row r="1"><c r="A1">7<v>1</v></c></row>`, `1: A=1`, "workbook.malformed A1"},
		"cell in a cell":        {`<row r="1"><c r="A1"><c r="B1"><v>1</v></c></c></row>`, ``, "workbook.malformed A1"},
		"unclosed cell":         {`<row r="1"><c r="A1"><v>1</v></row><row r="2"><c r="A2"><v>2</v></c></row>`, "1: A=1\n2: A=2", "workbook.malformed A1"},
		"end without start":     {`<row r="1"><c r="A1"><v>1</v></c></c></row>`, "1: A=1", "workbook.malformed A1"},
		"end of another name":   {`<row r="1"><c r="A1"><v>1</w></c></row>`, "1: A=1", "workbook.malformed A1"},
		"bare less-than":        {`<row r="1"><c r="A1" t="str"><v>a < b</v></c></row>`, `1: A="a  b"`, "workbook.malformed A1"},
		"tag in a tag":          {`<row r="1"><c r="A1" <v>1</v></c><c r="B1"><v>2</v></c></row>`, ``, ""},
		"attribute unquoted":    {`<row r="1"><c r=A1><v>1</v></c></row>`, `1: A=1`, "workbook.malformed A1"},
		"quote never closed":    {`<row r="1"><c r="A1><v>1</v></c><c r="B1"><v>2</v></c></row>`, ``, ""},
		"document type":         {`<!DOCTYPE x [<!ENTITY e "boom">]><row r="1"><c r="A1" t="str"><v>&e;</v></c></row>`, `1: A="&e;"`, ""},
		"unclosed comment":      {`<row r="1"><c r="A1"><v>1</v></c></row><!-- <row r="2"></row>`, `1: A=1`, ""},
		"unclosed CDATA":        {`<row r="1"><c r="A1" t="str"><v><![CDATA[abc</v></c></row>`, ``, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := readAll(t, oneSheet(test.rows).zip(t), "essai.xlsx", Limits{})
			if len(got.Troubles) == 0 {
				t.Error("nothing was said")
			}
			if test.troubles == "" { // badly broken: what matters is that it is refused
				if !blocks(got.Troubles) {
					t.Errorf("not refused: rows %s, troubles %s", show(got.Rows), codes(got.Troubles))
				}
				return
			}
			if s := show(got.Rows); s != test.want {
				t.Errorf("rows\n%s\nwant\n%s", s, test.want)
			}
			if s := codes(got.Troubles); s != test.troubles {
				t.Errorf("troubles %s, want %s", s, test.troubles)
			}
			checkWording(t, got.Troubles)
		})
	}
}

func blocks(issues []pipeline.Issue) bool {
	for _, i := range issues {
		if i.Severity == pipeline.Blocking {
			return true
		}
	}
	return false
}

// checkWording verifies that every issue can be said: its code is in the
// catalogue, its arguments fill the text's placeholders, an error names its row.
func checkWording(t *testing.T, issues []pipeline.Issue) {
	t.Helper()
	for _, i := range issues {
		e, ok := wording.Lookup("fr", i.Code)
		if !ok {
			t.Errorf("%s is not in the catalogue", i.Code)
		}
		for _, name := range append(wording.Placeholders(e.Problem), wording.Placeholders(e.Action)...) {
			if _, ok := i.Args[name]; !ok {
				t.Errorf("%s has no {%s}: %q", i.Code, name, e.Problem)
			}
		}
		if i.Severity == pipeline.Error && (i.Row == 0 || i.Cell == "") {
			t.Errorf("%s refuses a row and doesn't name it: %+v", i.Code, i)
		}
	}
}

// A shared text that had to be mended is told at each cell that shows it.
func TestMendedSharedText(t *testing.T) {
	p := oneSheet(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="9"><c r="C9" t="s"><v>1</v></c></row>`)
	got := readAll(t, p.shared("<t>Rabat</t>", "<t>Sal\xe9 & Cie</t>", "<t>unused\x01</t>").zip(t), "essai.xlsx", Limits{})
	if s := show(got.Rows); s != "1: A=\"Rabat\" B=\"Salé & Cie\"\n9: C=\"Salé & Cie\"" {
		t.Errorf("rows %s", s)
	}
	if s := codes(got.Troubles); s != "workbook.bad_character B1, workbook.bad_entity B1, workbook.bad_character C9, workbook.bad_entity C9" {
		t.Errorf("troubles %s", s)
	}
}

// lines is a sheet of n plain rows.
func lines(n int) string {
	var b strings.Builder
	for r := 1; r <= n; r++ {
		fmt.Fprintf(&b, `<row r="%d"><c r="A%d" t="inlineStr"><is><t>ligne %d</t></is></c><c r="B%d"><v>%d</v></c></row>`, r, r, r, r, r)
	}
	return b.String()
}

// Damage in row 5,000 of 10,000: excelize stops there without an error; we read
// the other 9,999 rows, and say so.
func TestDamageInTheMiddle(t *testing.T) {
	for name, bad := range map[string]string{"control character": "\x02", "Latin-1": "\xe9", "ampersand": "&", "entity": "&nbsp;"} {
		t.Run(name, func(t *testing.T) {
			rows := strings.Replace(lines(10_000), "ligne 5000<", "ligne 5000"+bad+"<", 1)
			got := readAll(t, oneSheet(rows).zip(t), "essai.xlsx", Limits{})
			if len(got.Rows) != 10_000 || len(got.Troubles) != 1 || got.Troubles[0].Cell != "A5000" {
				t.Errorf("%d rows, troubles %s", len(got.Rows), codes(got.Troubles))
			}
		})
	}
}

// A sheet cut anywhere is refused, whatever was read of it.
func TestSheetCutAnywhere(t *testing.T) {
	whole := sheetXML(lines(6) + `<row r="7"><c r="A7"><f>A1</f><v>1</v></c></row>`)
	for n := range len(whole) {
		got := readAll(t, oneSheet("").with("xl/worksheets/sheet1.xml", whole[:n]).zip(t), "essai.xlsx", Limits{})
		if !blocks(got.Troubles) {
			t.Fatalf("cut at %d of %d (…%s): not refused; rows %s", n, len(whole), whole[max(0, n-30):n], show(got.Rows))
		}
	}
}

// A file cut anywhere is refused.
func TestFileCutAnywhere(t *testing.T) {
	file := oneSheet(lines(3)).zip(t)
	for n := range len(file) {
		if got := readAll(t, file[:n], "essai.xlsx", Limits{}); got.Refused == "" && !blocks(got.Troubles) {
			t.Fatalf("cut at %d of %d: neither refused nor said", n, len(file))
		}
	}
}

// entries gives access to the bytes of a zip: where each entry's data are.
func entries(t *testing.T, file []byte, name string) (from, size int64) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if f.Name == name {
			off, err := f.DataOffset()
			if err != nil {
				t.Fatal(err)
			}
			return off, int64(f.CompressedSize64)
		}
	}
	t.Fatalf("no entry %s", name)
	return 0, 0
}

// One bit flipped in the compressed sheet: refused each time, thanks to the
// checksum if nothing else.
func TestFlippedBits(t *testing.T) {
	file := oneSheet(lines(200)).zip(t)
	want := show(readAll(t, file, "essai.xlsx", Limits{}).Rows)
	from, size := entries(t, file, "xl/worksheets/sheet1.xml")
	for bit := from * 8; bit < (from+size)*8; bit += 37 {
		bad := bytes.Clone(file)
		bad[bit/8] ^= 1 << (bit % 8)
		// The last bits of a stream, and those of codes never used, say nothing.
		if got := readAll(t, bad, "essai.xlsx", Limits{}); !blocks(got.Troubles) && show(got.Rows) != want {
			t.Fatalf("bit %d: not refused", bit)
		}
	}
}

// A checksum that disagrees, the bytes being good.
func TestWrongChecksum(t *testing.T) {
	for part, code := range map[string]string{"xl/worksheets/sheet1.xml": "workbook.sheet_damaged", "xl/sharedStrings.xml": "workbook.part_damaged", "xl/styles.xml": "workbook.part_damaged", "xl/workbook.xml": "workbook.part_damaged"} {
		file := oneSheet(lines(3)).zip(t)
		sum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(oneSheet(lines(3)).whole()[part])))
		file = bytes.ReplaceAll(file, sum, []byte{1, 2, 3, 4})
		got := readAll(t, file, "essai.xlsx", Limits{})
		if len(got.Rows) != 3 || len(got.Troubles) != 1 || got.Troubles[0].Code != code || got.Troubles[0].Severity != pipeline.Blocking {
			t.Errorf("%s: %d rows, troubles %s", part, len(got.Rows), codes(got.Troubles))
		}
		checkWording(t, got.Troubles)
	}
}

// What is not a workbook is recognised for what it is.
func TestRefusals(t *testing.T) {
	ole := func(streams ...string) []byte {
		b := append([]byte(compoundFile), make([]byte, 1024)...)
		for _, s := range streams {
			for _, u := range utf16.Encode([]rune(s)) {
				b = append(b, byte(u), byte(u>>8))
			}
			b = append(b, make([]byte, 64)...)
		}
		return b
	}
	bare := func(names ...string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, n := range names {
			if _, err := z.Create(n); err != nil {
				t.Fatal(err)
			}
		}
		z.Close()
		return b.Bytes()
	}
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"vide.xlsx", nil, "workbook.empty"},
		{"zeros.xlsx", make([]byte, 5000), "workbook.truncated"},
		{"photo.xlsx", []byte("\x89PNG\r\n\x1a\nxxxx"), "workbook.image"},
		{"photo.jpg", []byte("\xFF\xD8\xFF\xE0xxxx"), "workbook.image"},
		{"photo.bmp", append([]byte("BM"), make([]byte, 50)...), "workbook.image"},
		{"photo.webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), "workbook.image"},
		{"liste.pdf", []byte("%PDF-1.7\n"), "workbook.pdf"},
		{"liste.xls", ole("Root Entry", "Workbook"), "workbook.old_format"},
		{"liste.xls", ole("Root Entry", "Book"), "workbook.old_format"},
		{"secret.xlsx", ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), "workbook.encrypted"},
		{"secret-excel.xlsx", encrypted(t), "workbook.encrypted"},
		{"secret.xls", append(pad(ole("Root Entry", "Workbook")), biff("\x2f\x00\x36\x00")...), "workbook.encrypted"},
		{"secret95.xls", append(pad(ole("Root Entry", "Book")), biff("\x86\x00\x00\x00\x2f\x00\x04\x00")...), "workbook.encrypted"},
		{"ouvert.xls", append(pad(ole("Root Entry", "Workbook")), biff("\xe1\x00\x02\x00")...), "workbook.old_format"},
		{"secret.ods", zipped(t, map[string]string{"mimetype": "x", "content.xml": "??", "META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}), "workbook.encrypted"},
		{"lettre.doc", ole("Root Entry", "WordDocument"), "workbook.word"},
		{"autre.msg", ole("Root Entry", "__properties"), "workbook.not_a_workbook"},
		{"lettre.xlsx", bare("[Content_Types].xml", "word/document.xml"), "workbook.word"},
		{"diapo.xlsx", bare("[Content_Types].xml", "ppt/presentation.xml"), "workbook.slides"},
		{"liste.ods", bare("mimetype", "content.xml"), "workbook.ods"},
		{"liste.xlsb", bare("[Content_Types].xml", "xl/workbook.bin"), "workbook.xlsb"},
		{"listes.zip", bare("liste.xlsx"), "workbook.archive"},
		{"vide.zip", bare(), "workbook.archive"},
		{"listes.rar", []byte("Rar!\x1a\x07\x01\x00"), "workbook.archive"},
		{"web.xls", []byte("<html><body><table><tr><td>1</td></tr></table></body></html>"), "workbook.html"},
		{"xml.xls", []byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`), "workbook.xml_2003"},
		{"plat.fods", []byte(`<?xml version="1.0"?><office:document xmlns:office="x">`), "workbook.ods"},
		{"lettre.xlsx", []byte("Bonjour,\nveuillez trouver ci-joint la liste.\nCordialement\n"), "workbook.not_a_workbook"},
		{"bruit.xlsx", []byte("\x00\x01\x02\x03\x04\x05 bruit"), "workbook.not_a_workbook"},
		{"bruit.csv", []byte("\x00\x01\x02\x03\x04\x05 bruit"), "workbook.not_a_workbook"},
		{"graphique.xlsx", pkg{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="` + relBase + `chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>`}.zip(t), "workbook.no_sheet"},
		{"binaire.xlsx", pkg{"[Content_Types].xml": `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>`}.zip(t), "workbook.xlsb"},
		{"coupe.xlsx", oneSheet(lines(9)).zip(t)[:600], "workbook.truncated"},
		{"cassé.xlsx", pkg{"xl/workbook.xml": "<workbook><sheets>"}.zip(t), "workbook.part_damaged"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := readAll(t, test.file, test.name, Limits{}); got.Refused != test.want {
				t.Errorf("refused %q, want %q", got.Refused, test.want)
			}
			if _, ok := wording.Lookup("fr", test.want); !ok {
				t.Errorf("%s is not in the catalogue", test.want)
			}
		})
	}
}

// Limits refuse and say which one; what was read before stays.
func TestLimits(t *testing.T) {
	wide := func(n int) string {
		return `<row r="1">` + strings.Repeat(`<c><v>1</v></c>`, n) + `</row>`
	}
	same := `<row r="1">` + strings.Repeat(`<c r="A1"><v>1</v></c>`, 3000) + `</row>`
	tests := map[string]struct {
		file []byte
		lim  Limits
		want string
	}{
		"file":           {oneSheet(lines(10)).zip(t), Limits{FileBytes: 100}, "workbook.too_large"},
		"part":           {oneSheet(lines(9000)).zip(t), Limits{EntryBytes: 100_000}, "workbook.part_too_large"},
		"cells":          {oneSheet(lines(100)).zip(t), Limits{Cells: 50}, "workbook.too_many_cells"},
		"columns":        {oneSheet(wide(101)).zip(t), Limits{Columns: 100}, "workbook.too_many_columns"},
		"same address":   {oneSheet(same).zip(t), Limits{Columns: 100}, "workbook.too_many_columns"},
		"strings":        {oneSheet("").shared("<t>a</t>", "<t>b</t>", "<t>c</t>").zip(t), Limits{UniqueStrings: 2}, "workbook.too_many_strings"},
		"string bytes":   {oneSheet("").shared("<t>aaaaa</t>", "<t>bbbbb</t>").zip(t), Limits{StringBytes: 8}, "workbook.strings_too_large"},
		"sheets":         {pkg{"xl/workbook.xml": `<workbook ` + mainNS + `><sheets>` + strings.Repeat(`<sheet name="a" r:id="rId1"/>`, 5) + `</sheets></workbook>`}.zip(t), Limits{Sheets: 2}, "workbook.too_many_sheets"},
		"merges":         {oneSheet("").with("xl/worksheets/sheet1.xml", `<worksheet><sheetData/><mergeCells>`+strings.Repeat(`<mergeCell ref="A1:B1"/>`, 20)+`</mergeCells></worksheet>`).zip(t), Limits{Merges: 9}, "workbook.too_many_merges"},
		"text":           {oneSheet(`<row r="1"><c r="A1" t="str"><v>` + strings.Repeat("a", maxText+1) + `</v></c></row>`).zip(t), Limits{}, "workbook.text_too_long"},
		"row text":       {oneSheet(`<row r="1">` + strings.Repeat(`<c t="str"><v>`+strings.Repeat("é", maxText/2-9)+`</v></c>`, 40) + `</row>`).zip(t), Limits{}, "workbook.text_too_long"},
		"shared text":    {oneSheet(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`).shared("<t>" + strings.Repeat("a", maxText) + "</t>").zip(t), Limits{}, "workbook.text_too_long"},
		"depth":          {oneSheet(strings.Repeat("<a>", 10_000)).zip(t), Limits{}, "workbook.malformed"},
		"tag":            {oneSheet(`<row r="1" x="` + strings.Repeat("a", 3<<20) + `"/>`).zip(t), Limits{}, "workbook.malformed"},
		"bomb":           {oneSheet(strings.Repeat(" ", ratioFloor+1<<20)).zip(t), Limits{}, "workbook.bomb"},
		"time":           {oneSheet(lines(9)).zip(t), Limits{Time: time.Second, Now: ticking()}, "workbook.too_slow"},
		"troubles":       {oneSheet(`<row r="1">` + strings.Repeat(`<c t="s"><v>9</v></c>`, 50) + `</row>`).zip(t), Limits{Troubles: 10}, "workbook.too_many_troubles"},
		"too many rows":  {oneSheet(`<row r="1048576"><c><v>1</v></c></row><row><c><v>1</v></c></row>`).zip(t), Limits{}, "workbook.too_many_rows"},
		"shared missing": {oneSheet(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`).with("xl/sharedStrings.xml", absent).zip(t), Limits{}, "workbook.missing_part"},
		"sheet missing":  {oneSheet("").with("xl/worksheets/sheet1.xml", absent).zip(t), Limits{}, "workbook.missing_part"},
		"not a sheet":    {oneSheet("").with("xl/worksheets/sheet1.xml", "<html><body>erreur 500</body></html>").zip(t), Limits{}, "workbook.malformed"},
		"encoding":       {oneSheet("").with("xl/worksheets/sheet1.xml", `<?xml version="1.0" encoding="EBCDIC"?><worksheet/>`).zip(t), Limits{}, "workbook.encoding"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := readAll(t, test.file, "essai.xlsx", test.lim)
			if got.Refused == test.want {
				return
			}
			found := false
			for _, i := range got.Troubles {
				found = found || i.Code == test.want
			}
			if !found {
				t.Errorf("refused %q, troubles %s; want %s", got.Refused, codes(got.Troubles), test.want)
			}
			checkWording(t, got.Troubles)
		})
	}
}

// ticking is a clock that goes a second ahead each time it is read.
func ticking() func() time.Time {
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	return func() time.Time { now = now.Add(time.Second); return now }
}

// A package whose entries are behind a password of the zip itself.
func TestEncryptedEntries(t *testing.T) {
	file := oneSheet(lines(2)).zip(t)
	for _, mark := range []string{"PK\x03\x04", "PK\x01\x02"} {
		at := 6
		if mark[2] == 1 {
			at = 8
		}
		for i := range file {
			if bytes.HasPrefix(file[i:], []byte(mark)) {
				file[i+at] |= 1
			}
		}
	}
	if got := readAll(t, file, "essai.xlsx", Limits{}); got.Refused != "workbook.encrypted" {
		t.Errorf("refused %q, troubles %s", got.Refused, codes(got.Troubles))
	}
}

// Two entries of the same name: nobody can tell which one Excel shows.
func TestDuplicatePart(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	full := oneSheet(lines(2)).whole()
	for name, content := range full {
		w, _ := z.Create(name)
		io.WriteString(w, content)
	}
	w, _ := z.Create(`XL\Worksheets\Sheet1.xml`)
	io.WriteString(w, sheetXML(lines(3)))
	z.Close()
	got := readAll(t, b.Bytes(), "essai.xlsx", Limits{})
	if codes(got.Troubles) != "workbook.duplicate_part" {
		t.Errorf("troubles %s", codes(got.Troubles))
	}
}

// An error of the disk is ours, never a damaged file.
func TestDiskError(t *testing.T) {
	file := oneSheet(lines(50_000)).zip(t)
	from, size := entries(t, file, "xl/worksheets/sheet1.xml")
	r := &failing{Reader: bytes.NewReader(file), at: from + size/2}
	b, err := OpenReader(context.Background(), r, int64(len(file)), "essai.xlsx", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	err = b.Read(context.Background(), 0, func(pipeline.Row) error { return nil })
	if !errors.Is(err, errDisk) || len(b.Troubles()) > 0 {
		t.Errorf("error %v, troubles %v", err, b.Troubles())
	}
}

var errDisk = errors.New("input/output error")

type failing struct {
	*bytes.Reader
	at int64
}

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if off <= f.at && f.at < off+int64(len(p)) {
		return 0, errDisk
	}
	return f.Reader.ReadAt(p, off)
}

// Cancelling, stopping and failing visits end a reading, each as it says.
func TestEndings(t *testing.T) {
	file := oneSheet(lines(50_000)).zip(t)
	for _, two := range []bool{false, true} {
		b, err := OpenReader(context.Background(), bytes.NewReader(file), int64(len(file)), "essai.xlsx", Limits{TwoCores: two})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		err = b.Read(ctx, 0, func(pipeline.Row) error { n++; cancel(); return nil })
		if !errors.Is(err, context.Canceled) || n == 50_000 {
			t.Errorf("cancelled: %d rows, error %v", n, err)
		}
		mine := errors.New("mine")
		if err := b.Read(context.Background(), 0, func(pipeline.Row) error { return mine }); err != mine {
			t.Errorf("failing visit: error %v", err)
		}
		n = 0
		err = b.Read(context.Background(), 0, func(pipeline.Row) error {
			if n++; n == 10 {
				return ErrStop
			}
			return nil
		})
		if err != nil || n != 10 || len(b.Troubles()) > 0 {
			t.Errorf("stopped: %d rows, error %v, troubles %v", n, err, b.Troubles())
		}
		if rows, err := b.Rows(context.Background(), 0); err != nil || len(rows) != 50_000 {
			t.Errorf("again: %d rows, error %v", len(rows), err)
		}
	}
}

// encrypted is a workbook behind a password, as Excel makes one.
func encrypted(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "motdepasse"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// biff is the start of a stream of the old format: the globals' BOF and the record
// after it.
func biff(after string) []byte {
	return pad([]byte("\x09\x08\x10\x00\x00\x06\x05\x00" + strings.Repeat("\x00", 12) + after))
}

// pad fills the last sector.
func pad(b []byte) []byte { return append(b, make([]byte, (512-len(b)%512)%512)...) }

func zipped(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
