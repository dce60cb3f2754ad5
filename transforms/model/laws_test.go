package model_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cp3/pipeline/store"
	cp3sql "cp3/sql"
	"cp3/transforms/model"
)

// randomStory is what members might send: lists, totals, meetings and sessions of
// two years, with every gap and contradiction that the words of a story allow.
func randomStory(r *rand.Rand, files, rows int) string {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	day := func() string {
		d := fmt.Sprintf("20%d-%02d-%02d", 19+r.IntN(2), 1+r.IntN(12), 1+r.IntN(28))
		return pick(d, d, d, d[:7], d[:4], "-")
	}
	services := []string{"ACCUEIL", "REFERENCEMENT", "FP_INSCRIPTION", "FP_REUSSITE", "BOURSE", "ANAPEC_INSCRIPTION", "ACC_EMPLOI",
		"ACC_AUTOEMPLOI", "CONTRAT_AIDE", "INSERTION_SALARIEE", "CREATION_AE", "FINANCEMENT_AE", "VIABILITE_12M"}
	codes := []string{"OS1", "OS2", "1.1", "1.2", "1.4", "1.5", "1.6", "1.7", "1.8", "2.2", "2.4", "2.5", "3.3"}
	var b strings.Builder
	for f := range files {
		member := pick("EN", "EN", "ANAPEC", "OFPPT", "AMAPPE", "CP3-RSK", "CP3-CS")
		fmt.Fprintf(&b, "%s 20%d%s %s status=%s structure=s%d covers %s\n", member, 19+r.IntN(2), pick("", "-T1", "-T2", "-T3", "-T4"),
			pick("04", "06", "-"), pick("acceptee", "acceptee", "reserves", "remplacee"), f%5,
			strings.Join(services[:1+r.IntN(len(services))], ",")+pick("", ",meetings", ",sessions", ",companies.asked"))
		for range rows {
			switch r.IntN(12) {
			case 0:
				fmt.Fprintf(&b, "  declared %s T=%d%s\n", pick(codes...), r.IntN(9), pick("", fmt.Sprintf(" F=%d", r.IntN(9)), fmt.Sprintf(" F=%d H=%d", r.IntN(5), r.IntN(5))))
			case 1:
				fmt.Fprintf(&b, "  meeting 2020-%02d-01 EN=%d ANAPEC=%d\n", 1+r.IntN(12), r.IntN(4), r.IntN(4))
			case 2:
				fmt.Fprintf(&b, "  session 2020-%02d-01 %s n=%d pre=%d post=%d\n", 1+r.IntN(12), pick("EN", "EN,OFPPT", "AMAPPE"), 1+r.IntN(20), 1+r.IntN(9), 1+r.IntN(9))
			case 3:
				fmt.Fprintf(&b, "  company c%d 2020-%02d-01%s\n", r.IntN(9), 1+r.IntN(12), pick("", " asked", " ice=7"))
			default:
				fmt.Fprintf(&b, "  x%d %s %s %s region=%s %s %s\n", r.IntN(40), pick("F", "H", "ND"), pick(services...), day(), pick("04", "06"),
					pick("targeted", "!targeted", "technical", "pilot"), pick("toward=ANAPEC", "toward=OFPPT", "toward=ANAPEC", "n=2"))
			}
		}
	}
	return b.String()
}

// Whatever members send, every error check holds (T = F + H + ND among them), and
// neither the order in which rows were laid nor the number of threads changes a
// published row.
func TestLaws(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 1))
		w := tell(randomStory(r, 3+r.IntN(14), 1+r.IntN(25)))
		db := laidOn(t, 4)
		w.fill(t, db)
		derive(t, db)
		want := published(t, db)
		if counted := ask(t, db, "select count(*) from valeurs where origine = 'nominative' and valeur > 0"); counted[0] == "0" {
			t.Errorf("seed %d: the world says nothing", seed)
		}
		for _, rows := range w.rows {
			r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		}
		shuffled := laid(t)
		w.fill(t, shuffled)
		derive(t, shuffled)
		if d := cmp.Diff(want, published(t, shuffled)); d != "" {
			t.Errorf("seed %d: another order of rows, another edition:\n%.2000s", seed, d)
		}
		if t.Failed() {
			break
		}
	}
}

// published is every published row, table after table, in the order of the table.
func published(t *testing.T, db *store.DB) []string {
	t.Helper()
	var rows []string
	for _, table := range project(t).Published() {
		for _, row := range ask(t, db, "select columns(*)::varchar from "+store.Ident(table.Name)) {
			rows = append(rows, table.Name+": "+row)
		}
	}
	return rows
}

// Building twice is building once.
func TestBuildIsIdempotent(t *testing.T) {
	db := build(t, randomStory(rand.New(rand.NewPCG(7, 7)), 6, 10))
	first := published(t, db)
	derive(t, db)
	if d := cmp.Diff(first, published(t, db)); d != "" {
		t.Errorf("a second build differs:\n%.2000s", d)
	}
}

// A duplicate of a file's rows, sent again with the next quarter's, changes no
// value: persons and companies count once.
func TestRepeatedRowsChangeNothing(t *testing.T) {
	const rows = `
  a F ACCUEIL 2020-02-01
  b H ACCUEIL 2020-03-01
  company Atlas 2020-02-01 asked
`
	once := build(t, "EN 2020-T1 04 covers ACCUEIL,companies.asked"+rows+"EN 2020-T2 04 covers ACCUEIL,companies.asked\n")
	twice := build(t, "EN 2020-T1 04 covers ACCUEIL,companies.asked"+rows+"EN 2020-T2 04 covers ACCUEIL,companies.asked"+rows)
	for _, query := range []string{
		"select columns(*)::varchar from valeurs", "select columns(*)::varchar from activites",
	} {
		if d := cmp.Diff(ask(t, once, query), ask(t, twice, query)); d != "" {
			t.Errorf("%s:\n%s", query, d)
		}
	}
}

// The error checks would see what they are for: each published claim is broken on
// purpose, and must be reported.
func TestChecksBite(t *testing.T) {
	const story = `
EN 2020 04 covers ACCUEIL,FP_REUSSITE,REFERENCEMENT
  a F ACCUEIL 2020-02-01
  + FP_REUSSITE 2020-05-01
  + REFERENCEMENT 2020-05-01 toward=ANAPEC
  declared 1.1 F=1 H=0 T=1
EN 2019 04 covers FP_INSCRIPTION
  a F FP_INSCRIPTION 2019-02-01
`
	harm := map[string]string{
		"chk_total_is_sum_of_sexes":        "update valeurs set valeur = 7 where code = '1.1' and sexe = 'F' and annee = 2020",
		"chk_rate_follows_its_parts":       "update valeurs set valeur = 99.9 where code = '1.5' and sexe = 'T' and annee = 2020",
		"chk_every_indicator_every_year":   "delete from valeurs where code = '3.6'  and annee = 2020",
		"chk_whole_covers_parts":           "update valeurs set valeur = 50 where code = '1.1' and trimestre = 1 and annee = 2020",
		"chk_bridge_adds_up":               "update rapprochements set doublons_fichier = 1",
		"chk_silence_is_not_zero":          "update valeurs set valeur = 0, origine = 'nominative' where code = '2.3' and annee = 2020",
		"chk_value_has_provenance":         "delete from provenance where code = '1.1'",
		"chk_mention_has_person":           "delete from person_mention",
		"chk_service_has_mention":          "delete from mention",
		"chk_activity_counts_persons_once": "update activites set personnes = 5",
		"chk_followup_repeats_values":      "delete from tableau_de_suivi where code = '1.1' and annee = 2020",
		"chk_contribution_is_well_formed":  "insert into ind_1_1 select * replace (2 as weight) from ind_1_1 where role = 'N'",
		"chk_services_are_those_counted":   "update ind_1_7 set row = row + 90 where role = 'N'",
		"chk_referrals_add_up":             "update referencements set referees = 5 where sexe = 'T'",
		"valeurs: grain":                   "insert into valeurs from valeurs where code = '1.1'",
		"valeurs: sexe accepted":           "update valeurs set sexe = 'X' where code = '3.6'",
		"valeurs: region refers":           "update valeurs set region = '99' where code = '1.1' and region is not null",
		"soumissions: sha256 not_null":     "update soumissions set sha256 = null",
	}
	db := build(t, story)
	ctx, p := context.Background(), project(t)
	for _, check := range ask(t, db, "select name from doc_check where severity = 'error'") {
		if harm[check] == "" {
			t.Errorf("%s is never put to the test", check)
		}
	}
	for name, sql := range harm {
		if err := db.Exec(ctx, "begin transaction"); err != nil {
			t.Fatal(err)
		}
		if err := db.Exec(ctx, sql); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		failures, err := p.Check(ctx, db.Conn())
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, f := range failures {
			found = append(found, f.Check)
		}
		if !slices.Contains(found, name) {
			t.Errorf("%s: nothing noticed (%v)", sql, found)
		}
		if err := db.Exec(ctx, "rollback"); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := model.Load(cp3sql.Files); err != nil {
			b.Fatal(err)
		}
	}
}

// A whole derivation over what a committee of seven members sends in two years.
func BenchmarkBuild(b *testing.B) {
	for _, rows := range []int{3_000, 30_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			db := laidOn(b, 0)
			tell(randomStory(rand.New(rand.NewPCG(1, 1)), 60, rows/60)).fill(b, db)
			ctx, p := context.Background(), project(b)
			for b.Loop() {
				if err := db.Tx(ctx, func() error { return p.Build(ctx, db.Conn()) }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
