package workbook_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cp3/connectors/workbook"
	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// corpus are the real workbooks at hand: the test data of the libraries in the
// module cache, and any folder named by WORKBOOK_CORPUS.
// Files above a megabyte take excelize half a minute: they wait for that variable.
func corpus(t *testing.T) []string {
	t.Helper()
	roots := filepath.SplitList(os.Getenv("WORKBOOK_CORPUS"))
	all := len(roots) > 0
	cache := os.Getenv("GOMODCACHE")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			t.Skip("no module cache to look for workbooks in: ", err)
		}
		cache = filepath.Join(home, "go", "pkg", "mod")
	}
	for _, pattern := range []string{"github.com/xuri/excelize*", "github.com/xuri/excelize/v2@*", "github.com/tealeg/xlsx*", "github.com/tealeg/xlsx/v3@*", "github.com/thedatashed/*"} {
		found, err := filepath.Glob(filepath.Join(cache, pattern))
		if err != nil {
			t.Fatal(err)
		}
		roots = append(roots, found...)
	}
	var files []string
	for _, root := range roots {
		filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if ext := strings.ToLower(filepath.Ext(path)); err != nil || d.IsDir() || ext != ".xlsx" && ext != ".xlsm" {
				return nil
			}
			if info, err := d.Info(); err == nil && (info.Size() < 1<<20 || all) {
				files = append(files, path)
			}
			return nil
		})
	}
	slices.Sort(files)
	files = slices.Compact(files)
	if len(files) == 0 {
		t.Skip("no .xlsx file in the module cache nor in WORKBOOK_CORPUS")
	}
	return files
}

// What excelize reads of a real workbook, cp3 reads too, cell for cell.
func TestAgreesWithExcelize(t *testing.T) {
	cells, read := 0, 0
	for _, path := range corpus(t) {
		name := filepath.Join(filepath.Base(filepath.Dir(filepath.Dir(path))), filepath.Base(path))
		t.Run(name, func(t *testing.T) {
			x, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Skip("excelize doesn't open it: ", err)
			}
			defer x.Close()
			b, err := workbook.Open(context.Background(), path, workbook.Limits{})
			if err != nil {
				if len(x.GetSheetList()) == 0 {
					t.Skip("no worksheet")
				}
				t.Fatal(err)
			}
			defer b.Close()
			read++
			for _, s := range b.Sheets() {
				cells += sameSheet(t, x, b, s)
			}
			tally := map[string]int{}
			for _, i := range b.Troubles() {
				tally[i.Code]++
			}
			if len(tally) > 0 {
				t.Logf("troubles: %v", tally)
			}
		})
	}
	t.Logf("%d cells of %d workbooks compared", cells, read)
}

func sameSheet(t *testing.T, x *excelize.File, b *workbook.Book, s workbook.SheetInfo) int {
	t.Helper()
	want, err := x.GetRows(s.Name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Logf("sheet %q: excelize: %v", s.Name, err)
		return 0
	}
	rows, err := b.Rows(context.Background(), s.Index)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]pipeline.Cell{}
	for _, r := range rows {
		for _, c := range r.Cells {
			got[pipeline.Ref(c.Col, r.Number)] = c
		}
	}
	n, bad := 0, 0
	for r, row := range want {
		for c, raw := range row {
			ref := pipeline.Ref(c+1, r+1)
			cell := got[ref]
			delete(got, ref)
			n++
			if dropped(cell) && raw == "" {
				continue
			}
			if !sameValue(cell, raw, b.Properties().Date1904) {
				if bad++; bad <= 5 {
					t.Errorf("sheet %q %s: excelize %q, cp3 %+v", s.Name, ref, raw, cell)
				}
			}
		}
	}
	for ref, c := range got {
		if c.Kind != pipeline.EmptyCell && !dropped(c) && !(c.Kind == pipeline.TextCell && c.Text == "") {
			if bad++; bad <= 5 {
				t.Errorf("sheet %q %s: excelize has nothing, cp3 %+v", s.Name, ref, c)
			}
		}
	}
	return n
}

// dropped reports whether c is a cell excelize leaves out without a word: its
// shared string doesn't exist.
func dropped(c pipeline.Cell) bool { return c.Kind == pipeline.ErrorCell && c.Text == "#?" }

// sameValue compares a typed cell with the text excelize gives for it.
func sameValue(c pipeline.Cell, raw string, date1904 bool) bool {
	switch c.Kind {
	case pipeline.EmptyCell:
		return raw == ""
	case pipeline.TextCell, pipeline.ErrorCell:
		return c.Text == raw
	case pipeline.BoolCell:
		return raw == fmt.Sprint(c.Number) || strings.EqualFold(raw, strconv.FormatBool(c.Number != 0))
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(raw), 64)
	if err != nil {
		return false
	}
	if c.Kind == pipeline.DateCell && date1904 {
		f += 1462
	}
	return math.Abs(f-c.Number) <= 1e-12*math.Abs(f)
}
