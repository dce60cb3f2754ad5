package run_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/run"

	"github.com/xuri/excelize/v2"
)

// What reading a workbook ran into reaches the member, whatever was understood of
// the rest: a limit or a damage makes the file a refused one.
func TestTroublesReachTheReading(t *testing.T) {
	path := writeBook(t, reception+"DIALLO;Awa;F;1990;;;@2020-10-26;;\n", nil)
	for name, c := range map[string]struct {
		limit func(*run.LimitsConfig)
		want  string
	}{
		"too many cells": {func(l *run.LimitsConfig) { l.Cells = 8 }, "workbook.too_many_cells"},
		"no time left":   {func(l *run.LimitsConfig) { l.Time = time.Nanosecond }, "workbook."},
		"none reached":   {func(*run.LimitsConfig) {}, ""},
	} {
		config := run.DefaultConfig()
		c.limit(&config.Limits)
		reader, err := run.NewReader(config)
		if err != nil {
			t.Fatal(err)
		}
		got, err := reader.Read(context.Background(), run.Source{Path: path, Name: "liste.xlsx", Member: "EN", Today: today})
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
