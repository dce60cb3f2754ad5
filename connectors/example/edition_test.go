package example_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"os"
	"path"
	"strconv"
	"testing"
	"time"

	"cp3/connectors"
	"cp3/connectors/example"
	"cp3/pipeline"
	"cp3/pipeline/run"
	"cp3/pipeline/store"
)

// The workbooks, read, linked and computed by the whole pipeline, give the table
// of the 2020 report; before the correction came, they gave another one.
func TestEditionIsTheReports(t *testing.T) {
	if testing.Short() {
		t.Skip("two whole runs")
	}
	set, err := example.Make(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	o := workspace(t, set)
	november := pipeline.Date{Year: 2020, Month: 11, Day: 4}
	play(t, set, &o, pipeline.Date{}, november)
	before := followUp(t, o)
	if got, want := before["1.7 T"].Value, float64(passedBy(set, november)); got == nil || *got != want {
		t.Errorf("1.7 before the correction: %v, want %v, four too many", show(got), want)
	}

	play(t, set, &o, november, pipeline.Date{Year: 2021, Month: 1, Day: 20})
	after := followUp(t, o)
	for _, r := range reference(t) {
		l := after[r["code"]+" T"]
		for column, got := range map[string]*float64{"valeur_base": l.Base, "valeur_2019": l.Previous, "valeur_2020": l.Value, "cible_2020": l.Target, "cible_finale": l.Final} {
			if want := figure(t, r[column]); show(got) != show(want) {
				t.Errorf("%s %s: %s, want %s", r["code"], column, show(got), show(want))
			}
		}
		if f := after[r["code"]+" F"]; r["femmes_2020"] != "" && f.Value != nil && show(f.Value) != r["femmes_2020"] {
			t.Errorf("%s women: %s, want %s", r["code"], show(f.Value), r["femmes_2020"])
		}
	}
	linkedAsTheyAre(t, set, o)
}

// workspace is an empty one that expects what the manifest says.
func workspace(t *testing.T, set *example.Set) run.Options {
	t.Helper()
	specs, err := connectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	var members []pipeline.Member
	for _, s := range specs {
		members = append(members, s.Member)
	}
	var expect []run.Expectation
	for _, e := range set.Manifest.Expected {
		p, err := pipeline.ParsePeriod(e.Period)
		if err != nil {
			t.Fatal(err)
		}
		expect = append(expect, run.ExpectationOf(e.Member, e.Structure, p, 30))
	}
	w, err := run.InitWorkspace(t.TempDir(), run.ConfigText("fr", run.MergeExpectations(expect)), members, nil, bytes.NewReader(bytes.Repeat([]byte{7}, 64)))
	if err != nil {
		t.Fatal(err)
	}
	config, err := run.LoadConfig(w.ConfigFile(), members)
	if err != nil {
		t.Fatal(err)
	}
	return run.Options{Workspace: w, Config: config, Command: "run", Version: "test", Log: slog.New(slog.DiscardHandler), Progress: run.Silent{},
		Sleep: func(context.Context, time.Duration) error { return nil }}
}

// play delivers the files of some days and runs the night after the last.
func play(t *testing.T, set *example.Set, o *run.Options, after, until pipeline.Date) {
	t.Helper()
	if err := set.Deliver(o.Workspace.Depot(), after, until); err != nil {
		t.Fatal(err)
	}
	o.Now = func() time.Time { return until.Time().Add(26 * time.Hour) }
	report, err := run.Run(t.Context(), *o)
	if err != nil {
		t.Fatal(err)
	}
	if !report.Published {
		t.Fatalf("nothing published: %+v", report.Failures)
	}
}

func followUp(t *testing.T, o run.Options) map[string]run.FollowUpLine {
	t.Helper()
	lines, err := run.FollowUp(t.Context(), o, 2020)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]run.FollowUpLine{}
	for _, l := range lines {
		by[l.Code+" "+l.Sex] = l
	}
	return by
}

// passedBy is how many persons the files of a day say have passed: those of the
// centres that had reported, and the four that Akkari's first file got wrong.
func passedBy(set *example.Set, day pipeline.Date) int {
	reported := map[string]bool{}
	for _, f := range set.Manifest.Files {
		if f.Member == "EN" && f.Delivery <= day.String() {
			reported[f.Structure+f.Period] = true
		}
	}
	n := 4
	for _, e := range example.NewPlan(set.Manifest.Seed).Enrolments {
		p := pipeline.Period{Year: e.End.Year, Quarter: e.End.Quarter()}
		if e.Result == example.Passed && reported[e.Place.Name+p.String()] {
			n++
		}
	}
	return n
}

// reference are the figures printed in the report.
func reference(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open("testdata/indicateurs_2020.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 26 {
		t.Fatalf("%d rows of reference, %v", len(rows), err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

// figure reads a value of the reference; nil when the report leaves it blank.
func figure(t *testing.T, s string) *float64 {
	t.Helper()
	if s == "" {
		return nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

func show(v *float64) string {
	if v == nil {
		return "nothing"
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// linkedAsTheyAre: every row of one person got one id, and no two persons share
// one: neither twins, nor siblings, nor homonyms.
func linkedAsTheyAre(t *testing.T, set *example.Set, o run.Options) {
	t.Helper()
	db, err := store.Open(t.Context(), o.Workspace.Warehouse(), store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Conn().QueryContext(t.Context(), `select s.path, m.sheet, m.row, p.person_id
		from mention m join submission s using (submission_id) join person_mention p using (mention_id)`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	who := map[example.Spot]string{}
	for _, u := range set.Manifest.Truth {
		who[u.Spot] = u.Person
	}
	original := map[string]string{}
	for _, c := range set.Manifest.Copies {
		original[c.Path] = c.Of
	}
	ids, persons, n := map[string]map[string]bool{}, map[string]map[string]bool{}, 0
	for rows.Next() {
		var at example.Spot
		var id string
		if err := rows.Scan(&at.Path, &at.Sheet, &at.Row, &id); err != nil {
			t.Fatal(err)
		}
		if of, ok := original[at.Path]; ok { // dropped the same night, either may be the one that counts
			at.Path = of
		}
		note(ids, who[at], id)
		note(persons, id, who[at])
		n++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if n < 2000 || n < 2*len(ids) {
		t.Errorf("%d mentions of %d persons: nothing to link", n, len(ids))
	}
	for p, of := range ids {
		if len(of) != 1 {
			t.Errorf("%s is %d persons", p, len(of))
		}
	}
	for _, of := range persons {
		if len(of) != 1 {
			t.Errorf("one id for %v", of)
		}
	}
}

func note(m map[string]map[string]bool, key, value string) {
	if m[key] == nil {
		m[key] = map[string]bool{}
	}
	m[key][value] = true
}

// The example lies where members' folders are, and nowhere else.
func TestFilesLieInMembersFolders(t *testing.T) {
	set, err := example.Make(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	below := 0
	for _, f := range set.Manifest.Files {
		dir := path.Dir(f.Path)
		if dir != string(f.Member) {
			below++
		}
		if fmt.Sprint(f.Member) != path.Clean(f.Path)[:len(f.Member)] {
			t.Errorf("%s isn't in the folder of %s", f.Path, f.Member)
		}
	}
	if below == 0 {
		t.Error("no file lies in a sub-folder")
	}
}
