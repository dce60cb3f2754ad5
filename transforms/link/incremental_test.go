package link_test

import (
	"database/sql/driver"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"cp3/pipeline/store"
	"cp3/sql"
	"cp3/transforms/link"

	"github.com/google/go-cmp/cmp"
)

// reuse is small, so that few mentions show what many would.
const reuse = 250

// filing is one submission of a made-up ledger.
type filing struct {
	seq      int
	rows     []row
	replaces int // seq of the one whose place it takes; 0: none
}

// ledger files n rows about persons in submissions of about size; one in seven takes
// the place of an earlier one, most of whose rows it says again.
func ledger(seed uint64, n, size int) []filing {
	r := rand.New(rand.NewPCG(seed, 7))
	var rows []row
	newWorld(seed).rows(n, func(x row) { rows = append(rows, x) })
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	var all []filing
	replaced := map[int]bool{}
	for len(rows) > 0 {
		k := min(size/2+r.IntN(size), len(rows))
		f := filing{seq: len(all) + 1, rows: rows[:k]}
		if len(all) > 2 && r.IntN(7) == 0 {
			if earlier := all[r.IntN(len(all))]; !replaced[earlier.seq] {
				f.replaces = earlier.seq
				replaced[earlier.seq] = true
				f.rows = append(slices.Clone(earlier.rows[:len(earlier.rows)*3/4]), f.rows...)
			}
		}
		if r.IntN(9) == 0 {
			all = append(all, f, filing{seq: f.seq + 1}) // a workbook of figures: it mentions nobody
		} else {
			all = append(all, f)
		}
		rows = rows[k:]
	}
	return all
}

// file lays submissions down as a run does, their rows in an order that says nothing.
func file(t testing.TB, db *store.DB, filings []filing, r *rand.Rand) {
	t.Helper()
	var mentions [][]driver.Value
	for _, f := range filings {
		id := fmt.Sprintf("s%05d", f.seq)
		submit(t, db, id, f.seq, institutions[f.seq%4])
		if f.replaces > 0 {
			if err := db.Exec(t.Context(), "update submission set status = 'remplacee', replaced_by = ? where seq = ?", id, f.replaces); err != nil {
				t.Fatal(err)
			}
		}
		for i, x := range f.rows {
			mentions = append(mentions, []driver.Value{id, "S", int32(i), fmt.Sprintf("%s/S/%d/%s", id, i, x.id),
				orNull(x.family), orNull(x.given), orNull(x.full), orNull(x.sex), x.birth, orNull(x.nationality), orNull(x.docType), orNull(x.doc), orNull(x.phone), orNull(x.town)})
		}
	}
	r.Shuffle(len(mentions), func(i, j int) { mentions[i], mentions[j] = mentions[j], mentions[i] })
	if err := db.Exec(t.Context(), `create or replace temp table filed (submission_id varchar, sheet varchar, row integer, mention_id varchar, family varchar, given varchar,
		full_name varchar, sex varchar, birth varchar, nationality varchar, doc_type varchar, doc varchar, phone varchar, town varchar)`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Append(t.Context(), "filed", nil, slices.Values(mentions)); err != nil {
		t.Fatal(err)
	}
	if err := db.Exec(t.Context(), `insert into mention (submission_id, sheet, row, mention_id, family_name, given_name, full_name, sex, birth_date, birth_precision, nationality, doc_type, doc_number, phone, locality)
		select submission_id, sheet, row, mention_id, family, given, full_name, coalesce(sex, 'ND'),
			case length(birth) when 4 then make_date(birth::int, 1, 1) when 10 then strptime(birth, '%d/%m/%Y')::date end,
			case length(birth) when 4 then 'annee' when 10 then 'jour' end, nationality, doc_type, doc, phone, town from filed`); err != nil {
		t.Fatal(err)
	}
}

func orNull(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

// submit lays down a submission that stands.
func submit(t testing.TB, db *store.DB, id string, seq int, member string) {
	t.Helper()
	if err := db.Exec(t.Context(), `insert into submission (submission_id, seq, member, role, path, file_name, sha256, received_at, status, own_status, rows_read, rows_kept, rows_refused)
		values (?, ?, ?, 'institution', 'p', 'f', 's', timestamp '2020-01-01', 'acceptee', 'acceptee', 0, 0, 0)`, id, seq, member); err != nil {
		t.Fatal(err)
	}
}

func schema(t testing.TB) *store.DB {
	t.Helper()
	db := open(t, 0)
	b, err := sql.Files.ReadFile("schema/0001_create.sql")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Exec(t.Context(), string(b)); err != nil {
		t.Fatal(err)
	}
	return db
}

// found is all that a linkage says: who is who, the pairs, the questions.
func found(t testing.TB, db *store.DB, decisions []link.Decision, o link.Options) (said []string) {
	t.Helper()
	r, err := link.Mentions(t.Context(), db, decisions, o)
	if err != nil {
		t.Fatal(err)
	}
	for id, cluster := range r.Clusters() {
		said = append(said, id+" "+cluster)
	}
	for p, err := range r.Pairs(t.Context(), -6) {
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, fmt.Sprintf("%s %s %.9f %v %v %s", p.A, p.B, p.Weight, p.Same, p.Conflicts, p.EvidenceText()))
	}
	questions, err := r.Questions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range questions {
		said = append(said, fmt.Sprintf("%v %v %.9f", q.A, q.B, q.Weight))
	}
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return said
}

// A ledger filed over many nights comes to what it comes to in one: whatever the
// nights are, whatever is taken back, read again or decided in between.
func TestNightsComeToOneNight(t *testing.T) {
	seeds, n := []uint64{1}, 700
	if more, err := strconv.Atoi(os.Getenv("LINK_SEEDS")); err == nil {
		seeds, n = nil, 1200
		for i := range more {
			seeds = append(seeds, uint64(i+1))
		}
	}
	for _, seed := range seeds {
		t.Run(strconv.Itoa(int(seed)), func(t *testing.T) { nights(t, seed, n) })
	}
}

func nights(t *testing.T, seed uint64, n int) {
	link.Narrow(t, 4) // so that blocks are cut
	r := rand.New(rand.NewPCG(seed, 11))
	all := ledger(seed, n, 40)
	growing := schema(t)
	var learned, reused int
	o := link.Options{Reuse: reuse, Version: "1"}
	for done := 0; done < len(all); {
		to := min(done+1+r.IntN(3), len(all))
		file(t, growing, all[done:to], r)
		done = to
		if len(mentionIDs(t, growing)) < reuse {
			continue
		}
		if r.IntN(8) == 0 {
			disturb(t, growing, r)
		}
		var decisions []link.Decision
		if ids := mentionIDs(t, growing); r.IntN(2) == 0 {
			for range 3 {
				decisions = append(decisions, link.Decision{A: ids[r.IntN(len(ids))], B: ids[r.IntN(len(ids))], Same: r.IntN(2) == 0})
			}
		}
		stages := map[string]bool{}
		o.Progress = func(stage string) { stages[stage] = true }
		got := found(t, growing, decisions, o)
		switch {
		case stages["learn"]:
			learned++
		case stages["add"]:
			reused++
		}
		if diff := cmp.Diff(inOneNight(t, growing, 1+r.IntN(3), decisions, o), got); diff != "" {
			t.Fatalf("after %d of %d submissions the nights came to something else (-one night +many):\n%s", done, len(all), diff)
		}
	}
	if learned < 2 || reused < 2 {
		t.Errorf("%d nights learned anew, %d used what others had learned: both were to be seen", learned, reused)
	}
}

// inOneNight is what a database comes to that has only the submissions of another one.
func inOneNight(t *testing.T, growing *store.DB, threads int, decisions []link.Decision, o link.Options) []string {
	t.Helper()
	fresh, err := store.Open(t.Context(), "", store.Options{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	copyTables(t, growing, fresh)
	return found(t, fresh, decisions, o)
}

// disturb changes what is already there: a row is read otherwise, or a submission is
// gone.
func disturb(t *testing.T, db *store.DB, r *rand.Rand) {
	t.Helper()
	ids := mentionIDs(t, db)
	var err error
	if id := ids[r.IntN(len(ids))]; r.IntN(3) > 0 {
		err = db.Exec(t.Context(), "update mention set phone = '+212600000000' where mention_id = ?", id)
	} else {
		err = db.Exec(t.Context(), "delete from mention where submission_id = ?", id[:6])
	}
	if err != nil {
		t.Fatal(err)
	}
}

func mentionIDs(t testing.TB, db *store.DB) (ids []string) {
	t.Helper()
	rows, err := db.Conn().QueryContext(t.Context(), "select mention_id from mention order by 1")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// copyTables fills an empty database with what another one's submissions say.
func copyTables(t testing.TB, from, to *store.DB) {
	t.Helper()
	dir := t.TempDir()
	for _, table := range []string{"submission", "mention"} {
		file := dir + "/" + table + ".parquet"
		if err := from.Exec(t.Context(), fmt.Sprintf("copy (from %s order by hash(submission_id)) to '%s' (format parquet)", table, file)); err != nil {
			t.Fatal(err)
		}
		if err := to.Exec(t.Context(), fmt.Sprintf("create table %s as from '%s'", table, file)); err != nil {
			t.Fatal(err)
		}
	}
}
