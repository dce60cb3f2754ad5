package model_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cp3/pipeline/store"
	"cp3/transforms/model"

	"github.com/google/go-cmp/cmp"
)

// night lays, in the place of what was laid, the files of a world that have arrived,
// some of which stand, with persons named by who; and says whose rows changed.
func (w *world) night(t *testing.T, db *store.DB, arrived, standing []string, who map[string]string) model.Changed {
	t.Helper()
	do := func(query string) {
		t.Helper()
		if err := db.Exec(context.Background(), query); err != nil {
			t.Fatal(err)
		}
	}
	do("create or replace temp table were as from person_mention")
	for _, table := range slices.Sorted(maps.Keys(columns)) {
		var rows []string
		for _, row := range w.rows[table] {
			if slices.Contains(arrived, row[len("('"):][:16]) {
				rows = append(rows, row)
			}
		}
		do("delete from " + table)
		if len(rows) > 0 {
			do("insert into " + table + " (" + columns[table] + ") values " + strings.Join(rows, ",\n"))
		}
	}
	do("update submission set status = if(submission_id in ('" + strings.Join(standing, "', '") + "'), own_status, 'remplacee')")
	do("delete from person_mention where left(mention_id, 16) not in (select submission_id from submission where status in ('acceptee', 'reserves'))")
	for id, other := range who {
		do("update person_mention set person_id = " + store.Quote(other) + " where person_id = " + store.Quote(id))
	}
	do(`create or replace temp table changed as select distinct person_id from (
			(from person_mention except from were) union all (from were except from person_mention));
		create or replace temp table still as select distinct person_id from person_mention where person_id not in (from changed)`)
	return model.Changed{Keys: "changed", Still: "still"}
}

// derived is all that core and marts hold, in the order in which it is published.
func derived(t *testing.T, db *store.DB) []string {
	t.Helper()
	rows := published(t, db)
	for _, table := range []string{"person", "event", "covered", "indicators", "first_told", "counted_year", "doubtful_row", "summed", "traced", "activity"} {
		for _, row := range ask(t, db, "select to_json(x)::varchar from "+table+" x order by 1") {
			rows = append(rows, table+": "+row)
		}
	}
	return rows
}

// Nights of any files, in any order, persons being merged and told apart meanwhile,
// come to what one night with everything comes to, row for row, in every table.
func TestNightsAddUp(t *testing.T) {
	ctx, p := context.Background(), project(t)
	updated, kept := 0, 0
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 3))
		w := tell(randomStory(r, 8+r.IntN(8), 14+r.IntN(8)))
		var files []string
		for i := range w.file {
			files = append(files, fmt.Sprintf("%016x", i+1))
		}
		r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
		db := laidOn(t, 2)
		who := map[string]string{}
		arrived := len(files) / 2
		for n := range 4 {
			standing := slices.DeleteFunc(slices.Clone(files[:arrived]), func(string) bool { return r.IntN(8) == 0 })
			changed := w.night(t, db, files[:arrived], standing, who)
			once := laid(t)
			w.night(t, once, files[:arrived], standing, who)
			derive(t, once)
			if n == 0 {
				derive(t, db)
			} else {
				ok := update(t, ctx, p, db, changed)
				if ok {
					updated++
				}
			}
			if d := cmp.Diff(derived(t, once), derived(t, db)); d != "" {
				t.Fatalf("seed %d, night %d: brought up to date is not derived (-derived +brought):\n%.4000s", seed, n+1, d)
			}
			for _, still := range ask(t, db, "select count(*) from still") {
				var k int
				_, _ = fmt.Sscan(still, &k)
				kept += k
			}
			arrived = min(arrived+r.IntN(3), len(files))
			who[fmt.Sprintf("px%d", r.IntN(40))] = fmt.Sprintf("px%d", r.IntN(60))
		}
	}
	if updated < 3 || kept < 40 {
		t.Errorf("%d nights brought up to date, %d persons left as they were: the test shows little", updated, kept)
	}
}

func update(t *testing.T, ctx context.Context, p *model.Project, db *store.DB, c model.Changed) (updated bool) {
	t.Helper()
	var failures []model.Failure
	err := db.Tx(ctx, func() (err error) {
		if updated, err = p.Update(ctx, db.Conn(), c); err == nil && updated {
			failures, err = p.CheckUpdated(ctx, db.Conn(), c)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := p.Check(ctx, db.Conn())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(whole, failures); updated && d != "" {
		t.Errorf("checked in part, other findings (-whole +part):\n%s", d)
	}
	return updated
}
