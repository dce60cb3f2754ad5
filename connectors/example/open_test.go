package example

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cp3/pipeline"
)

// Another program opens every workbook, finds every cell that was written, the
// day it was saved and the date system it says it uses.
func TestOpenpyxlOpensEveryWorkbook(t *testing.T) {
	if err := exec.Command("python3", "-c", "import openpyxl").Run(); err != nil {
		t.Skip("openpyxl isn't installed")
	}
	s, dir := made(t), t.TempDir()
	if err := s.Deliver(dir, pipeline.Date{}, pipeline.Date{}); err != nil {
		t.Fatal(err)
	}
	args, files := []string{"testdata/open.py"}, map[string]File{}
	for _, f := range s.Manifest.Files {
		if f.Period != "" {
			name := filepath.Join(dir, filepath.FromSlash(f.Path))
			args, files[name] = append(args, name), f
		}
	}
	out, err := exec.Command("python3", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(files) {
		t.Fatalf("%d workbooks opened of %d:\n%s", len(lines), len(files), out)
	}
	for _, l := range lines {
		p := strings.Split(l, "\t")
		f := files[p[0]]
		epoch := "1899" // how openpyxl calls the 1900 system
		for _, h := range f.Habits {
			if h == MacDates {
				epoch = "1904"
			}
		}
		if p[1] != f.Saved || p[2] != epoch || len(p) < 4 {
			t.Errorf("%s: saved %s with epoch %s and %d sheets, want %s and %s", f.Path, p[1], p[2], len(p)-3, f.Saved, epoch)
		}
		for _, sheet := range p[3:] {
			if strings.HasSuffix(sheet, "=0") {
				t.Errorf("%s: nothing on sheet %s", f.Path, sheet)
			}
		}
	}
}
