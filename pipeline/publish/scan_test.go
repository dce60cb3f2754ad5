package publish

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestScanSeesThroughEncodings(t *testing.T) {
	needles := []string{"Aïssata Béavogui", "CS4711077X", "Ba", "محمد كمارا"}
	var zipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	w, err := z.Create("xl/sharedStrings.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("<sst><si><r><t>AISSATA</t></r><r><t> B&#233;avogui</t></r></si></sst>")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file string
		b    []byte
		want []int
	}{
		"another case, no accents": {"a.csv", []byte("x,AISSATA BEAVOGUI,y\n"), []int{0}},
		"glued in binary":          {"a.bin", []byte("\x00\x01zzCS4711077Xzz\x02"), []int{1}},
		"UTF-16":                   {"a.bin", append([]byte{1}, utf16Of("CS4711077X")...), []int{1}},
		"Latin-1":                  {"a.bin", []byte("\x00A\xefssata B\xe9avogui\x00"), []int{0}},
		"inside a zip, split":      {"a.xlsx", zipped.Bytes(), []int{0}},
		"a short word":             {"a.csv", []byte("nom,ba\n"), []int{2}},
		"a short word's letters":   {"a.csv", []byte("bambara,Baba,b a\n"), nil},
		"Arabic, with vowels":      {"a.json", []byte(`{"x": "مُحَمَّد كمارا"}`), []int{3}},
		"the file's name":          {"Aïssata Béavogui.csv", []byte("x"), []int{0}},
		"nothing":                  {"a.csv", []byte("Aïssata,Béa,CS4711,077X"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, c.file), c.b, 0o600); err != nil {
				t.Fatal(err)
			}
			found, err := Scan(t.Context(), dir, needles, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, s := range found {
				if !slices.Contains(got, s.Needle) {
					got = append(got, s.Needle)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %v, want needles %v", found, c.want)
			}
		})
	}
}
