package template

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cp3/connectors"
	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func specs(t testing.TB) ([]*connectors.Spec, map[string]*connectors.CodeList) {
	t.Helper()
	all, err := connectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	lists, err := connectors.Lists()
	if err != nil {
		t.Fatal(err)
	}
	return all, lists
}

func write(t testing.TB, spec *connectors.Spec, lists map[string]*connectors.CodeList, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(context.Background(), &b, spec, lists, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// everyTemplate runs a check on each member's template in each language.
func everyTemplate(t *testing.T, check func(t *testing.T, spec *connectors.Spec, lang string, file []byte, f *excelize.File)) {
	all, lists := specs(t)
	if len(all) == 0 {
		t.Fatal("no member is declared")
	}
	for _, spec := range all {
		for _, lang := range []string{"fr", "ar"} {
			t.Run(string(spec.Member)+"/"+lang, func(t *testing.T) {
				b := write(t, spec, lists, Options{Lang: lang, Period: pipeline.Period{Year: 2021, Quarter: 1}})
				f, err := excelize.OpenReader(bytes.NewReader(b))
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				check(t, spec, lang, b, f)
			})
		}
	}
}

func TestSameBytes(t *testing.T) {
	all, lists := specs(t)
	for _, spec := range all {
		if !bytes.Equal(write(t, spec, lists, Options{}), write(t, spec, lists, Options{})) {
			t.Errorf("%s: written twice, the template is not the same", spec.Member)
		}
	}
}

// A program that reads XML strictly reads every part.
func TestWellFormed(t *testing.T) {
	everyTemplate(t, func(t *testing.T, _ *connectors.Spec, _ string, file []byte, _ *excelize.File) {
		z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range z.File {
			r, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			for d := xml.NewDecoder(r); ; {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", part.Name, err)
				}
			}
			r.Close()
		}
	})
}

// The workbook says which template it is, twice: programs lose one or the other.
func TestMarks(t *testing.T) {
	everyTemplate(t, func(t *testing.T, spec *connectors.Spec, _ string, _ []byte, f *excelize.File) {
		got := map[string]string{}
		props, err := f.GetCustomProps()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range props {
			got["property "+p.Name] = fmt.Sprint(p.Value)
		}
		for _, n := range f.GetDefinedName() {
			if strings.HasPrefix(n.Name, "cp3_") {
				got["name "+n.Name] = strings.Trim(n.RefersTo, `"`)
			}
		}
		want := map[string]string{
			"property cp3_template": spec.Template.ID, "property cp3_version": spec.Template.Version,
			"name cp3_template": spec.Template.ID, "name cp3_version": spec.Template.Version,
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("marks (-want +got):\n%s", d)
		}
	})
}

// Every sheet is protected without a password; titles are locked, what is to be
// filled is not; Arabic sheets run from right to left.
func TestSheets(t *testing.T) {
	everyTemplate(t, func(t *testing.T, spec *connectors.Spec, lang string, _ []byte, f *excelize.File) {
		names := f.GetSheetList()
		if len(names) != len(spec.Sheets)+2 {
			t.Fatalf("%d sheets for %d declared: %q", len(names), len(spec.Sheets), names)
		}
		for i, name := range names {
			p, err := f.GetSheetProtection(name)
			if err != nil || p.Password != "" {
				t.Errorf("%s: protection %+v, %v", name, p, err)
			}
			visible, err := f.GetSheetVisible(name)
			if err != nil || visible != (name != connectors.ListsSheet) {
				t.Errorf("%s: visible %v, %v", name, visible, err)
			}
			if own := i == 0 || i == len(names)-1; connectors.IsOwnSheet(name) != own {
				t.Errorf("%s: IsOwnSheet is %v", name, !own)
			}
			if name == connectors.ListsSheet {
				continue
			}
			v, err := f.GetSheetView(name, 0)
			if err != nil || (v.RightToLeft != nil && *v.RightToLeft) != (lang == "ar") {
				t.Errorf("%s: right to left %v, %v", name, v.RightToLeft, err)
			}
			page, err := f.GetPageLayout(name)
			if err != nil || *page.Size != 9 || *page.Orientation != "landscape" {
				t.Errorf("%s: page %+v, %v", name, page, err)
			}
		}
	})
}

// Each field of a list has its column, with the label as its title; the cells of
// the column are open below it and only there.
func TestColumns(t *testing.T) {
	everyTemplate(t, func(t *testing.T, spec *connectors.Spec, lang string, _ []byte, f *excelize.File) {
		for i := range spec.Sheets {
			s := &spec.Sheets[i]
			if s.Shape == connectors.Form {
				continue
			}
			sheet := f.GetSheetList()[i+1]
			example := exampleRowOf(t, f, sheet)
			for _, field := range s.Fields {
				if field.Unlisted {
					continue
				}
				col := titled(t, f, sheet, example, field.Label.In(lang))
				if col == 0 {
					t.Errorf("%s: no column %q", sheet, field.Label.In(lang))
					continue
				}
				for row, want := range map[int]bool{example - 1: true, example: true, example + 1: false, example + 40: false} {
					if got := locked(t, f, sheet, col, row); got != want {
						t.Errorf("%s!%s: locked is %v", sheet, pipeline.Ref(col, row), got)
					}
				}
			}
		}
	})
}

func exampleRowOf(t *testing.T, f *excelize.File, sheet string) int {
	t.Helper()
	for row := 1; row < 12; row++ {
		v, err := f.GetCellValue(sheet, pipeline.Ref(1, row))
		if err != nil {
			t.Fatal(err)
		}
		if connectors.IsExampleMark(v) {
			return row
		}
	}
	t.Fatalf("%s: no example row", sheet)
	return 0
}

// titled is the column under that label, on the header's one or two rows.
func titled(t *testing.T, f *excelize.File, sheet string, example int, label string) int {
	t.Helper()
	for col := 2; col < 80; col++ {
		for row := example - 2; row < example; row++ {
			v, err := f.GetCellValue(sheet, pipeline.Ref(col, row))
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(v, "\n")
			if strings.TrimSuffix(first, " *") == label {
				return col
			}
		}
	}
	return 0
}

func locked(t *testing.T, f *excelize.File, sheet string, col, row int) bool {
	t.Helper()
	id, err := f.GetCellStyle(sheet, pipeline.Ref(col, row))
	if err != nil {
		t.Fatal(err)
	}
	if id == 0 {
		if id, err = f.GetColStyle(sheet, pipeline.ColumnName(col)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	return s.Protection == nil || s.Protection.Locked
}

// A drop-down list offers only what its code list knows, and the example is among
// it.
func TestListsAreKnown(t *testing.T) {
	_, lists := specs(t)
	everyTemplate(t, func(t *testing.T, spec *connectors.Spec, _ string, _ []byte, f *excelize.File) {
		cols, err := f.GetCols(connectors.ListsSheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, col := range cols {
			for col[len(col)-1] == "" { // GetCols makes all columns as long
				col = col[:len(col)-1]
			}
			name := strings.TrimSuffix(col[0], "_2")
			if name == "trimestre" {
				continue
			}
			list := lists[name]
			if list == nil {
				t.Errorf("no code list %q", col[0])
				continue
			}
			if len(col) != len(list.Codes)+1 {
				t.Errorf("%s offers %d of %d codes", col[0], len(col)-1, len(list.Codes))
			}
			for _, v := range col[1:] {
				if _, ok := list.Find(v); !ok {
					t.Errorf("%s offers %q, which it does not know", col[0], v)
				}
			}
		}
	})
}

// What is known beforehand is on the form; what is carried over is on the list, as
// values and not as text.
func TestFilledBeforehand(t *testing.T) {
	all, lists := specs(t)
	spec := connectors.Find(all, "EN")
	b := write(t, spec, lists, Options{Structure: "CFA Akkari", Period: pipeline.Period{Year: 2021, Quarter: 1}, CarryOver: map[string][]Row{
		"Formation": {{"family_name": "DIALLO", "sex": "F", "stream": "COIFFURE", "enrolment_date": "2020-10-01"}},
	}})
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var form []string
	for row := 4; row < 12; row++ {
		v, _ := f.GetCellValue("Identification", pipeline.Ref(formValueCol, row))
		form = append(form, v)
	}
	if d := cmp.Diff([]string{"CFA Akkari", "", "", "2021", "T1", "", spec.Template.Version, ""}, form); d != "" {
		t.Errorf("form (-want +got):\n%s", d)
	}
	example := exampleRowOf(t, f, "Formation")
	for label, want := range map[string]string{"Nom": "DIALLO", "Sexe": "F", "Filière": "Coiffure", "Date d'inscription": "44105"} {
		ref := pipeline.Ref(titled(t, f, "Formation", example, label), example+1)
		if got, _ := f.GetCellValue("Formation", ref, excelize.Options{RawCellValue: true}); got != want {
			t.Errorf("%s: %q, want %q", label, got, want)
		}
	}
}

// Other programs open every template, and LibreOffice keeps its lists and checks.
func TestOtherPrograms(t *testing.T) {
	dir := t.TempDir()
	all, lists := specs(t)
	for _, spec := range all {
		for _, lang := range []string{"fr", "ar"} {
			path := filepath.Join(dir, string(spec.Member)+"-"+lang+".xlsx")
			if err := os.WriteFile(path, write(t, spec, lists, Options{Lang: lang}), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Run("openpyxl", func(t *testing.T) {
		python, err := exec.LookPath("python3")
		if err != nil || exec.Command(python, "-c", "import openpyxl").Run() != nil {
			t.Skip("Python's openpyxl is not installed")
		}
		const script = `import glob, sys, warnings
warnings.simplefilter("error")
import openpyxl
for path in sorted(glob.glob(sys.argv[1] + "/*.xlsx")):
    book = openpyxl.load_workbook(path)
    assert sum(len(s.data_validations.dataValidation) for s in book) > 3, path
    assert book.custom_doc_props["cp3_template"].value, path
    assert all(s.protection.sheet and not s.protection.password for s in book), path
`
		if out, err := exec.Command(python, "-c", script, dir).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("libreoffice", func(t *testing.T) {
		soffice, err := exec.LookPath("soffice")
		if err != nil {
			t.Skip("LibreOffice is not installed")
		}
		if testing.Short() {
			t.Skip("slow")
		}
		out := t.TempDir()
		cmd := exec.Command(soffice, "-env:UserInstallation=file://"+out+"/profile", "--headless", "--convert-to", "xlsx", "--outdir", out,
			filepath.Join(dir, "EN-ar.xlsx"), filepath.Join(dir, "CP3-RSK-fr.xlsx"))
		if b, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		for _, name := range []string{"EN-ar.xlsx", "CP3-RSK-fr.xlsx"} {
			before, after := checks(t, filepath.Join(dir, name)), checks(t, filepath.Join(out, name))
			if d := cmp.Diff(before, after); d != "" {
				t.Errorf("%s: checks (-before +after):\n%s", name, d)
			}
		}
	})
}

// checks counts the drop-down lists and checks of each sheet.
func checks(t *testing.T, path string) map[string]int {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := map[string]int{}
	for _, sheet := range f.GetSheetList() {
		all, err := f.GetDataValidations(sheet)
		if err != nil {
			t.Fatal(err)
		}
		n[sheet] = len(all)
	}
	return n
}

// With CP3_PICTURES set to a folder, every template is left there to be looked at.
func TestPictures(t *testing.T) {
	dir := os.Getenv("CP3_PICTURES")
	if dir == "" {
		t.Skip("CP3_PICTURES is not set")
	}
	all, lists := specs(t)
	for _, spec := range all {
		for _, lang := range []string{"fr", "ar"} {
			o := Options{Lang: lang, Structure: "CFA Akkari", Period: pipeline.Period{Year: 2021, Quarter: 1}}
			path := filepath.Join(dir, string(spec.Member)+"-"+lang+".xlsx")
			if err := os.WriteFile(path, write(t, spec, lists, o), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
