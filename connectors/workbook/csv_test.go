package workbook

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

func TestCSV(t *testing.T) {
	encoded := func(m *charmap.Charmap, s string) string {
		out, err := m.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	const french = "Nom;Prénom;Ville\r\nDiallo;Fatoumata;Salé\r\nN'Guessan;Aïcha;Kénitra\r\n"
	const frenchRows = "1: A=\"Nom\" B=\"Prénom\" C=\"Ville\"\n2: A=\"Diallo\" B=\"Fatoumata\" C=\"Salé\"\n3: A=\"N'Guessan\" B=\"Aïcha\" C=\"Kénitra\""
	const arabic = "الاسم;المدينة\nديالو;الرباط\nكوني;سلا\n"
	const arabicRows = "1: A=\"الاسم\" B=\"المدينة\"\n2: A=\"ديالو\" B=\"الرباط\"\n3: A=\"كوني\" B=\"سلا\""
	tests := map[string]struct{ file, want, troubles string }{
		"semicolons":          {french, frenchRows, ""},
		"commas":              {strings.ReplaceAll(french, ";", ","), frenchRows, ""},
		"tabs":                {strings.ReplaceAll(french, ";", "\t"), frenchRows, ""},
		"bars":                {strings.ReplaceAll(french, ";", "|"), frenchRows, ""},
		"mark":                {"\xEF\xBB\xBF" + french, frenchRows, ""},
		"Windows-1252":        {encoded(charmap.Windows1252, french), frenchRows, ""},
		"Windows-1256":        {encoded(charmap.Windows1256, arabic), arabicRows, ""},
		"UTF-16":              {wide(binary.LittleEndian, "\uFEFF"+french), frenchRows, ""},
		"UTF-16 big":          {wide(binary.BigEndian, "\uFEFF"+arabic), arabicRows, ""},
		"lines of old Macs":   {strings.ReplaceAll(french, "\r\n", "\r"), frenchRows, ""},
		"without a last line": {strings.TrimRight(french, "\r\n"), frenchRows, ""},
		"decimal commas":      {"a;b\n1,5;2,5\n3,5;4\n", "1: A=\"a\" B=\"b\"\n2: A=\"1,5\" B=\"2,5\"\n3: A=\"3,5\" B=\"4\"", ""},
		"quotes":              {"a,b\n\"x, \"\"y\"\"\nz\",2\n\"\",3\n", "1: A=\"a\" B=\"b\"\n2: A=\"x, \\\"y\\\"\\nz\" B=\"2\"\n3: B=\"3\"", ""},
		"empty lines":         {"a;b\n\n;\n;c\n", "1: A=\"a\" B=\"b\"\n4: B=\"c\"", ""},
		"directive":           {"sep=|\r\na;1|b\r\n", `1: A="a;1" B="b"`, ""},
		"quote inside":        {"a;b\nl'\"x\";2\n", "1: A=\"a\" B=\"b\"\n2: A=\"l'\\\"x\\\"\" B=\"2\"", ""},
		"stray quote":         {"a;b\n\"x\"y;2\n", "1: A=\"a\" B=\"b\"\n2: A=\"xy\" B=\"2\"", "workbook.stray_quote A2"},
		"open quote":          {"a;b\n1;\"x\n2;3\n", "1: A=\"a\" B=\"b\"\n2: A=\"1\" B=\"x\\n2;3\\n\"", "workbook.open_quote B2"},
		"control character":   {"a;b\n1;x\x02y\n2;3\n", "1: A=\"a\" B=\"b\"\n2: A=\"1\" B=\"xy\"\n3: A=\"2\" B=\"3\"", "workbook.bad_character B2"},
		"one bad byte":        {strings.Repeat("é;à\n", 20) + "Sal\xe9;b\n", strings.TrimSuffix(strings.Join(numbered(20, `A="é" B="à"`), "\n"), "\n") + "\n21: A=\"Salé\" B=\"b\"", "workbook.bad_character A21"},
		"a single column":     {"nom\nDiallo\n", "1: A=\"nom\"\n2: A=\"Diallo\"", ""},
		"no line":             {"nom", "1: A=\"nom\"", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, chunk := range []int{16, 64 << 10} {
				got := readAll(t, []byte(test.file), "liste T4.csv", Limits{chunk: chunk})
				if s := show(got.Rows); s != test.want || got.Refused != "" {
					t.Errorf("refused %q, got\n%s\nwant\n%s", got.Refused, s, test.want)
				}
				if s := codes(got.Troubles); s != test.troubles {
					t.Errorf("troubles %q, want %q", s, test.troubles)
				}
				checkWording(t, got.Troubles)
			}
		})
	}
}

func numbered(n int, cells string) []string {
	var lines []string
	for i := range n {
		lines = append(lines, fmt.Sprintf("%d: %s", i+1, cells))
	}
	return lines
}

func TestCSVSheet(t *testing.T) {
	for name, want := range map[string]string{"liste T4.csv": "liste T4", ".csv": "Feuil1", "a.b.CSV": "a.b", "0f3a": "0f3a"} {
		got := readBook(t, []byte("a;b\nc;d\n"), name)
		if s := got.Sheets(); len(s) != 1 || s[0].Name != want || got.Format() != "csv" {
			t.Errorf("%s: sheets %v, format %s", name, s, got.Format())
		}
	}
}
