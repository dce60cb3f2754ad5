package receipt

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"cp3/connectors"
	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// rowsOf are the rows of an answer's page.
func rowsOf(t *testing.T, b []byte) (*excelize.File, [][]string) {
	t.Helper()
	f := open(t, b)
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return f, rows
}

// problemRows are the page's lines of problems, and the number of the first.
func problemRows(t *testing.T, rows [][]string) (first int, list [][]string) {
	t.Helper()
	for i, r := range rows {
		if len(r) == 6 && r[0] == "Feuille" && r[5] == "Que faire" {
			return i + 2, rows[i+1:]
		}
	}
	t.Fatalf("no list of problems in %q", rows)
	return 0, nil
}

// What blocks most comes first; then the trouble met most often; then from top to
// bottom.
func TestProblemsInOrder(t *testing.T) {
	a := sample("fr")
	a.Reading.Issues = append(a.Reading.Issues,
		pipeline.Issue{Finding: pipeline.Finding{Code: "required.empty", Severity: pipeline.Error}, Sheet: "Formation", Cell: "B5", Value: ""})
	_, rows := rowsOf(t, write(t, workbook(t), a))
	_, list := problemRows(t, rows)
	var got [][2]string
	for _, r := range list {
		got = append(got, [2]string{r[1], r[2]})
	}
	want := [][2]string{{"", "bloquant"}, {"B5", "erreur"}, {"B6", "erreur"}, {"C4", "erreur"}, {"C5", "avertissement"}, {"D4", "avertissement"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("problems (-want +got):\n%s", d)
	}
}

// Each address is a link to its cell, and that cell has the problem's colour and
// the same words.
func TestAddressesLead(t *testing.T) {
	f, rows := rowsOf(t, write(t, workbook(t), sample("fr")))
	first, list := problemRows(t, rows)
	texts := comments(t, f)
	marked := fills(t, f)
	seen := 0
	for i, r := range list {
		if r[1] == "" {
			continue
		}
		seen++
		ok, target, err := f.GetCellHyperLink(f.GetSheetName(0), "B"+strconv.Itoa(first+i))
		if err != nil || !ok || target != "'Formation'!"+r[1] {
			t.Errorf("%s leads to %q, %v", r[1], target, err)
		}
		if !marked[r[1]] {
			t.Errorf("%s is not coloured", r[1])
		}
		problem := strings.Split(r[4], "\n")
		for _, words := range problem {
			if !strings.Contains(texts[r[1]], words) {
				t.Errorf("the comment of %s, %q, does not say %q", r[1], texts[r[1]], words)
			}
		}
	}
	if seen != 4 || len(marked) != 4 {
		t.Errorf("%d addresses, %d cells coloured, want 4", seen, len(marked))
	}
}

// A date stays a date under its colour, a number a number.
func TestFormatsStay(t *testing.T) {
	before, err := excelize.OpenFile(workbook(t))
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	after := open(t, write(t, workbook(t), sample("fr")))
	for _, cell := range []string{"C4", "C5", "B6", "D4", "A3"} {
		want, _ := before.GetCellValue("Formation", cell)
		got, _ := after.GetCellValue("Formation", cell)
		if got != want {
			t.Errorf("%s showed %q, now %q", cell, want, got)
		}
	}
}

// A value read is a text, whatever it looks like, in the page's cells.
func TestNoFormula(t *testing.T) {
	a := sample("fr")
	a.Reading.Structure = `=cmd|' /C calc'!A0`
	a.Received.Path = "EN/=1+1.xlsx"
	f, rows := rowsOf(t, write(t, workbook(t), a))
	sheet := f.GetSheetName(0)
	found := false
	for i, r := range rows {
		for j, v := range r {
			found = found || v == `=HYPERLINK("http://x")`
			if formula, _ := f.GetCellFormula(sheet, pipeline.Ref(j+1, i+1)); formula != "" {
				t.Errorf("%s is a formula: %s", pipeline.Ref(j+1, i+1), formula)
			}
		}
	}
	if !found {
		t.Error("the value read is not shown")
	}
}

// A figure nobody reported is said to be missing; it is never a zero.
func TestMissingIsNotZero(t *testing.T) {
	a := sample("fr")
	a.Contributions = []Contribution{{Code: "1.6", Label: pipeline.Text{FR: "Degré"}, Unit: "pourcentage", Women: ptr(0)}}
	_, rows := rowsOf(t, write(t, "", a))
	for _, r := range rows {
		if len(r) == 6 && strings.HasPrefix(r[0], "1.6") {
			if d := cmp.Diff([]string{"0\u00a0% femmes   ·   hommes non communiqué   ·   non déclaré non communiqué", "non communiqué"},
				[]string{r[4], r[5]}); d != "" {
				t.Errorf("figures (-want +got):\n%s", d)
			}
			return
		}
	}
	t.Error("1.6 is not on the page")
}

func TestSameBytes(t *testing.T) {
	path := workbook(t)
	for _, lang := range []string{"fr", "ar"} {
		if !bytes.Equal(write(t, path, sample(lang)), write(t, path, sample(lang))) {
			t.Errorf("%s: written twice, the answer is not the same", lang)
		}
	}
}

// Whatever can't be copied is answered with the page alone, which says so.
func TestPageAlone(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole, err := os.ReadFile(workbook(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"none": "", "absent": filepath.Join(dir, "absent.xlsx"), "empty": file("empty.xlsx", ""), "csv": file("a.csv", "Nom;Sexe\nDIALLO;F\n"),
		"truncated": file("cut.xlsx", string(whole[:len(whole)/2])), "ole": file("old.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
		"an answer alone": store(t, write(t, "", sample("fr"))),
	} {
		f, rows := rowsOf(t, write(t, path, sample("fr")))
		if d := cmp.Diff([]string{connectors.ReceiptSheet}, f.GetSheetList()); d != "" {
			t.Errorf("%s: sheets (-want +got):\n%s", name, d)
		}
		said := false
		for _, r := range rows {
			said = said || len(r) > 0 && strings.Contains(r[0], "n'a pas pu être recopié")
		}
		if !said {
			t.Errorf("%s: the page does not say that it is alone", name)
		}
	}
}

// Limits shorten an answer; it says what it leaves out.
func TestLimits(t *testing.T) {
	path := workbook(t)
	one := func(lim Limits) ([][]string, *excelize.File) {
		var b bytes.Buffer
		if err := Write(context.Background(), &b, path, sample("fr"), lim); err != nil {
			t.Fatal(err)
		}
		f, rows := rowsOf(t, b.Bytes())
		return rows, f
	}
	rows, _ := one(Limits{Lines: 2})
	if _, list := problemRows(t, rows); len(list) != 3 || !strings.Contains(list[2][0], ": 3") {
		t.Errorf("two lines and the number left out, got %q", list)
	}
	_, f := one(Limits{Comments: 1})
	if n := len(comments(t, f)); n != 1 || len(fills(t, f)) != 4 {
		t.Errorf("%d comments and %d colours, want 1 and 4", n, len(fills(t, f)))
	}
	if _, f = one(Limits{CopyBytes: 100}); len(f.GetSheetList()) != 1 {
		t.Errorf("a file above the limit is copied: %q", f.GetSheetList())
	}
	if _, f = one(Limits{PartBytes: 100}); len(f.GetSheetList()) != 1 {
		t.Errorf("a part above the limit is rewritten: %q", f.GetSheetList())
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, &bytes.Buffer{}, workbook(t), sample("fr"), Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestName(t *testing.T) {
	for _, c := range []struct {
		file   string
		status pipeline.Status
		want   string
	}{
		{"liste T4.xlsx", pipeline.Accepted, "liste T4.ACCEPTEE.xlsx"},
		{"liste T4.xlsx", pipeline.Reserved, "liste T4.RESERVES.xlsx"},
		{"liste T4.XLSX", pipeline.Rejected, "liste T4.REJETEE.xlsx"},
		{"v1.2 finale.xls", pipeline.Rejected, "v1.2 finale.REJETEE.xlsx"},
		{"لائحة.csv", pipeline.Double, "لائحة.ACCEPTEE.xlsx"},
		{"sans extension", pipeline.Replaced, "sans extension.ACCEPTEE.xlsx"},
	} {
		if got := Name(c.file, c.status); got != c.want {
			t.Errorf("Name(%q, %s) = %q, want %q", c.file, c.status, got, c.want)
		}
	}
	if got := FullName("liste.csv", pipeline.Reserved); got != "liste.csv.RESERVES.xlsx" {
		t.Errorf("FullName: %q", got)
	}
}

// A name as long as the file system takes is answered under one it takes too, and
// two such names under two.
func TestNameFits(t *testing.T) {
	seen := map[string]bool{}
	for _, file := range []string{strings.Repeat("a", 250) + ".xls", strings.Repeat("a", 251) + ".xls", strings.Repeat("لائحة", 25) + ".xlsx", "a" + strings.Repeat("é", 125) + ".csv"} {
		got := Name(file, pipeline.Accepted)
		if len(got) > nameBytes || !utf8.ValidString(got) || !strings.HasSuffix(got, ".ACCEPTEE.xlsx") || seen[got] {
			t.Errorf("Name(%q) = %q (%d bytes)", file, got, len(got))
		}
		seen[got] = true
	}
}

// Figures are written as each language writes them.
func TestFigure(t *testing.T) {
	for _, c := range []struct {
		lang string
		f    float64
		want string
	}{{"fr", 1234567.5, "1\u202f234\u202f567,5"}, {"en", 1234567.5, "1,234,567.5"}, {"ar", 41.2, "41,2"}, {"fr", -999, "\u2212999"}, {"fr", 0, "0"}} {
		if got := figure(c.lang, c.f); got != c.want {
			t.Errorf("figure(%s, %v) = %q, want %q", c.lang, c.f, got, c.want)
		}
	}
}

// A column is named in the sentence's own language, without the template's
// asterisk.
func TestColumnTitle(t *testing.T) {
	for _, c := range []struct{ title, fr, ar string }{
		{"Nom *", "Nom", "Nom"},
		{"الاسم العائلي * Nom", "Nom", "الاسم العائلي"},
		{"Date de naissance / تاريخ الازدياد", "Date de naissance", "تاريخ الازدياد"},
		{"الجنس", "الجنس", "الجنس"},
		{"تاريخ (1)", "تاريخ (1)", "تاريخ (1)"},
		{"", "", ""},
	} {
		if fr, ar := columnTitle("fr", c.title), columnTitle("ar", c.title); fr != c.fr || ar != c.ar {
			t.Errorf("%q: %q and %q, want %q and %q", c.title, fr, ar, c.fr, c.ar)
		}
	}
}
