package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"cp3":       func() { os.Exit(program(scripted())) },
		"configure": func() { os.Exit(configure(os.Args[1], os.Args[2])) },
		"xlsx":      func() { os.Exit(xlsx(os.Args[1:])) },
	})
}

// scripted is the real world without a terminal; the clock is SOURCE_DATE_EPOCH's,
// so that a story prints the same on every machine.
func scripted() Env {
	env := System()
	env.Terminal, env.Color, env.Width = false, false, 0
	return env
}

// TestStories runs what users would do, one story a file.
func TestStories(t *testing.T) {
	stories, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("SOURCE_DATE_EPOCH", fmt.Sprint(time.Date(2021, 1, 15, 9, 0, 0, 0, time.UTC).Unix()))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"guide":     guide,
			"recompute": recompute,
			"rewind":    rewind,
			// age FILE...: what was dropped two hours before the story's clock has settled.
			"age": func(ts *testscript.TestScript, neg bool, args []string) {
				at := time.Date(2021, 1, 15, 7, 0, 0, 0, time.UTC)
				for _, name := range args {
					ts.Check(os.Chtimes(ts.MkAbs(name), at, at))
				}
			},
		},
	})
}

// configure FILE KEY: a configuration with backups for the recipient of a private key.
func configure(file, key string) int {
	b, err := os.ReadFile(key)
	if err == nil {
		_, recipient, _ := strings.Cut(strings.SplitN(string(b), "\n", 2)[0], "public key: ")
		err = os.WriteFile(file, []byte("backup: {dir: sauvegardes, recipients: ["+recipient+"]}\n"), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "configure:", err)
		return 1
	}
	return 0
}

// xlsx OUT SHEET=FILE.csv...: a workbook with one sheet per CSV, cells as text,
// numbers as numbers.
func xlsx(args []string) int {
	if err := makeWorkbook(args[0], args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "xlsx:", err)
		return 1
	}
	return 0
}

func makeWorkbook(out string, sheets []string) error {
	f := excelize.NewFile()
	defer f.Close()
	for i, s := range sheets {
		name, file, _ := strings.Cut(s, "=")
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				return err
			}
		} else if _, err := f.NewSheet(name); err != nil {
			return err
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		r := csv.NewReader(strings.NewReader(string(b)))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil {
			return err
		}
		for n, row := range rows {
			for c, v := range row {
				cell, err := excelize.CoordinatesToCellName(c+1, n+1)
				if err != nil {
					return err
				}
				if err := f.SetCellStr(name, cell, v); err != nil {
					return err
				}
			}
		}
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	return f.SaveAs(out)
}
