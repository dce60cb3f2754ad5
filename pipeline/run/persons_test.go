package run

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cp3/connectors"
	"cp3/connectors/example"
	"cp3/pipeline"
	"cp3/pipeline/store"
	"cp3/transforms/link"
)

// town is the example's workbooks, read once: who is mentioned where.
type town struct {
	*runner
	file     string
	standing []string // submissions
}

// fewMentions is how many of them make linkage use what earlier nights weighed: the
// example has more, so that its nights are played as a large archive's are.
const fewMentions = 200

// emptyOptions are those of a workspace in which nothing has happened yet.
func emptyOptions(t *testing.T) Options {
	t.Helper()
	specs, err := connectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	var members []pipeline.Member
	for _, s := range specs {
		members = append(members, s.Member)
	}
	w, err := InitWorkspace(filepath.Join(t.TempDir(), "w"), ConfigText("fr", nil), members, nil, strings.NewReader(strings.Repeat("secret--", 8)))
	if err != nil {
		t.Fatal(err)
	}
	config, err := LoadConfig(w.ConfigFile(), members)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Workspace: w, Config: config, Command: "run", Version: "test", Reuse: fewMentions, Log: slog.New(slog.DiscardHandler), Progress: Silent{},
		Now:   func() time.Time { return time.Date(2031, 1, 15, 2, 30, 0, 0, time.UTC) },
		Sleep: func(context.Context, time.Duration) error { return nil }}
}

// inMemory begins a run in a warehouse in memory, which is empty.
func inMemory(t *testing.T, o Options) *runner {
	t.Helper()
	r, err := begin(o)
	if err != nil {
		t.Fatal(err)
	}
	if r.db, err = store.Open(t.Context(), "", store.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.db.Close() })
	if err := r.model.Schema(t.Context(), r.db.Conn()); err != nil {
		t.Fatal(err)
	}
	return r
}

func exampleTown(t *testing.T) town {
	t.Helper()
	o := emptyOptions(t)
	set, err := example.Make(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := set.Deliver(o.Workspace.Depot(), pipeline.Date{}, pipeline.Date{}); err != nil {
		t.Fatal(err)
	}
	r, err := begin(o)
	if err != nil {
		t.Fatal(err)
	}
	files, err := r.discover(t.Context())
	if err == nil {
		err = r.receive(t.Context(), files)
	}
	if err == nil {
		err = r.openWarehouse(t.Context())
	}
	if err == nil {
		err = r.db.Tx(t.Context(), func() error { return r.append(t.Context()) })
	}
	if err != nil {
		t.Fatal(err)
	}
	standing, err := column[string](t.Context(), r.db.Conn(), "select submission_id from submission where status in ('acceptee', 'reserves') order by 1")
	if err != nil || len(standing) < 25 {
		t.Fatalf("%d submissions stand, %v", len(standing), err)
	}
	if err := r.close(); err != nil {
		t.Fatal(err)
	}
	return town{r, o.Workspace.Warehouse(), standing}
}

// registrar is a warehouse of the town in which nothing has happened yet.
func (w town) registrar(t *testing.T) *runner {
	t.Helper()
	r := inMemory(t, w.Options)
	for _, q := range []string{"attach " + store.Quote(w.file) + " as town (read_only)",
		"insert into submission select * from town.main.submission", "insert into mention select * from town.main.mention",
		"insert into service select * from town.main.service", "detach town"} {
		if err := r.db.Exec(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// night links what stands so far and returns who is who.
func (r *runner) night(t *testing.T, submissions []string) map[string]string {
	t.Helper()
	err := r.db.Exec(t.Context(), "update submission set status = case when submission_id in ("+quotedList(submissions)+") then 'acceptee' else 'attendue' end")
	if err == nil {
		err = r.link(t.Context(), edition{Number: r.thisNumber(), Day: r.Config.Day(r.at)})
	}
	if err != nil {
		t.Fatal(err)
	}
	r.editions = append(r.editions, edition{Number: r.thisNumber()})
	ids, err := r.idsBefore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// idsBefore are the ids that mentions go under.
func (r *runner) idsBefore(ctx context.Context) (map[string]string, error) {
	pairs, err := column[string](ctx, r.db.Conn(), "select mention_id || ' ' || person_id from person_mention")
	ids := make(map[string]string, len(pairs))
	for _, p := range pairs {
		i := strings.LastIndexByte(p, ' ')
		ids[p[:i]] = p[i+1:]
	}
	return ids, err
}

// sameTogether compares who is one with whom, under whatever ids.
func sameTogether(a, b map[string]string) error {
	there, back := map[string]string{}, map[string]string{}
	for m, id := range a {
		other, ok := b[m]
		if !ok || len(a) != len(b) {
			return fmt.Errorf("not the same mentions: %d and %d", len(a), len(b))
		}
		if seen, ok := there[id]; ok && seen != other {
			return fmt.Errorf("one person here, two there: %s", m)
		}
		if seen, ok := back[other]; ok && seen != id {
			return fmt.Errorf("two persons here, one there: %s", m)
		}
		there[id], back[other] = other, id
	}
	return nil
}

func TestPersonsOverNights(t *testing.T) {
	if testing.Short() {
		t.Skip("the example, linked several times")
	}
	w := exampleTown(t)
	t.Run("add up", w.nightsAddUp)
	t.Run("every merge is undone and redone", w.everyMergeIsUndoneAndRedone)
}

// Nights in any order, of any files, come to what one night with everything comes
// to; ids outlive them, what is merged goes under the older one, and the log of
// merges and splits tells of every id that changed.
func (w town) nightsAddUp(t *testing.T) {
	atOnce := w.registrar(t).night(t, w.standing)
	rng := rand.New(rand.NewPCG(3, 5))
	order := slices.Clone(w.standing)
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	r := w.registrar(t)
	before, given := map[string]string{}, map[string]int{}
	for night, upTo := range []int{len(order) / 2, len(order)} {
		now := r.night(t, order[:upTo])
		moved := map[[2]string]int{}
		for m, id := range now {
			if was := before[m]; was != "" && was != id {
				moved[[2]string{was, id}]++
			}
			if _, known := given[id]; !known {
				given[id] = night
			}
		}
		told := r.told(t, night+1)
		for pair, n := range moved {
			c, ok := told[pair]
			if !ok || c.Rows < n || c.Cause == byDecision {
				t.Errorf("night %d: %d rows changed ids, told %+v", night, n, c)
			}
			if c.Kind == idsMerged && given[pair[0]] < given[pair[1]] {
				t.Errorf("night %d: the younger id lives on", night)
			}
		}
		before = now
	}
	if err := sameTogether(before, atOnce); err != nil {
		t.Error(err)
	}
	if again := r.night(t, order); !maps.Equal(again, before) {
		t.Error("a night without news changed ids")
	}
}

// told is what the log says of an edition.
func (r *runner) told(t *testing.T, number int) map[[2]string]PersonChange {
	t.Helper()
	s := &study{runner: r, db: r.db}
	all, err := s.changes(t.Context(), "where edition = ?", number)
	if err != nil {
		t.Fatal(err)
	}
	told := map[[2]string]PersonChange{}
	for _, c := range all {
		told[[2]string{c.From, c.Into}] = c
	}
	return told
}

// Every merge of the example is explained, undone by one decision, and redone when
// it is taken back, with the ids there were.
func (w town) everyMergeIsUndoneAndRedone(t *testing.T) {
	r := w.registrar(t)
	merged := r.night(t, w.standing)
	said, err := r.descriptions(t.Context(), r.db)
	if err != nil {
		t.Fatal(err)
	}
	persons, rulings := r.rejectEveryMerge(t, said)
	if len(rulings) < 300 {
		t.Fatalf("%d merges only", len(rulings))
	}
	r.pairs = rulings
	apart := r.night(t, w.standing)
	for i, d := range rulings {
		a, b := d.sidesOf(said)
		ids := map[string]bool{}
		for _, m := range append(a, b...) {
			if slices.Contains(a, m) && slices.ContainsFunc(b, func(x string) bool { return apart[x] == apart[m] }) {
				t.Fatalf("decision %d: still one person", i)
			}
			ids[apart[m]] = true
		}
		if !ids[merged[persons[i]]] {
			t.Errorf("decision %d: no part kept the id", i)
		}
	}
	for _, c := range r.told(t, 2) {
		if c.Cause != byDecision || c.Kind != idSplit {
			t.Fatalf("a split by decision is told as %+v", c)
		}
	}
	r.pairs = nil
	again := r.night(t, w.standing)
	if err := sameTogether(again, merged); err != nil {
		t.Error(err)
	}
	for m, id := range merged {
		if again[m] != id {
			t.Fatalf("taken back, %s goes under another id", m)
		}
	}
}

// rejectEveryMerge makes, for each person of several rows, the decision that takes
// the first and the last apart, and checks that the model explains what joined them.
func (r *runner) rejectEveryMerge(t *testing.T, said []description) (persons []string, rulings []pairDecision) {
	t.Helper()
	result, err := link.Mentions(t.Context(), r.db, nil, link.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close(context.Background())
	of := map[string][]string{}
	for m, c := range result.Clusters() {
		of[c] = append(of[c], m)
	}
	alike := 0
	for _, c := range slices.Sorted(maps.Keys(of)) {
		all := of[c]
		if len(all) < 2 {
			continue
		}
		first, last := all[0], all[len(all)-1]
		a, b, err := result.Parts(t.Context(), first, last)
		if err != nil {
			t.Fatal(err)
		}
		if len(rulings)%20 == 0 {
			explained(t, result, a, b)
		}
		keysA, keysB, err := keysOf(these(said, a...), these(said, b...))
		if err != nil {
			alike++ // rows that say the same in the same report: nobody could mean one of them
			continue
		}
		persons = append(persons, first)
		rulings = append(rulings, pairDecision{pairBody: pairBody{A: keysA, B: keysB}, Seq: len(rulings) + 1})
	}
	if alike > len(rulings)/20 {
		t.Errorf("%d persons can't be taken apart, %d can", alike, len(rulings))
	}
	return persons, rulings
}

// explained holds a merge to its waterfall: it adds up to the weight.
func explained(t *testing.T, result *link.Result, a, b []string) {
	t.Helper()
	q, err := result.Ask(t.Context(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, e := range q.Pair.Evidence {
		sum += e.Bits
	}
	if d := sum - q.Pair.Weight; !q.Merged || d > 0.06 || d < -0.06 {
		t.Errorf("the evidence adds up to %.2f, the weight is %.2f", sum, q.Pair.Weight)
	}
}
