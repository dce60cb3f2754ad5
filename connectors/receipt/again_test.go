package receipt

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cp3/connectors"
	"cp3/connectors/receipt/patch"
	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// resave is a program that opens an answer and saves it, as a focal point does
// after correcting it. It returns the path of the saved file.
type resave func(t *testing.T, path string) string

func untouched(_ *testing.T, path string) string { return path }

func withLibreOffice(t *testing.T, path string) string {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	out := t.TempDir()
	cmd := exec.Command(soffice, "-env:UserInstallation=file://"+out+"/profile", "--headless", "--convert-to", "xlsx", "--outdir", out, path)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, b)
	}
	return filepath.Join(out, filepath.Base(path))
}

func withOpenpyxl(t *testing.T, path string) string {
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import openpyxl").Run() != nil {
		t.Skip("Python's openpyxl is not installed")
	}
	out := filepath.Join(t.TempDir(), filepath.Base(path))
	script := "import openpyxl,sys; openpyxl.load_workbook(sys.argv[1]).save(sys.argv[2])"
	if b, err := exec.Command(python, "-c", script, path, out).CombinedOutput(); err != nil {
		t.Fatalf("openpyxl: %v\n%s", err, b)
	}
	return out
}

func withExcelize(t *testing.T, path string) string {
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// A row put above the marked ones: what we left has to be known by itself, not by
	// its place.
	if err := f.InsertRows("Formation", 2, 1); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := f.SaveAs(out); err != nil {
		t.Fatal(err)
	}
	return out
}

// An answer dropped again is a submission like another: of the earlier answer, no
// sheet, colour or comment is left.
func TestAnswerDroppedAgain(t *testing.T) {
	for name, save := range map[string]resave{"untouched": untouched, "libreoffice": withLibreOffice, "openpyxl": withOpenpyxl, "excelize": withExcelize} {
		t.Run(name, func(t *testing.T) {
			original := workbook(t)
			again := save(t, store(t, write(t, original, sample("fr"))))
			done := sample("fr")
			done.Status, done.Reading.Issues = pipeline.Accepted, nil
			got := open(t, write(t, again, done))
			if d := cmp.Diff([]string{connectors.ReceiptSheet, "Identification", "Formation"}, got.GetSheetList()); d != "" {
				t.Errorf("sheets (-want +got):\n%s", d)
			}
			for cell := range fills(t, got) {
				t.Errorf("%s is still marked", cell)
			}
			want := map[string]string{"C4": "à vérifier"} // excelize leaves comments where they were
			if d := cmp.Diff(want, comments(t, got)); d != "" {
				t.Errorf("comments (-want +got):\n%s", d)
			}
			header, missing := "A3", "B6"
			if name == "excelize" {
				header, missing = "A4", "B7"
			}
			for _, cell := range []string{header, missing} {
				if rgb := fillOf(t, got, cell); !strings.HasSuffix(rgb, "DDEBF7") {
					t.Errorf("the fill of %s was DDEBF7, now %q", cell, rgb)
				}
			}
		})
	}
}

// A second answer with other problems marks those, and only those.
func TestAnswersDontPileUp(t *testing.T) {
	first := store(t, write(t, workbook(t), sample("fr")))
	next := sample("fr")
	next.Received.Seq = 13
	next.Reading.Issues = next.Reading.Issues[1:2]
	got := open(t, write(t, first, next))
	if d := cmp.Diff(map[string]bool{"C4": true}, fills(t, got)); d != "" {
		t.Errorf("marked cells (-want +got):\n%s", d)
	}
	text := comments(t, got)["C4"]
	if strings.Count(text, "à vérifier") != 1 || strings.Contains(text, "n° 12") || !strings.Contains(text, "n° 13") {
		t.Errorf("comment of C4: %q", text)
	}
}

func store(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "answer.xlsx")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func fillOf(t *testing.T, f *excelize.File, cell string) string {
	t.Helper()
	id, err := f.GetCellStyle("Formation", cell)
	if err != nil {
		t.Fatal(err)
	}
	// GetStyle sees no fill where a writer left applyFill out.
	if i := f.Styles.CellXfs.Xf[id].FillID; i != nil {
		if p := f.Styles.Fills.Fill[*i].PatternFill; p != nil && p.FgColor != nil {
			return p.FgColor.RGB
		}
	}
	return ""
}

// fills are the cells of the list that have a marking colour.
func fills(t *testing.T, f *excelize.File) map[string]bool {
	t.Helper()
	marked := map[string]bool{}
	for row := 1; row <= 12; row++ {
		for col := 1; col <= 6; col++ {
			rgb := fillOf(t, f, pipeline.Ref(col, row))
			v, err := strconv.ParseUint(rgb[max(0, len(rgb)-6):], 16, 32)
			if err != nil {
				continue
			}
			switch fmt.Sprintf("%06X", v&^0x030303) {
			case patch.Red, patch.Orange, patch.Yellow:
				marked[pipeline.Ref(col, row)] = true
			}
		}
	}
	return marked
}

func comments(t *testing.T, f *excelize.File) map[string]string {
	t.Helper()
	all, err := f.GetComments("Formation")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, c := range all {
		text := c.Text
		for _, r := range c.Paragraph {
			if !strings.Contains(text, r.Text) {
				text += r.Text
			}
		}
		texts[c.Cell] = strings.TrimSpace(text)
	}
	return texts
}
