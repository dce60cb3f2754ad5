package link

import (
	"database/sql/driver"
	"math"
	"math/rand/v2"
	"testing"

	"cp3/pipeline"
	"cp3/pipeline/store"
)

// Similarities are those that DuckDB computes, but for Jaro's of a few texts in which
// a letter comes again and again: which of its places are taken for the same is a
// matter of where one begins.
func TestSimilarities(t *testing.T) {
	db, err := store.Open(t.Context(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Exec(t.Context(), "create table pair (a varchar, b varchar)"); err != nil {
		t.Fatal(err)
	}
	const n = 20_000
	r := rand.New(rand.NewPCG(1, 2))
	_, err = db.Append(t.Context(), "pair", nil, func(yield func([]driver.Value) bool) {
		for range n {
			a := randomText(r)
			b := randomText(r)
			if r.IntN(3) > 0 {
				b = mistyped(r, a)
			}
			if !yield([]driver.Value{a, b}) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	other := 0
	err = db.Fetch(t.Context(), "select a, b, jaro_similarity(a, b), jaro_winkler_similarity(a, b), levenshtein(a, b), levenshtein(a, b) from pair", func(row pipeline.QueryRow) error {
		a, _ := row.Text(0)
		b, _ := row.Text(1)
		if math.Abs(jaro(a, b)-row.Float(2)) > 1e-9 || math.Abs(jaroWinkler(a, b)-row.Float(3)) > 1e-9 {
			other++
		}
		if jaro(a, b) != jaro(b, a) {
			t.Errorf("%s %s: %g and, exchanged, %g", a, b, jaro(a, b), jaro(b, a))
		}
		for edits := range 4 {
			if within(a, b, edits) != (int(row.Int(4)) <= edits) {
				t.Errorf("%s %s: %v that %d edits do; there are %d between them", a, b, within(a, b, edits), edits, row.Int(4))
			}
		}
		// A slip, by DuckDB's measures.
		if want := row.Float(2) >= 0.8 && (len(a) == len(b) && row.Float(2) >= 1-0.34/float64(len(a)) || row.Int(4) <= 1); slip(a, b) != want {
			t.Errorf("%s %s: slip is %v", a, b, slip(a, b))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if other > n/100 {
		t.Errorf("of %d similarities %d are others", n, other)
	}
}

func randomText(r *rand.Rand) string {
	b := make([]byte, 3+r.IntN(9))
	for i := range b {
		b[i] = "abcdeiou0123"[r.IntN(12)]
	}
	return string(b)
}

func mistyped(r *rand.Rand, s string) string {
	b := []byte(s)
	for range 1 + r.IntN(2) {
		i := r.IntN(len(b) - 1)
		switch r.IntN(4) {
		case 0:
			b[i] = 'x'
		case 1:
			b[i], b[i+1] = b[i+1], b[i]
		case 2:
			b = append(b[:i], append([]byte{'y'}, b[i:]...)...)
		case 3:
			if len(b) > 3 {
				b = append(b[:i], b[i+1:]...)
			}
		}
	}
	return string(b)
}
