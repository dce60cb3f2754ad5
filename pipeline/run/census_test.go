package run

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"cp3/pipeline/store"

	"github.com/google/go-cmp/cmp"
)

// village is a warehouse in which persons are whoever the test says.
type village struct {
	*runner
	everybody bool // is asked about, every night
	closed    int  // persons that nobody was asked about
}

func newVillage(t *testing.T, everybody bool, words []string) *village {
	t.Helper()
	r := inMemory(t, emptyOptions(t))
	for i, keys := range words {
		submission := fmt.Sprintf("s%d", i%6)
		v := fmt.Sprintf("insert into description values (%[1]s, %[2]s, %[3]s, false); insert or ignore into submission (submission_id, seq, member, role, path, file_name, sha256, "+
			"received_at, status, rows_read, rows_kept, rows_refused, own_status) values (%[1]s, %[4]d, 'EN', 'institution', '', '', '', '2031-01-15', '', 1, 1, 0, '')",
			store.Quote(submission), store.Quote(fmt.Sprintf("%s/Feuille/%d", submission, i)), store.Quote(keys), i%6+1)
		if err := r.db.Exec(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	return &village{runner: r, everybody: everybody}
}

// night has some submissions stand, and mentions be whoever of says.
func (v *village) night(t *testing.T, submissions []string, of map[string]int) {
	t.Helper()
	ctx := t.Context()
	err := v.db.Exec(ctx, "update submission set status = if(submission_id in ("+quotedList(submissions)+"), 'acceptee', 'remplacee')")
	if err != nil {
		t.Fatal(err)
	}
	said, err := v.descriptions(ctx, v.db)
	if err != nil {
		t.Fatal(err)
	}
	persons, numbers := make([]int32, len(said)), map[int]int32{}
	for i := range said {
		said[i].made = v.everybody
		n, known := numbers[of[said[i].mention]]
		if !known {
			n = int32(len(numbers))
			numbers[of[said[i].mention]] = n
		}
		persons[i] = n
	}
	c, err := v.takeCensus(ctx, said, persons)
	if err != nil {
		t.Fatal(err)
	}
	learn := c.name()
	e := edition{Number: v.thisNumber(), Day: v.Config.Day(v.at)}
	for _, err := range []error{v.keepChanges(ctx, e, c), c.write(ctx, nil), v.learnIDs(ctx, learn)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	v.editions = append(v.editions, e)
	for _, open := range c.open {
		if !open {
			v.closed++
		}
	}
}

// kept is all that the night left, in order.
func (v *village) kept(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, query := range []string{
		"select mention_id || ' is ' || person_id from person_mention order by mention_id",
		"select identity_key || ' is of ' || person_id from person_registry order by rowid",
		"select concat_ws(' ', edition, kind, from_id, into_id, mentions, cause, detail) from person_change order by rowid",
	} {
		rows, err := column[string](t.Context(), v.db.Conn(), query)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows...)
	}
	return all
}

// To ask the registry about the persons that changed, and those they touch, comes to
// what asking about everybody comes to: files come, go and come back, rows are joined
// and taken apart, words are shared.
func TestCensusAsksEnough(t *testing.T) {
	closed := 0
	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 11))
		var words, mentions []string
		for i := range 90 {
			key := func(kind string, n int) string { return fmt.Sprintf("%s%0*d", kind, keyDigits-1, rng.IntN(n)) }
			words = append(words, key("e", 50)+key("p", 80))
			mentions = append(mentions, fmt.Sprintf("s%d/Feuille/%d", i%6, i))
		}
		some, all := newVillage(t, false, words), newVillage(t, true, words)
		of := map[string]int{}
		for i, m := range mentions {
			of[m] = i / 2
		}
		for range 8 {
			var submissions []string
			for i := range 6 {
				if rng.IntN(6) > 0 {
					submissions = append(submissions, fmt.Sprint("s", i))
				}
			}
			for range rng.IntN(5) {
				of[mentions[rng.IntN(len(mentions))]] = of[mentions[rng.IntN(len(mentions))]]
			}
			if rng.IntN(3) == 0 {
				of[mentions[rng.IntN(len(mentions))]] = 1000 + rng.IntN(100)
			}
			some.night(t, submissions, of)
			all.night(t, submissions, of)
			if d := cmp.Diff(all.kept(t), some.kept(t)); d != "" {
				t.Fatalf("seed %d, edition %d: asking about some persons only gives others (-all +some):\n%s", seed, len(all.editions), d)
			}
		}
		if all.closed > 0 {
			t.Fatal("not everybody was asked about")
		}
		closed += some.closed
	}
	if closed < 50 {
		t.Errorf("nearly everybody was asked about: the test shows little (%d were not)", closed)
	}
}

// What was read under other rules is read again, and says what it says by those.
func TestDescriptionsAreForgottenWithReadings(t *testing.T) {
	v := newVillage(t, false, []string{strings.Repeat("e", keyDigits) + strings.Repeat("p", keyDigits)})
	left := func() int64 {
		if err := v.forgetStale(t.Context()); err != nil {
			t.Fatal(err)
		}
		n, _, err := scalar[int64](t.Context(), v.db.Conn(), "select count(*) from description")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	left() // the rules are noted
	if err := v.db.Exec(t.Context(), "insert into description values ('s0', 's0/Feuille/1', 'k', false)"); err != nil {
		t.Fatal(err)
	}
	if left() != 1 {
		t.Error("forgotten under the same rules")
	}
	v.Version = "another"
	if left() != 0 {
		t.Error("kept under other rules")
	}
}
