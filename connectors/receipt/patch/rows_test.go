package patch

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Looking for rows and cells by their names gives the edits that going from tag to
// tag gives. A comment among the rows makes the painter do the latter.
func TestPaintEitherWay(t *testing.T) {
	const comment = `<!--<row r="1"><c r="A1"/></row></sheetData>-->`
	colours := map[[2]int]string{{1, 2}: Red, {2, 2}: Orange, {3, 2}: Yellow, {2, 4}: Red, {1, 9}: Red}
	for name, data := range map[string]string{
		"usual":      `<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2" spans="1:3"><c r="A2"/><c r="C2" s="1"><is><t>row c</t></is></c></row><row r="4"/></sheetData>`,
		"prefixed":   `<x:sheetData><x:row r="1"/><x:row r="2"><x:c r="B2"><x:v>1</x:v></x:c></x:row><x:row r="3"></x:row></x:sheetData>`,
		"numberless": `<sheetData><row><c><v>1</v></c></row><row><c/><c/><c/></row></sheetData>`,
		"names":      `<sheetData><rows r="2"/><row r="1"><rowc r="A9"/><cc r="A2"/></row><row r="2" ht="1" row="c"><c r="A2"><f>row(c)</f><v>&lt;row></v></c></row></sheetData>`,
		"spaced":     "<sheetData >\n\t<row\tr='2' >\n<c\nr='C2'\n/>\n</row >\n</sheetData >",
		"empty":      `<sheetData/>`,
		"disordered": `<sheetData><row r="2"/><row r="1"/></sheetData>`,
		"crossed":    `<sheetData><row r="2"><c r="B2"/><c r="A2"/></row></sheetData>`,
		"unfinished": `<sheetData><row r="2"><c r="B2"/>`,
		"endless":    `<sheetData><row r="2"><c r="B2"></c></sheetData>`,
		"lower":      `<sheetData><row r="2"><c r="$b$2"/></row></sheetData>`,
	} {
		t.Run(name, func(t *testing.T) {
			style := func(format int, rgb string) (int, bool) { return format*10 + len(rgb), true }
			sheet := `<worksheet><cols><col min="1" max="2" style="3"/></cols>` + data + `<pageMargins/></worksheet>`
			quick, at, err := paint([]byte(sheet), colours, style)
			open := strings.IndexByte(sheet[strings.Index(sheet, "sheetData"):], '>') + strings.Index(sheet, "sheetData") + 1
			other := sheet[:open] + comment + sheet[open:]
			slow, slowAt, slowErr := paint([]byte(other), colours, style)
			if (err == nil) != (slowErr == nil) {
				t.Fatalf("%v, tag by tag %v", err, slowErr)
			}
			if err != nil {
				return
			}
			got, want := string(apply([]byte(sheet), quick)), strings.Replace(string(apply([]byte(other), slow)), comment, "", 1)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-tag by tag +by name):\n%s", d)
			}
			if name != "empty" && slowAt-at != len(comment) {
				t.Errorf("the data ends at %d, tag by tag at %d", at, slowAt)
			}
		})
	}
}

func TestColumnOf(t *testing.T) {
	for ref, want := range map[string]int{"A1": 1, "XFD1048576": 16384, "AB12": 28, "a1": 0, "$A$1": 0, "A": 0, "1": 0, "A0": 0, "A1B": 0, "": 0, "ABCDE1": 0} {
		if got := columnOf([]byte(ref)); got != want {
			t.Errorf("%s: %d, want %d", ref, got, want)
		}
	}
}

// BenchmarkPaint marks a cell of one row in fifty.
func BenchmarkPaint(b *testing.B) {
	var text strings.Builder
	text.WriteString(`<worksheet><sheetData>`)
	colours := map[[2]int]string{}
	for row := 1; row <= 500; row++ {
		fmt.Fprintf(&text, `<row r="%d">`, row)
		for _, col := range "ABCDEFGHIJKLMNO" {
			fmt.Fprintf(&text, `<c r="%c%d" s="3" t="s"><v>%d</v></c>`, col, row, row)
		}
		text.WriteString(`</row>`)
		if row%50 == 0 {
			colours[[2]int{3, row}] = Red
		}
	}
	text.WriteString(`</sheetData></worksheet>`)
	src := []byte(text.String())
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, _, err := paint(src, colours, func(int, string) (int, bool) { return 1, true }); err != nil {
			b.Fatal(err)
		}
	}
}
