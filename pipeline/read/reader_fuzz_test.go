package read_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cp3/pipeline"
	"cp3/pipeline/read"
)

// FuzzRead: whatever the bytes and whosever they are said to be, reading gives
// issues and never a panic; every cell is accounted for once; rows read are kept,
// refused or repeated; a refused file contributes nothing.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"Nom;Prénom;Sexe;Date de début\nDIALLO;Awa;F;26/10/2020\nDIALLO;Awa;F;26/10/2020\nTotal;;;2\n",
		"Code;Indicateur;Province;T1 Femmes;T1 Hommes;T1 Total\n1.2;x;Rabat;1;2;4\n1.2;x;Total;1;2;3\n",
		"Date de la réunion;EN;ANAPEC\n10/02/2020;3/2;x\n",
		"Thème;Date;Institutions présentes\nDroits;03/03/2020;EN, ?\n",
		"Raison sociale;Date de sensibilisation;ICE\nExemple;10/11/2020;12\n",
		"Matricule;Nom et prénom;Genre;Année de formation;Résultat\n1;DIALLO Awa;F;2019-2020;Admis\n",
		"Structure;CFA Akkari\nAnnée;2020\n", "Nom;Nom;Prénom\n;;\n", "", ";;;\n\n;",
	} {
		for i := range 7 {
			f.Add(text, byte(i))
		}
	}
	reader := newReader(f)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string, which byte) {
		specs := reader.Specs()
		checkReading(t, reader, dir, text, specs[int(which)%len(specs)].Member)
	})
}

// checkReading reads a text as a member's .csv and checks what holds for every
// reading.
func checkReading(t *testing.T, reader *read.Reader, dir, text string, m pipeline.Member) {
	t.Helper()
	path := filepath.Join(dir, "T4 2020.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := reader.Read(context.Background(), read.Source{Path: path, Name: filepath.Base(path), Member: m, Today: today})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Account) > 0 {
		checkAccount(t, path, got)
	}
	for _, s := range got.Sheets {
		if s.Read < s.Kept+s.Refused {
			t.Fatalf("%d rows read, %d kept and %d refused", s.Read, s.Kept, s.Refused)
		}
	}
	if got.Status() == pipeline.Rejected && (len(got.Records.Mentions) > 0 || len(got.Records.Declared) > 0 || got.RowsKept > 0) {
		t.Fatal("a refused file contributes")
	}
	for _, i := range got.Issues {
		checkWording(t, i)
	}
}

// TestReadingLaws checks the same on sheets drawn from the words that members
// use: headers in the wrong place, twice, half; totals, examples, notes, values
// under the wrong header.
func TestReadingLaws(t *testing.T) {
	reader := newReader(t)
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range reader.Specs() {
		words := []string{"", "", "", "DIALLO", "Awa", "F", "H", "12", "3/2", "41 %", "26/10/2020", "01/02/2019", "2020", "2019-2020", "Total", "Exemple", "Rabat",
			"ANAPEC", "oui", "non", "?", "#REF!", "Admis", "1.2", "المجموع", "Femmes", "Hommes", "T1", "T2", "NB : une note", "\u00a0"}
		for i := range s.Sheets {
			for _, f := range s.Sheets[i].Fields {
				words = append(words, f.Label.FR, f.Label.AR, f.Example)
			}
		}
		for n := range 15 {
			sheet := &s.Sheets[r.IntN(len(s.Sheets))]
			var text strings.Builder
			header := r.IntN(6)
			for row := range 4 + r.IntN(12) {
				for col := range len(sheet.Fields) {
					word := words[r.IntN(len(words))]
					if (row == header || row == header+5) && r.IntN(10) > 0 {
						word = sheet.Fields[(col+n)%len(sheet.Fields)].Label.FR
					} else if row > header && r.IntN(3) > 0 {
						word = sheet.Fields[(col+n)%len(sheet.Fields)].Example
					}
					text.WriteString(word + ";")
				}
				text.WriteString("\n")
			}
			checkReading(t, reader, dir, text.String(), s.Member)
			if t.Failed() {
				t.Fatalf("%s, drawing %d:\n%s", s.Member, n, text.String())
			}
		}
	}
}
