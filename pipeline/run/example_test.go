package run_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cp3/connectors"
	"cp3/connectors/example"
	"cp3/pipeline"
	"cp3/pipeline/publish"
	"cp3/pipeline/run"
	"cp3/pipeline/store"
)

// morning is when the stories of this file happen.
var morning = time.Date(2021, 1, 15, 2, 30, 0, 0, time.UTC)

// office is a workspace with a clock.
type office struct {
	t *testing.T
	run.Options
	log bytes.Buffer
}

func newOffice(t *testing.T, expect []run.Expectation) *office {
	t.Helper()
	o := newOfficeAt(t, t.TempDir(), expect)
	o.t = t
	return o
}

func newOfficeAt(t testing.TB, dir string, expect []run.Expectation) *office {
	t.Helper()
	specs, err := connectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	var members []pipeline.Member
	for _, s := range specs {
		members = append(members, s.Member)
	}
	// The secret is fixed: two offices give the same person the same id.
	w, err := run.InitWorkspace(dir, run.ConfigText("fr", expect), members, nil, strings.NewReader(strings.Repeat("secret--", 8)))
	if err != nil {
		t.Fatal(err)
	}
	config, err := run.LoadConfig(w.ConfigFile(), members)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{}
	o.Options = run.Options{
		Workspace: w, Config: config, Command: "run", Version: "test",
		Now:   func() time.Time { return morning },
		Sleep: func(context.Context, time.Duration) error { return nil },
		Log:   slog.New(slog.NewTextHandler(&o.log, nil)), Progress: run.Silent{},
	}
	return o
}

func (o *office) run() run.Report {
	o.t.Helper()
	r, err := run.Run(context.Background(), o.Options)
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

// published are the CSV files of the edition in place, by table.
func (o *office) published() map[string]string {
	o.t.Helper()
	files, err := filepath.Glob(filepath.Join(o.Workspace.Publication(), "csv", "*.csv"))
	if err != nil || len(files) < 14 {
		o.t.Fatalf("%d tables published, %v", len(files), err)
	}
	tables := map[string]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			o.t.Fatal(err)
		}
		tables[strings.TrimSuffix(filepath.Base(f), ".csv")] = string(b)
	}
	return tables
}

// table reads a published table as maps from column to value.
func (o *office) table(name string) []map[string]string {
	o.t.Helper()
	return parse(o.t, o.published()[name], ',')
}

func parse(t *testing.T, text string, comma rune) []map[string]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = comma
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, row := range all[1:] {
		m := map[string]string{}
		for i, v := range row {
			m[all[0][i]] = v
		}
		rows = append(rows, m)
	}
	return rows
}

// exampleSet is made once: every test of this file reads it.
func exampleSet(t *testing.T) *example.Set {
	t.Helper()
	set, err := example.Make(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func expectations(t *testing.T, set *example.Set) []run.Expectation {
	t.Helper()
	var all []run.Expectation
	for _, e := range set.Manifest.Expected {
		p, err := pipeline.ParsePeriod(e.Period)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, run.ExpectationOf(e.Member, e.Structure, p, 30))
	}
	return run.MergeExpectations(all)
}

// The whole example in one night: the committee's table, the planted difficulties,
// the answers, and nothing personal anywhere public.
func TestExample(t *testing.T) {
	set := exampleSet(t)
	o := newOffice(t, expectations(t, set))
	if err := set.Deliver(o.Workspace.Depot(), pipeline.Date{}, pipeline.Date{}); err != nil {
		t.Fatal(err)
	}
	report := o.run()
	t.Run("follow-up table", func(t *testing.T) { followUp(t, o) })
	t.Run("report's other figures", func(t *testing.T) { activity(t, o) })
	t.Run("persons", func(t *testing.T) { persons(t, o, set) })
	t.Run("statuses", func(t *testing.T) { statuses(t, o, set) })
	t.Run("planted faults", func(t *testing.T) { faults(t, o, set) })
	t.Run("one answer a file", func(t *testing.T) { answers(t, o, set, report) })
	t.Run("bridges", func(t *testing.T) { bridges(t, o) })
	t.Run("nothing personal", func(t *testing.T) { nothingPersonal(t, o, set) })
	t.Run("nothing new", func(t *testing.T) { nothingNew(t, o) })
	t.Run("an analyst keeps reading", func(t *testing.T) { analyst(t, o, set) })
}

// followUp compares tableau_de_suivi with the report, figure by figure.
func followUp(t *testing.T, o *office) {
	b, err := os.ReadFile("testdata/indicateurs_2020.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]map[string]string{}
	for _, l := range o.table("tableau_de_suivi") {
		if l["annee"] == "2020" {
			lines[l["code"]+" "+l["sexe"]] = l
		}
	}
	want := parse(t, string(b), ';')
	if len(want) != 25 {
		t.Fatalf("%d reference lines", len(want))
	}
	for _, w := range want {
		got, ok := lines[w["code"]+" T"]
		if !ok {
			t.Errorf("%s is missing", w["code"])
			continue
		}
		for ours, theirs := range map[string]string{"valeur_base": "valeur_base", "valeur_annee_precedente": "valeur_2019",
			"valeur_annee": "valeur_2020", "cible_annee": "cible_2020", "cible_finale": "cible_finale"} {
			if !same(got[ours], w[theirs]) {
				t.Errorf("%s %s = %q, the report says %q", w["code"], ours, got[ours], w[theirs])
			}
		}
		if w["femmes_2020"] != "" && w["sexe"] == "oui" && !same(lines[w["code"]+" F"]["valeur_annee"], w["femmes_2020"]) {
			t.Errorf("%s: %s women, the report says %s", w["code"], lines[w["code"]+" F"]["valeur_annee"], w["femmes_2020"])
		}
	}
	for _, v := range o.table("valeurs") {
		if v["code"] == "OS2" && v["annee"] == "2020" && v["trimestre"] == "" && v["region"] == "" && v["sexe"] == "T" &&
			!strings.Contains(v["drapeaux"], "plus_de_100") {
			t.Error("OS2 is over 100 % and not flagged")
		}
	}
}

// same compares numbers as text: "5" and "5.0" are one, "" is only itself.
func same(a, b string) bool {
	if a == "" || b == "" {
		return a == b
	}
	var x, y float64
	_, err1 := fmt.Sscan(a, &x)
	_, err2 := fmt.Sscan(b, &y)
	return err1 == nil && err2 == nil && x == y
}

func activity(t *testing.T, o *office) {
	persons, services := map[string]int{}, map[string]int{}
	for _, a := range o.table("activites") {
		var n, m int
		_, _ = fmt.Sscan(a["personnes"], &n)
		_, _ = fmt.Sscan(a["prestations"], &m)
		if a["annee"] == "2020" {
			persons[a["service"]] += n
			services[a["service"]] += m
		}
		if a["service"] == "BOURSE" {
			persons["BOURSE, both years"] += n
		}
	}
	for _, c := range []struct {
		what string
		got  int
		want int
	}{
		{"auto-entrepreneur cards", persons["CREATION_AE"], 229}, {"cooperatives", persons["CREATION_COOP"], 12}, {"SARL", persons["CREATION_SARL"], 12},
		{"companies approached", services["ENTREPRISE_APPROCHEE"], 40}, {"aided contracts", persons["CONTRAT_AIDE"], 5},
		{"grant holders over two years", persons["BOURSE, both years"], 136},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, the report says %d", c.what, c.got, c.want)
		}
	}
}

// persons compares what linkage decided with who really is who, row by row.
func persons(t *testing.T, o *office, set *example.Set) {
	truth := map[string]string{}
	for _, r := range set.Manifest.Truth {
		truth[fmt.Sprintf("%s|%s|%d", r.Path, r.Sheet, r.Row)] = r.Person
		for _, c := range set.Manifest.Copies {
			if c.Of == r.Path { // whichever of the two stands
				truth[fmt.Sprintf("%s|%s|%d", c.Path, r.Sheet, r.Row)] = r.Person
			}
		}
	}
	db, err := store.Open(context.Background(), o.Workspace.Warehouse(), store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Conn().QueryContext(context.Background(), `select s.path, m.sheet, m.row, p.person_id
		from person_mention p join mention m using (mention_id) join submission s using (submission_id)`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	ours, theirs := map[string]string{}, map[string]string{}
	n := 0
	for rows.Next() {
		var path, sheet, id string
		var row int
		if err := rows.Scan(&path, &sheet, &row, &id); err != nil {
			t.Fatal(err)
		}
		who, ok := truth[fmt.Sprintf("%s|%s|%d", path, sheet, row)]
		if !ok {
			t.Errorf("%s, %s, row %d: not a nominative row of the example", path, sheet, row)
			continue
		}
		n++
		if was, ok := ours[who]; ok && was != id {
			t.Errorf("%s was split", who)
		}
		if was, ok := theirs[id]; ok && was != who {
			t.Errorf("%s and %s were merged", was, who)
		}
		ours[who], theirs[id] = id, who
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if n <= len(ours)+500 {
		t.Errorf("%d mentions of %d persons: the example's duplicates are gone", n, len(ours))
	}
}

func statuses(t *testing.T, o *office, set *example.Set) {
	status := map[string]string{}
	for _, s := range o.table("soumissions") {
		status[s["nom_fichier"]] = s["statut"]
	}
	for _, r := range set.Manifest.Replaced {
		if got := status[filepath.Base(r.Before)]; got != "remplacee" {
			t.Errorf("%s is %s, want remplacee", r.Before, got)
		}
		if got := status[filepath.Base(r.After)]; got != "acceptee" && got != "reserves" {
			t.Errorf("%s is %s, want to stand", r.After, got)
		}
	}
	for _, c := range set.Manifest.Copies {
		if (status[filepath.Base(c.Path)] == "doublon") == (status[filepath.Base(c.Of)] == "doublon") {
			t.Errorf("%s is %s and %s is %s: one must be the double of the other", c.Path, status[filepath.Base(c.Path)], c.Of, status[filepath.Base(c.Of)])
		}
	}
	for _, m := range set.Manifest.Missing {
		if !slices.ContainsFunc(o.table("completude"), func(c map[string]string) bool {
			return c["membre"] == string(m.Member) && c["structure"] == m.Structure && c["periode"] == m.Period && c["statut"] == "manquant"
		}) {
			t.Errorf("%s %s %s is not told as missing", m.Member, m.Structure, m.Period)
		}
	}
}

// faults checks that every planted fault is named at its cell, and that no row is
// refused for any other reason.
func faults(t *testing.T, o *office, set *example.Set) {
	files := map[string]string{}
	state, err := run.Status(context.Background(), o.Options)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range state.Submissions {
		files[s.ID] = s.File
	}
	named := map[string]bool{}
	for _, a := range o.table("anomalies") {
		if a["gravite"] != "avertissement" {
			named[files[a["soumission"]]+"|"+a["feuille"]+"|"+a["cellule"]] = true
		}
	}
	for _, r := range set.Manifest.Refused {
		if slices.ContainsFunc(set.Manifest.Replaced, func(p example.Replaced) bool { return p.Before == r.Path }) {
			continue // told to the focal point, not published once it is replaced
		}
		at := r.Path + "|" + r.Sheet + "|" + r.Cell
		if !named[at] {
			t.Errorf("%s (%s) is not named", at, r.Why)
		}
		delete(named, at)
	}
	for at := range named {
		t.Errorf("%s is refused, and nothing was planted there", at)
	}
}

func answers(t *testing.T, o *office, set *example.Set, report run.Report) {
	want := map[string]bool{}
	for _, f := range set.Manifest.Files {
		if !strings.HasPrefix(filepath.Base(f.Path), "~$") {
			want[f.Path] = true
		}
	}
	if len(report.Received) != len(want) || report.Answers != len(want) {
		t.Errorf("%d files received, %d answers, want %d", len(report.Received), report.Answers, len(want))
	}
	err := filepath.WalkDir(o.Workspace.Answers(), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(o.Workspace.Answers(), name)
		dropped := filepath.ToSlash(rel)
		for _, suffix := range []string{".ACCEPTEE.xlsx", ".RESERVES.xlsx", ".REJETEE.xlsx"} {
			dropped = strings.Replace(dropped, suffix, ".xlsx", 1)
		}
		if !want[dropped] {
			t.Errorf("%s answers nothing, or answers twice", rel)
		}
		delete(want, dropped)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for f := range want {
		t.Errorf("%s has no answer", f)
	}
}

// nothingPersonal searches every byte of the publication and of the log.
func nothingPersonal(t *testing.T, o *office, set *example.Set) {
	db, err := store.Open(context.Background(), o.Workspace.Warehouse(), store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Conn().QueryContext(context.Background(), `select distinct unnest([doc_number, phone, full_name,
		family_name || ' ' || given_name, given_name || ' ' || family_name]) from mention`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var needles []string
	for rows.Next() {
		var s *string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		if s != nil && len(*s) > 5 {
			needles = append(needles, *s)
		}
	}
	for _, r := range set.Manifest.Truth {
		if r.As != "" {
			needles = append(needles, r.As)
		}
	}
	slices.Sort(needles)
	needles = slices.Compact(needles)
	if len(needles) < 2000 {
		t.Fatalf("only %d things to look for", len(needles))
	}
	found, err := publish.Scan(context.Background(), o.Workspace.Publication(), needles, store.Texts)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("published: %v", f) // by number, never what: this is a log too
	}
	for i, n := range needles {
		if strings.Contains(o.log.String(), n) {
			t.Errorf("the log holds something personal: needle %d", i)
		}
	}
}

func nothingNew(t *testing.T, o *office) {
	before := o.published()
	r := o.run()
	if r.Published || len(r.Received) > 0 || r.Answers > 0 {
		t.Errorf("a second run did something: %+v", r)
	}
	for name, text := range o.published() {
		if text != before[name] {
			t.Errorf("%s changed", name)
		}
	}
}

// analyst holds the published database open while the next edition, with one
// file less, takes its place.
func analyst(t *testing.T, o *office, set *example.Set) {
	ctx := context.Background()
	old, err := store.Open(ctx, filepath.Join(o.Workspace.Publication(), "snia.duckdb"), store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	// The corrected workbook again, a receipt later: one more grant holder fewer.
	replaced := set.Manifest.Replaced[0]
	b, err := os.ReadFile(filepath.Join(o.Workspace.Depot(), filepath.FromSlash(replaced.Before)))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(o.Workspace.Depot(), filepath.Dir(filepath.FromSlash(replaced.Before)), "remis.xlsx")
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, morning.Add(-time.Hour), morning.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	o.Now = func() time.Time { return morning.AddDate(0, 0, 1) }
	if r := o.run(); !r.Published || r.Edition != 2 {
		t.Fatalf("%+v", r)
	}
	var n int
	if err := old.Conn().QueryRowContext(ctx, "select count(*) from soumissions").Scan(&n); err != nil || n != 40 {
		t.Errorf("the edition held open: %d submissions, %v", n, err)
	}
	if len(o.table("soumissions")) != 41 {
		t.Error("the new edition lacks the new file")
	}
	moved := map[string]bool{}
	for _, r := range o.table("revisions") {
		moved[r["code"]] = true
		if r["cause"] == "" {
			t.Errorf("%s %s changed without a cause", r["code"], r["annee"])
		}
	}
	if !moved["1.1"] {
		t.Error("the first version forgot receptions: 1.1 must have moved")
	}
}

// Dropping the same files in another order, however they are dated, changes no
// byte of what is published.
func TestOrderOfArrivalChangesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("two whole runs")
	}
	set := exampleSet(t)
	var editions []map[string]string
	for seed := range uint64(2) {
		o := newOffice(t, expectations(t, set))
		if err := set.Deliver(o.Workspace.Depot(), pipeline.Date{}, pipeline.Date{}); err != nil {
			t.Fatal(err)
		}
		redate(t, o.Workspace.Depot(), rand.New(rand.NewPCG(seed, 7)))
		o.run()
		editions = append(editions, o.published())
	}
	for name, text := range editions[0] {
		if text != editions[1][name] {
			t.Errorf("%s depends on the order of arrival", name)
		}
	}
}

// redate gives every file another time of dropping.
func redate(t *testing.T, depot string, rng *rand.Rand) {
	t.Helper()
	err := filepath.WalkDir(depot, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		at := morning.Add(-time.Duration(1+rng.IntN(100)) * time.Hour)
		return os.Chtimes(name, at, at)
	})
	if err != nil {
		t.Fatal(err)
	}
}
