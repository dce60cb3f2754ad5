package example

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"cp3/pipeline"
	"cp3/pipeline/fold"
)

var update = flag.Bool("update", false, "write the golden files again")

// shipped is the shipped example, made once for all tests.
var shipped = sync.OnceValues(func() (*Set, error) { return Make(context.Background(), Seed) })

func made(t *testing.T) *Set {
	t.Helper()
	s, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSameSeedSameBytes(t *testing.T) {
	a := made(t)
	b, err := Make(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for p, content := range a.content {
		if sha256.Sum256(content) != sha256.Sum256(b.content[p]) {
			t.Errorf("%s differs from one run to the next", p)
		}
	}
	if diff := cmp.Diff(a.Manifest, b.Manifest); diff != "" {
		t.Errorf("manifest differs from one run to the next:\n%s", diff)
	}
	c, err := Make(context.Background(), Seed+1)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(a.content["AMAPPE/Bourses 2019.xlsx"], c.content["AMAPPE/Bourses 2019.xlsx"]) {
		t.Error("another seed gives the same persons")
	}
}

func TestEveryHabitIsPractised(t *testing.T) {
	practised := map[Habit]bool{}
	for _, f := range made(t).Manifest.Files {
		for _, h := range f.Habits {
			if !slices.Contains(Habits(), h) {
				t.Errorf("%s: habit %q isn't in the list", f.Path, h)
			}
			practised[h] = true
		}
	}
	for _, h := range Habits() {
		if !practised[h] {
			t.Errorf("no workbook practises %q", h)
		}
	}
}

func TestManifestListsWhatTheDesignAsksFor(t *testing.T) {
	m := made(t).Manifest
	books, rows, members := 0, 0, map[pipeline.Member]bool{}
	for _, f := range m.Files {
		if strings.HasSuffix(f.Path, ".xlsx") && f.Period != "" {
			books++
		}
		rows += f.Rows
		members[f.Member] = true
	}
	if books < 15 || books > 40 || rows < 2000 || rows > 3500 || len(members) != 7 {
		t.Errorf("%d workbooks, %d rows, %d members", books, rows, len(members))
	}
	if rows != len(m.Truth) {
		t.Errorf("%d rows in files and %d in the truth", rows, len(m.Truth))
	}
	for what, n := range map[string]int{"missing": len(m.Missing), "late": len(m.Late), "copies": len(m.Copies), "replaced": len(m.Replaced), "refused": len(m.Refused), "doubtful": len(m.Doubtful),
		"disagree": len(m.Disagree), "bad totals": len(m.BadTotals), "doubles": len(m.Doubles), "look-alikes": len(m.LookAlikes), "shared": len(m.Shared)} {
		if n == 0 {
			t.Errorf("nothing planted: %s", what)
		}
	}
	kinds := map[LookAlike]int{}
	for _, l := range m.LookAlikes {
		kinds[l.Kind]++
		if len(l.At) < 2 {
			t.Errorf("look-alikes %v aren't both on a list", l.Persons)
		}
	}
	for _, k := range []LookAlike{Homonyms, Siblings, Twins} {
		if kinds[k] == 0 {
			t.Errorf("no %s", k)
		}
	}
	respelt := 0
	for _, s := range m.Shared {
		for _, u := range s.At[1:] {
			if fold.Key(u.As) != fold.Key(s.At[0].As) {
				respelt++
			}
		}
	}
	scripts := 0
	for _, s := range m.Shared {
		for _, u := range s.At {
			if strings.ContainsFunc(u.As, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
				scripts++
			}
		}
	}
	if scripts < 2 {
		t.Errorf("%d persons written in both scripts", scripts)
	}
	if len(m.Shared) < 100 || respelt < 20 {
		t.Errorf("%d persons on several members' lists, %d times under another spelling", len(m.Shared), respelt)
	}
}

// What happened is what is written: every row of the plan stands in a workbook
// that counts, and nothing else does.
func TestEveryServiceOfThePlanIsOnAList(t *testing.T) {
	s := made(t)
	gone := map[string]bool{}
	for _, r := range s.Manifest.Replaced {
		gone[r.Before] = true
	}
	listed := map[string]map[string]bool{}
	for _, u := range s.Manifest.Truth {
		if !gone[u.Path] {
			k := folder(u.Path)
			if listed[k] == nil {
				listed[k] = map[string]bool{}
			}
			listed[k][u.Person] = true
		}
	}
	owed := map[string]map[string]bool{}
	for _, g := range NewPlan(Seed).Services() {
		k := string(g.Member)
		if owed[k] == nil {
			owed[k] = map[string]bool{}
		}
		owed[k][g.Person.ID] = true
	}
	for _, r := range s.Manifest.Refused {
		if gone[r.Path] {
			continue
		}
		owed[folder(r.Path)][r.Person] = true
	}
	if diff := cmp.Diff(owed, listed); diff != "" {
		t.Errorf("persons by member, plan and lists (-plan +lists):\n%s", diff)
	}
}

func TestDeliveriesByNight(t *testing.T) {
	s := made(t)
	dir := t.TempDir()
	var before pipeline.Date
	total := 0
	for _, night := range s.Nights() {
		if err := s.Deliver(dir, before, night); err != nil {
			t.Fatal(err)
		}
		n := countFiles(t, dir)
		if n <= total {
			t.Errorf("nothing came on %s", night)
		}
		total, before = n, night
	}
	if total != len(s.Manifest.Files) {
		t.Errorf("%d files delivered of %d", total, len(s.Manifest.Files))
	}
}

func countFiles(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The manifest and the truth are kept beside, for whoever tests against them.
func TestGoldenManifest(t *testing.T) {
	m := made(t).Manifest
	b, err := yaml.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var truth strings.Builder
	w := csv.NewWriter(&truth)
	if err := w.Write([]string{"path", "sheet", "row", "person", "as"}); err != nil {
		t.Fatal(err)
	}
	for _, u := range m.Truth {
		if err := w.Write([]string{u.Path, u.Sheet, strconv.Itoa(u.Row), u.Person, u.As}); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	golden(t, "testdata/manifest.yaml", string(b))
	golden(t, "testdata/truth.csv", truth.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v: run go test ./connectors/example -update", err)
	}
	if got != string(want) {
		t.Errorf("%s differs: run go test ./connectors/example -update and look at the change", name)
	}
}
