package read_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cp3/connectors/workbook"
	"cp3/pipeline"
	"cp3/pipeline/read"

	"github.com/xuri/excelize/v2"
)

// What reading a workbook ran into reaches the member, whatever was understood of
// the rest: a limit or a damage makes the file a refused one.
func TestTroublesReachTheReading(t *testing.T) {
	path := writeBook(t, reception+"DIALLO;Awa;F;1990;;;@2020-10-26;;\n", nil)
	for name, c := range map[string]struct {
		limit func(*workbook.Limits)
		want  string
	}{
		"too many cells": {func(l *workbook.Limits) { l.Cells = 8 }, "workbook.too_many_cells"},
		"no time left":   {func(l *workbook.Limits) { l.Time = time.Nanosecond }, "workbook."},
		"none reached":   {func(*workbook.Limits) {}, ""},
	} {
		var limits workbook.Limits
		c.limit(&limits)
		reader, err := read.NewReader(limits)
		if err != nil {
			t.Fatal(err)
		}
		got, err := reader.Read(context.Background(), read.Source{Path: path, Name: "liste.xlsx", Member: "EN", Today: today})
		if err != nil {
			t.Fatal(err)
		}
		blocked := ""
		for _, i := range got.Issues {
			if i.Severity == pipeline.Blocking {
				blocked += i.Code + " "
			}
		}
		if (c.want == "") != (blocked == "") || !strings.Contains(blocked, c.want) {
			t.Errorf("%s: %s %q, want %s", name, got.Status(), blocked, c.want)
		}
	}
}

// A workbook with macros is read, its macros are not, and the member is told.
func TestMacrosAreTold(t *testing.T) {
	path := writeBook(t, reception+"DIALLO;Awa;F;1990;;;@2020-10-26;;\n", func(f *excelize.File) {
		if err := f.AddVBAProject([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1macros")); err != nil {
			t.Fatal(err)
		}
	})
	got := readBook(t, path, "liste.xlsm", "EN")
	if got.Status() != pipeline.Accepted || got.RowsKept != 1 || countMoves(got.Moves, "workbook.macros") != 1 {
		t.Errorf("%s\n%v", summary(got), got.Moves)
	}
}
