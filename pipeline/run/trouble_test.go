package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/store"
)

func TestTrouble(t *testing.T) {
	for want, errs := range map[string][]error{
		"trouble.disk_full": {syscall.ENOSPC, errors.New(`IO Error: Could not write file "x": No space left on device`),
			fmt.Errorf("receive: %w", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC})},
		"trouble.read_only":  {syscall.EROFS},
		"trouble.no_access":  {fs.ErrPermission, errors.Join(&DepotGone{}, syscall.EACCES)},
		"trouble.device":     {syscall.EIO, syscall.ESTALE},
		"trouble.depot_gone": {&DepotGone{}},
		"":                   {nil, errors.New("anything else")},
	} {
		for _, err := range errs {
			if got := Trouble(err); got != want {
				t.Errorf("%v: %q, want %q", err, got, want)
			}
		}
	}
}

// atStage does something when a stage begins.
type atStage struct {
	stage string
	do    func()
}

func (a atStage) Stage(name string, _ int) {
	if name == a.stage {
		a.do()
	}
}

func (a atStage) Step(int) {}

// testOptions are those of a new workspace with an OFPPT folder.
func testOptions(t *testing.T) Options {
	t.Helper()
	config, err := LoadConfig("", []pipeline.Member{"OFPPT"})
	if err != nil {
		t.Fatal(err)
	}
	w, err := InitWorkspace(filepath.Join(t.TempDir(), "w"), ConfigText("fr", nil), config.Members, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Workspace: w, Config: config, Command: "run", Version: "test", Log: slog.New(slog.DiscardHandler), Progress: Silent{},
		Now:   func() time.Time { return time.Date(2021, 2, 1, 2, 30, 0, 0, time.UTC) },
		Sleep: func(context.Context, time.Duration) error { return nil }}
}

// A share that goes away between looking and copying is not members taking their
// files back: the run fails, and what went is received once it is there again.
func TestDepotVanishesDuringRun(t *testing.T) {
	o := testOptions(t)
	depot := o.Workspace.Depot()
	drop := filepath.Join(depot, "OFPPT", "liste.csv")
	if err := os.WriteFile(drop, []byte("a;b\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, leave := range map[string]func() error{
		"nothing left":         func() error { return nil },
		"an empty mount point": func() error { return os.Mkdir(depot, 0o755) },
	} {
		t.Run(name, func(t *testing.T) {
			o := o
			o.Progress = atStage{"archive", func() {
				if err := errors.Join(os.Rename(depot, depot+".away"), leave()); err != nil {
					t.Error(err)
				}
			}}
			_, err := Run(t.Context(), o)
			var gone *DepotGone
			if !errors.As(err, &gone) {
				t.Fatalf("%v, want a *DepotGone", err)
			}
			if l, err := store.OpenLedger(o.Workspace.LedgerFile()); err != nil || l.Len() != 0 {
				t.Errorf("%d entries in the ledger, %v", l.Len(), err)
			}
			if err := errors.Join(os.RemoveAll(depot), os.Rename(depot+".away", depot)); err != nil {
				t.Fatal(err)
			}
		})
	}
	report, err := Run(t.Context(), o)
	if err != nil || len(report.Received) != 1 {
		t.Errorf("there again: %d received, %v", len(report.Received), err)
	}
}

// A file that changes while it is copied waits, and nothing is kept of it.
func TestFileChangesWhileRead(t *testing.T) {
	o := testOptions(t)
	drop := filepath.Join(o.Workspace.Depot(), "OFPPT", "liste.csv")
	if err := os.WriteFile(drop, []byte("a;b\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	o.Progress = atStage{"archive", func() {
		if err := os.Remove(drop); err != nil { // replaced by a program that saves beside and renames
			t.Error(err)
		}
	}}
	report, err := Run(t.Context(), o)
	if err != nil || len(report.Received) != 0 || len(report.Skipped) != 1 || report.Skipped[0].Reason != "unsettled" {
		t.Errorf("%+v, %v", report, err)
	}
}
