package workbook

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

// scanSheet reads the XML of a sheet without its package.
func scanSheet(t testing.TB, data []byte, lim Limits, slow bool) result {
	t.Helper()
	lim = lim.withDefaults()
	table := &stringTable{}
	for _, s := range []string{"nom", " Maroc ", ""} {
		table.add([]byte(s))
	}
	table.seal()
	var src io.Reader = bytes.NewReader(data)
	if slow {
		src = iotest.OneByteReader(src)
	}
	var s scanner
	var res result
	tr := &troubles{sheet: "Formation", max: lim.Troubles}
	if unknown := s.start(src, lim.chunk); unknown != "" {
		return result{Refused: unknown}
	}
	r := sheetReader{s: &s, lim: &lim, t: tr, strings: table, formats: []format{generalFormat, dateFormat, percentFormat}, visit: func(r pipeline.Row) error {
		r.Cells = slices.Clone(r.Cells)
		res.Rows = append(res.Rows, r)
		return nil
	}}
	if err := r.read(); err != nil {
		t.Fatal(err)
	}
	res.Merged, res.Hidden, res.Troubles = r.merged, r.hidden, tr.issues()
	return res
}

// seeds are sheets with something of everything.
func seeds() []string {
	bodies := []string{
		`<row r="1" spans="1:3" hidden="1" x14ac:dyDescent="0.25"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>44196</v></c><c r="C1" s="2"><v>0.41</v></c></row>`,
		`<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve"> a_x000D_&amp; é</t></is></c><c r="B2" t="str"><f>A1&amp;"x"</f><v>x</v></c><c r="C2"/></row>`,
		`<row><c><v>1e3</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2020-12-31</v></c></row>`,
		`<row r="5"><c r="C5"><v>1</v></c><c r="A5"><v>2</v></c><c r="A5"><v>3</v></c></row><row r="4"><c r="A5" s="9"><v>&x;</v></c></row>`,
		`<row r="6"><c r="A6"><v><![CDATA[12]]></v></c><!-- x --><c r="B6"><f t="shared" si="0"/></c></row><?x y?>`,
		`<row r="7"><c r="A7"><v>1</v></row></c>`,
		`<row r="8"><c r="A8" t="s"><v>99</v></c>&`,
	}
	var all []string
	for i, b := range bodies {
		all = append(all, sheetXML(b), sheetXML(strings.Join(bodies[:i], "")))
	}
	return append(all, `<worksheet><cols><col min="1" max="2" hidden="1"/></cols><sheetData/><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`,
		wide16(sheetXML(bodies[1])), "\xEF\xBB\xBF"+sheetXML(bodies[0]), strings.Replace(sheetXML(bodies[0]), "UTF-8", "windows-1252", 1))
}

func wide16(s string) string {
	var b strings.Builder
	b.WriteString("\xFF\xFE")
	for _, c := range []byte(s) {
		b.WriteByte(c)
		b.WriteByte(0)
	}
	return b.String()
}

// The laws of reading a sheet, for any bytes: it ends, without a panic; the size
// of the chunks changes nothing, nor does the fast path; and what encoding/xml
// refuses is never passed over in silence.
func FuzzSheet(f *testing.F) {
	for _, s := range seeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		want := scanSheet(t, data, Limits{plain: true}, false)
		for _, lim := range []Limits{{}, {chunk: 1}, {chunk: 70}, {chunk: 128}, {chunk: 7, plain: true}} {
			if d := cmp.Diff(want, scanSheet(t, data, lim, lim.chunk == 70)); d != "" {
				t.Fatalf("chunk %d, plain %v changes the reading (-want +got):\n%s", lim.chunk, lim.plain, d)
			}
		}
		for _, r := range want.Rows {
			if !slices.IsSortedFunc(r.Cells, func(a, b pipeline.Cell) int { return a.Col - b.Col }) || len(r.Cells) == 0 {
				t.Fatalf("row %d: cells out of order, or none", r.Number)
			}
		}
		if len(want.Troubles) == 0 && want.Refused == "" {
			if err := wellFormed(data); err != nil {
				t.Fatalf("encoding/xml says %v, the reader nothing; rows:\n%s", err, show(want.Rows))
			}
		}
	})
}

// wellFormed is encoding/xml's opinion of a document, of what concerns data: it
// also minds names, namespaces, comments and declarations, where none is lost.
func wellFormed(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, io.EOF }
	if utf16Order(data) != 0 {
		return nil
	}
	for {
		_, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil && strings.Contains(err.Error(), "illegal character") && bytes.ContainsAny(data, "?!") {
			return nil // perhaps in a comment
		}
		if err != nil {
			for _, minor := range []string{"invalid sequence \"--\"", "invalid XML name", "target name after <?", "encoding", "unsupported version", "in space", "opening charset", "attribute name", "element name", "invalid character", "invalid UTF-8", "expected /> in element", "XML declaration"} {
				if strings.Contains(err.Error(), minor) {
					return nil
				}
			}
			return err
		}
	}
}

// scanStrings reads the XML of the shared strings without its package.
func scanStrings(t testing.TB, data []byte, lim Limits) (texts []string, mended map[int]blemish, issues []pipeline.Issue) {
	t.Helper()
	lim = lim.withDefaults()
	var s scanner
	if s.start(bytes.NewReader(data), lim.chunk) != "" {
		return nil, nil, nil
	}
	tr := &troubles{max: lim.Troubles}
	r := stringReader{s: &s, lim: &lim, t: tr, part: "xl/sharedStrings.xml", table: &stringTable{}}
	if err := r.read(); err != nil {
		t.Fatal(err)
	}
	for i := range r.table.len() {
		text, ok := r.table.get(i)
		if !ok {
			t.Fatalf("text %d of %d is lost", i, r.table.len())
		}
		texts = append(texts, text)
	}
	return texts, r.table.mended, tr.issues()
}

// The laws of the shared strings: those of a sheet.
func FuzzStrings(f *testing.F) {
	f.Add([]byte(`<sst><si><t>a</t></si><si><t xml:space="preserve"> é &amp; _x000D_</t></si><si/><si><t/></si></sst>`))
	f.Add([]byte(`<sst><si><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></si><si><t>&x;` + "\xff\x01" + `</t></si><si>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		texts, mended, issues := scanStrings(t, data, Limits{plain: true})
		for _, lim := range []Limits{{}, {chunk: 1}, {chunk: 64}} {
			gotTexts, gotMended, gotIssues := scanStrings(t, data, lim)
			if d := cmp.Diff(texts, gotTexts) + cmp.Diff(mended, gotMended) + cmp.Diff(issues, gotIssues); d != "" {
				t.Fatalf("chunk %d changes the reading:\n%s", lim.chunk, d)
			}
		}
		if len(issues) == 0 && len(mended) == 0 {
			if err := wellFormed(data); err != nil {
				t.Fatalf("encoding/xml says %v, the reader nothing; texts %q", err, texts)
			}
		}
	})
}

// For any bytes a book opens or is refused, and reading it ends within its
// limits; inflating beside changes nothing.
func FuzzBook(f *testing.F) {
	f.Add(oneSheet(lines(3)).zip(f), "liste.xlsx")
	f.Add(oneSheet(lines(3)).zip(f)[:700], "liste.xlsx")
	f.Add([]byte("a;b\n\"c\";é\n"), "liste.csv")
	f.Add([]byte("\xFF\xFEa\x00;\x00b\x00\n\x00"), "liste.csv")
	f.Add([]byte(compoundFile), "liste.xls")
	lim := Limits{EntryBytes: 1 << 20, Cells: 10_000, Columns: 100, UniqueStrings: 1000, StringBytes: 1 << 20, Troubles: 50}
	f.Fuzz(func(t *testing.T, file []byte, name string) {
		one := readAll(t, file, name, lim)
		both := lim
		both.TwoCores, both.chunk = true, 33
		if d := cmp.Diff(one, readAll(t, file, name, both)); d != "" {
			t.Fatalf("two cores change the reading:\n%s", d)
		}
	})
}

// What encoding/csv reads of a text, we read the same; the size of the chunks
// changes nothing.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a;b\n1;2\n", "a,\"b\n\"\"c\"\r\n,x\n", "a\tb\rc\td", "\"a\"b;c\n\"d", "é;\xe9\n", "sep=,\na,b\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		want := readAll(t, file, "liste.csv", Limits{})
		if d := cmp.Diff(want, readAll(t, file, "liste.csv", Limits{chunk: 16})); d != "" {
			t.Fatalf("the chunk size changes the reading:\n%s", d)
		}
		if want.Refused != "" || len(want.Troubles) > 0 || bytes.ContainsAny(file, "\r") || utf16Order(file) != 0 || !bytes.Equal(file, bytes.ToValidUTF8(file, nil)) {
			return
		}
		b := readBook(t, file, "liste.csv")
		if b.text.directive {
			return
		}
		d := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\xEF\xBB\xBF"))))
		d.Comma, d.FieldsPerRecord = rune(b.text.separator), -1
		records, err := d.ReadAll()
		if err != nil {
			return // a quote inside a field: encoding/csv refuses it, Excel and we don't
		}
		rows, err := b.Rows(context.Background(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(fields(records), texts(rows)); d != "" {
			t.Fatalf("encoding/csv reads otherwise:\n%s", d)
		}
	})
}

// fields are the texts of records that hold any, empty ones left out.
func fields(records [][]string) (all [][]string) {
	for _, r := range records {
		if r = slices.DeleteFunc(r, func(s string) bool { return s == "" }); len(r) > 0 {
			all = append(all, r)
		}
	}
	return all
}

func texts(rows []pipeline.Row) (all [][]string) {
	for _, r := range rows {
		var line []string
		for _, c := range r.Cells {
			line = append(line, c.Text)
		}
		all = append(all, line)
	}
	return all
}
