package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cp3/connectors/example"
)

// With every: month the public is told by the first edition of a month. Until then its
// files stay what they were, even when everything is rebuilt, while the ministry reads
// each edition; and the month's turn makes one though nothing arrived.
func TestPublicStandsForAMonth(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "w"), few, fewMore)
	w.configure(t, "every: edition", "every: month")
	w.cp3(t, 0, "run", "-w", w.dir) // the first of February
	february, valeurs := w.public(t), w.read(t, "publication/csv/valeurs.csv")
	w.tells(t, "2,2021-02-01,à la première édition de chaque mois")

	w.at = w.at.AddDate(0, 0, 3)
	w.drop(t, w.example(t), late)
	w.cp3(t, 0, "run", "-w", w.dir)
	if bytes.Equal(valeurs, w.read(t, "publication/csv/valeurs.csv")) {
		t.Fatal("a new report changed no value: the test shows nothing")
	}
	w.same(t, february)
	w.cp3(t, 0, "rebuild", "-w", w.dir)
	w.same(t, february)
	w.sound(t)
	if said, _ := w.try(t, "status", "-w", w.dir); !strings.Contains(said, "Le public lit l'édition 2, arrêtée au 2021-02-01.") {
		t.Errorf("status says\n%s", said)
	}

	w.at = w.at.AddDate(0, 1, 0)
	w.cp3(t, 0, "run", "-w", w.dir)
	w.tells(t, "4,2021-03-04,")
	march := w.read(t, "publication/MANIFEST.json")
	w.at = w.at.AddDate(0, 0, 1)
	w.cp3(t, 0, "run", "-w", w.dir)
	if !bytes.Equal(march, w.read(t, "publication/MANIFEST.json")) {
		t.Error("an edition on a night with nothing new")
	}
}

func late(f example.File) bool { return f.Path == "ARTISANAT/Délégation Casablanca 2020.xlsx" }

func (w world) example(t *testing.T) *example.Set {
	t.Helper()
	set, err := example.Make(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// configure changes one thing in cp3.yaml.
func (w world) configure(t *testing.T, from, to string) {
	t.Helper()
	file := filepath.Join(w.dir, "cp3.yaml")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(b, []byte(from)) != 1 {
		t.Fatalf("cp3.yaml does not say %q once", from)
	}
	if err := os.WriteFile(file, bytes.Replace(b, []byte(from), []byte(to), 1), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (w world) read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(w.dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// public are the files that leave the house, but the database, whose bytes are
// DuckDB's.
func (w world) public(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, dir := range []string{"publication/public", "publication/echanges"} {
		for name := range files(t, filepath.Join(w.dir, filepath.FromSlash(dir))) {
			if !strings.HasSuffix(name, ".duckdb") {
				all[dir+"/"+name] = w.read(t, dir+"/"+name)
			}
		}
	}
	if len(all) < 20 {
		t.Fatalf("%d public files", len(all))
	}
	return all
}

func (w world) same(t *testing.T, as map[string][]byte) {
	t.Helper()
	now := w.public(t)
	for name, b := range now {
		if !bytes.Equal(b, as[name]) {
			t.Errorf("%s is not what it was", name)
		}
	}
	if len(now) != len(as) {
		t.Errorf("%d public files, there were %d", len(now), len(as))
	}
}

// tells checks which edition the public is told.
func (w world) tells(t *testing.T, want string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(string(w.read(t, "publication/public/csv/diffusion.csv"))), "\n")
	if i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, want) }); len(lines) != 2 || i != 1 {
		t.Fatalf("diffusion.csv: %q, want %q", lines, want)
	}
}
