package link

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cp3/pipeline/store"
)

// said is a record as a table has it, whose texts have spaces around them.
type said struct {
	id, name, place string
	number          int
	late            bool
	seq             int
}

func someSaid(n int) []said {
	r := rand.New(rand.NewPCG(3, 3))
	around := []string{"", "", " ", "  ", "\u00a0", " \u2003 "}
	texts := []string{"", "a", "é", "a b", "ب", "an address of more than twelve bytes"}
	one := func(of []string) string { return of[r.IntN(len(of))] }
	all := make([]said, n)
	for i, k := range r.Perm(n) {
		all[i] = said{fmt.Sprintf("id%05d", k), one(around) + one(texts) + one(around), one(around) + fmt.Sprint(r.IntN(n)) + one(around), r.IntN(9), r.IntN(4) == 0, r.IntN(20)}
	}
	return all
}

// Records are the same, in the same order, at once and in parts; their texts have no
// spaces around them, and only those to learn from are counted.
func TestLoad(t *testing.T) {
	db, err := store.Open(t.Context(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := someSaid(3000)
	if err := db.Exec(t.Context(), "create table t (id varchar, name varchar, place varchar, number integer, late boolean, seq integer)"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Append(t.Context(), "t", nil, func(yield func([]driver.Value) bool) {
		for _, s := range all {
			if !yield([]driver.Value{s.id, s.name, s.place, s.number, s.late, s.seq}) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b said) int {
		switch {
		case a.late && b.late:
			return cmp.Or(cmp.Compare(a.seq, b.seq), strings.Compare(a.id, b.id))
		case a.late != b.late && a.late:
			return 1
		case a.late != b.late:
			return -1
		}
		return strings.Compare(a.id, b.id)
	})
	defer func(was int) { readAtOnce = was }(readAtOnce)
	var digests []uint64
	for _, readAtOnce = range []int{1 << 16, 1000, 999} {
		e := newEngine(db, Spec{ID: "id", Columns: []Column{{Name: "name", Kind: GivenName}, {Name: "number", Kind: Category}, {Name: "place", Kind: Locality}}}, Options{})
		r, err := e.load(t.Context(), relation{"t", "late, case when late then seq end, ", "late", "seq > 2", 3100})
		if err != nil {
			t.Fatal(err)
		}
		checkLoaded(t, r, all)
		if digests == nil {
			digests = r.digests
		} else if !slices.Equal(r.digests, digests) {
			t.Errorf("%d at once: digests differ", readAtOnce)
		}
	}
}

func checkLoaded(t *testing.T, r *raw, all []said) {
	t.Helper()
	if len(r.ids) != len(all) {
		t.Fatalf("%d at once: %d records, want %d", readAtOnce, len(r.ids), len(all))
	}
	times := []map[string]int32{{}, {}, {}}
	for n, s := range all {
		if r.ids[n] != s.id || r.stands[n] != (s.seq > 2) || (n >= r.late) != s.late {
			t.Fatalf("%d at once: record %d is not %v", readAtOnce, n, s)
		}
		for i, want := range []string{s.name, fmt.Sprint(s.number), s.place} {
			want, got := strings.TrimSpace(want), ""
			if at := r.columns[i].of[n]; at >= 0 {
				got = r.columns[i].texts[at]
			}
			if got != want {
				t.Fatalf("%d at once: record %d says %q, want %q", readAtOnce, n, got, want)
			}
			if !s.late {
				times[i][want]++
			}
		}
	}
	for i, c := range r.columns {
		for at, text := range c.texts {
			if c.times[at] != times[i][text] || slices.Index(c.texts, text) != at {
				t.Errorf("%d at once: %q is counted %d times, want %d", readAtOnce, text, c.times[at], times[i][text])
			}
		}
	}
}
