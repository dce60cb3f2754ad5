package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cp3/connectors/example"
	"cp3/pipeline/run"
	"cp3/pipeline/store"
)

// Five years on, the submissions on 2019 lose everything personal, and every
// figure published of 2019 and 2020 stays what it was: at once, in later runs, and
// rebuilt from what is left.
func TestPurge(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	w := newWorld(t, filepath.Join(t.TempDir(), "w"), few, func(f example.File) bool { return !few(f) })
	w.cp3(t, 0, "run", "-w", w.dir)
	said := w.cp3(t, 2, "purge", "-w", w.dir)
	if !strings.Contains(said, "retention.years: not set") {
		t.Error(said)
	}
	configure := filepath.Join(w.dir, "cp3.yaml")
	if err := os.WriteFile(configure, []byte("retention: {years: 5}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if said := w.cp3(t, 0, "purge", "-w", w.dir); !strings.Contains(said, "d'avant 2016") {
		t.Error(said)
	}
	w.at = time.Date(2025, 1, 10, 5, 0, 0, 0, time.UTC)
	w.cp3(t, 0, "run", "-w", w.dir)
	early, late := w.oneInBoth(t) // told apart by a human, who is then forgotten in part
	w.cp3(t, 0, "review", "reject", early, late, "-w", w.dir)
	w.cp3(t, 0, "run", "-w", w.dir)
	before, people := w.figures(t), w.personal(t, "2019")
	if len(people) < 30 {
		t.Fatalf("only %d persons to forget", len(people))
	}

	said = w.cp3(t, 0, "purge", "-w", w.dir)
	if !strings.Contains(said, "sur les années d'avant 2020") || !strings.Contains(said, "AMAPPE/Bourses 2019.xlsx") {
		t.Error(said)
	}
	w.forgot(t, people)
	if left := w.personal(t, "2019"); len(left) > 0 {
		t.Errorf("the warehouse still tells %d names and papers of 2019", len(left))
	}
	sameFigures(t, "purged", before, w.figures(t))
	w.sound(t)
	if said := w.cp3(t, 0, "purge", "-w", w.dir); !strings.Contains(said, "Rien à supprimer") {
		t.Error(said)
	}

	// The same file again: not taken, not kept.
	old := filepath.Join(w.dir, "depot", "AMAPPE", "Bourses 2019.xlsx")
	if err := os.Rename(old, filepath.Join(w.dir, "depot", "AMAPPE", "encore.xlsx")); err != nil {
		t.Fatal(err)
	}
	if said := w.cp3(t, 0, "run", "-w", w.dir); !strings.Contains(said, "AMAPPE/encore.xlsx : ses données ont été supprimées") {
		t.Error(said)
	}
	w.forgot(t, people)

	// Life goes on: an ordinary run, and everything derived again.
	set, err := example.Make(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	content := filepath.Join(w.dir, "depot", "ANAPEC", "autre.xlsx")
	w.drop(t, set, func(f example.File) bool { return f.Path == "ANAPEC/Oujda 2020.xlsx" })
	if err := os.Rename(filepath.Join(w.dir, "depot", "ANAPEC", "Oujda 2020.xlsx"), content); err != nil {
		t.Fatal(err)
	}
	w.cp3(t, 0, "run", "-w", w.dir)
	sameFigures(t, "a later run", before, w.figures(t))
	if said := w.cp3(t, 0, "rebuild", "-w", w.dir); !strings.Contains(said, "identique") {
		t.Error(said)
	}
	sameFigures(t, "rebuilt", before, w.figures(t))
	w.forgot(t, people)
	w.sound(t)

	// And the years after, when nobody is left: still the same figures.
	people = w.personal(t, "2020")
	w.at = time.Date(2026, 1, 10, 5, 0, 0, 0, time.UTC)
	w.cp3(t, 0, "purge", "-w", w.dir)
	sameFigures(t, "everybody purged", before, w.figures(t))
	if said := w.cp3(t, 0, "rebuild", "-w", w.dir); !strings.Contains(said, "identique") {
		t.Error(said)
	}
	w.forgot(t, people)
	if left := w.personal(t, "2020"); len(left) > 0 {
		t.Errorf("the warehouse still tells %d names and papers", len(left))
	}
	w.sound(t)
	w.cp3(t, 0, "explain", "1.2", "--year", "2020", "-w", w.dir)
	w.cp3(t, 0, "status", "-w", w.dir)
}

// oneInBoth are two rows of one person, on 2019 and on 2020.
func (w world) oneInBoth(t *testing.T) (early, late string) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(w.dir, "prive", "entrepot.duckdb"), store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Conn().QueryRowContext(t.Context(), `with known as (
			select person_id, s.year, concat_ws('!', s.path, m.sheet, m.row) as place
			from mention m join submission s using (submission_id) join person_mention using (mention_id)
			where s.status in ('acceptee', 'reserves') and m.sheet not like '%!%'
		)
		select a.place, b.place from known a join known b using (person_id) where a.year = 2019 and b.year = 2020 order by all limit 1`).Scan(&early, &late)
	if err != nil {
		t.Fatal(err)
	}
	return early, late
}

// figures are the published tables that count, without what says when.
func (w world) figures(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, content := range files(t, filepath.Join(w.dir, "publication", "csv")) {
		if slices.Contains([]string{"valeurs.csv", "activites.csv", "referencements.csv", "rapprochements.csv", "tableau_de_suivi.csv", "provenance.csv"}, name) {
			all[name] = content
		}
	}
	return all
}

func sameFigures(t *testing.T, when string, want, got map[string]string) {
	t.Helper()
	if len(want) != 6 {
		t.Fatalf("%d tables to compare", len(want))
	}
	for name := range want {
		if want[name] == got[name] {
			continue
		}
		t.Errorf("%s: %s changed: %s", when, name, firstDifference(want[name], got[name]))
	}
}

func firstDifference(want, got string) string {
	a, err1 := csv.NewReader(strings.NewReader(want)).ReadAll()
	b, err2 := csv.NewReader(strings.NewReader(got)).ReadAll()
	if err1 != nil || err2 != nil {
		return fmt.Sprint(err1, err2)
	}
	for i := range min(len(a), len(b)) {
		if !slices.Equal(a[i], b[i]) {
			return fmt.Sprintf("row %d: %v, was %v", i, b[i], a[i])
		}
	}
	return fmt.Sprintf("%d rows, were %d", len(b), len(a))
}

// personal are the names, papers and phones that only submissions on a year tell.
func (w world) personal(t *testing.T, year string) []string {
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
	found, err := db.Conn().QueryContext(t.Context(), `with said as (
			select year, unnest([family_name || ' ' || given_name, full_name, doc_number, phone, email]) as text from mention join submission using (submission_id))
		select distinct text from said where length(text) > 7 group by text having max(year) <= ?`, year)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	var all []string
	for found.Next() {
		var said string
		if err := found.Scan(&said); err != nil {
			t.Fatal(err)
		}
		all = append(all, said)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// forgot fails when a text is still somewhere in the private area, a row or a raw
// page of the warehouse, or in an answer.
func (w world) forgot(t *testing.T, people []string) {
	t.Helper()
	for name, content := range files(t, filepath.Join(w.dir, "prive")) {
		n := 0
		for _, said := range people {
			if strings.Contains(content, said) {
				n++
			}
		}
		if n > 0 {
			t.Errorf("prive/%s still holds %d of %d names and papers", name, n, len(people))
		}
	}
	for _, path := range []string{"AMAPPE/Bourses 2019.ACCEPTEE.xlsx", "AMAPPE/Bourses 2019.RESERVES.xlsx"} {
		if _, err := os.Stat(filepath.Join(w.dir, "retours", filepath.FromSlash(path))); err == nil {
			t.Errorf("retours/%s is still there", path)
		}
	}
}
