package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cp3/connectors/example"
	"cp3/connectors/receipt"
	"cp3/pipeline"
	"cp3/pipeline/run"
	"cp3/pipeline/store"
)

// A world is a workspace of the tests that play accidents: some of the example's
// workbooks, one night already published, another one dropped and not yet run.
type world struct {
	dir string
	at  time.Time // the clock stands here
}

// worldNight is the night being played: both deliveries are long past.
var worldNight = time.Date(2021, 2, 1, 2, 30, 0, 0, time.UTC)

// newWorld plays the first night with the files that first selects, and drops
// those that then selects.
func newWorld(t *testing.T, dir string, first, then func(example.File) bool) world {
	t.Helper()
	w := world{dir, worldNight}
	set, err := example.Make(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	w.cp3(t, 0, "init", dir)
	before := w
	before.at = w.at.AddDate(0, 0, -1)
	w.drop(t, set, first)
	before.cp3(t, 0, "run", "-w", dir)
	w.drop(t, set, then)
	return w
}

// drop delivers the example's files that keep selects.
func (w world) drop(t *testing.T, set *example.Set, keep func(example.File) bool) {
	t.Helper()
	all := t.TempDir()
	if err := set.Deliver(all, pipeline.Date{}, pipeline.Date{}); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range set.Manifest.Files {
		if !keep(f) {
			continue
		}
		to := filepath.Join(w.dir, "depot", filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(all, filepath.FromSlash(f.Path)), to); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n == 0 {
		t.Fatal("no file of the example was selected")
	}
}

// few are a handful of workbooks that touch every part of a run: several members,
// lists, a form, a table, a refused row.
func few(f example.File) bool {
	return slices.Contains([]string{"AMAPPE/Bourses 2019.xlsx", "CP3-RSK/CP3 RSK 2020 (1er semestre).xlsx"}, f.Path)
}

func fewMore(f example.File) bool {
	return slices.Contains([]string{"AMAPPE/Bourses 2020.xlsx", "CP3-RSK/CP3 RSK 2020.xlsx", "OFPPT/Stagiaires migrants 2020.xlsx",
		"ANAPEC/Oujda 2020.xlsx", "ARTISANAT/مندوبية سلا 2020.xlsx"}, f.Path)
}

// cp3 runs the program in this process and returns what it printed; want is the
// exit code.
func (w world) cp3(t *testing.T, want int, args ...string) string {
	t.Helper()
	said, code := w.try(t, args...)
	if code != want {
		t.Fatalf("cp3 %s: exit %d, want %d\n%s", strings.Join(args, " "), code, want, said)
	}
	return said
}

// try is cp3 when it may exit with any code.
func (w world) try(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	var out bytes.Buffer
	env := scripted()
	env.Stdout, env.Stderr = &out, &out
	env.Now = func() time.Time { return w.at }
	env.Sleep = func(context.Context, time.Duration) error { return nil }
	code = Main(t.Context(), args, env)
	return out.String(), code
}

// copyTo is the same world elsewhere.
func (w world) copyTo(t *testing.T, dir string) world {
	t.Helper()
	if err := os.CopyFS(dir, os.DirFS(w.dir)); err != nil {
		t.Fatal(err)
	}
	// CopyFS keeps neither times nor modes: files would be new, secrets exposed.
	err := filepath.WalkDir(w.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(w.dir, name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, rel)
		if err := os.Chmod(to, info.Mode().Perm()); err != nil {
			return err
		}
		return os.Chtimes(to, info.ModTime(), info.ModTime())
	})
	if err != nil {
		t.Fatal(err)
	}
	return world{dir, w.at}
}

// sound fails unless archive, ledger and publication verify and every answer is
// to a file that the ledger knows.
func (w world) sound(t *testing.T) {
	t.Helper()
	ws, err := run.OpenWorkspace(w.dir)
	if err != nil {
		t.Fatal(err)
	}
	v, err := run.Verify(t.Context(), run.Options{Workspace: ws, Progress: run.Silent{},
		Now: func() time.Time { return w.at }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range v.Problems {
		t.Errorf("verify: %s", p)
	}
	known := w.answerable(t, ws)
	for name := range files(t, ws.Answers()) {
		if !known[name] {
			t.Errorf("retours/%s answers a file the ledger doesn't know", name)
		}
	}
}

// answerable are the names that answers to what the ledger knows can have, and those
// they have while they are being written.
func (w world) answerable(t *testing.T, ws run.Workspace) map[string]bool {
	t.Helper()
	ledger, err := store.OpenLedger(ws.LedgerFile())
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	err = store.Each(ledger, store.KindReceived, func(_ store.Entry, got pipeline.Received) error {
		dir, file := filepath.Split(filepath.FromSlash(got.Path))
		known[filepath.ToSlash(filepath.Join(dir, "."+got.ID+".cp3tmp"))] = true
		for _, s := range []pipeline.Status{pipeline.Accepted, pipeline.Reserved, pipeline.Rejected, pipeline.Double, pipeline.Replaced} {
			known[filepath.ToSlash(filepath.Join(dir, receipt.Name(file, s)))] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// result is everything a run makes that must not depend on how it came about: the
// published tables and the answers, by path.
func (w world) result(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, part := range []string{"publication/csv", "publication/public", "retours"} {
		dir := filepath.Join(w.dir, filepath.FromSlash(part))
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		for name, content := range files(t, dir) {
			if filepath.Ext(name) == ".duckdb" {
				continue // its bytes tell when its pages were written
			}
			all[part+"/"+name] = content
		}
	}
	b, err := os.ReadFile(filepath.Join(w.dir, "publication", "MANIFEST.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct{ Edition, Run, Day any }
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	b, err = json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	all["edition"] = string(b)
	return all
}

// same fails for each file in which two results differ.
func same(t *testing.T, want, got map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("%s differs from the uninterrupted run's (%d bytes, want %d)", name, len(got[name]), len(want[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: the uninterrupted run has no such file", name)
		}
	}
}

// files are the regular files below dir, slash-separated.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		all[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// nobodyIn fails when a file below a folder of the workspace holds the name, the
// paper or the phone of anybody in the warehouse.
func (w world) nobodyIn(t *testing.T, place string) {
	t.Helper()
	ws, err := run.OpenWorkspace(w.dir)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), ws.Warehouse(), store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	found, err := db.Conn().QueryContext(t.Context(), `select distinct said from (
		select unnest([family_name, full_name, doc_number, phone, email]) as said from mention) where length(said) > 5`)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	var personal []string
	for found.Next() {
		var said string
		if err := found.Scan(&said); err != nil {
			t.Fatal(err)
		}
		personal = append(personal, said)
	}
	if err := found.Err(); err != nil || len(personal) < 100 {
		t.Fatalf("%d names and papers in the warehouse, %v", len(personal), err)
	}
	for name, content := range files(t, filepath.Join(w.dir, filepath.FromSlash(place))) {
		for _, said := range personal {
			if strings.Contains(content, said) {
				t.Errorf("%s/%s holds something personal", place, name)
				break
			}
		}
	}
}
