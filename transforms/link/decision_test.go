package link_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"cp3/transforms/link"
)

// clusterWith links the lists of TestSmallLists' kind with some decisions.
func clusterWith(t *testing.T, mentions []mention, decisions ...link.Decision) (map[string]string, *link.Result) {
	t.Helper()
	r, err := link.Mentions(t.Context(), warehouse(t, mentions), decisions, link.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return maps.Collect(r.Clusters()), r
}

var family = []mention{
	{"a", "EN", "DIALLO", "Aminata", "", "F", "1994-03-12", "GIN", "CARTE_SEJOUR", "A112233", "+212612345601", "04.421"},
	{"a", "ANAPEC", "Diallo", "Aminata", "", "F", "1994-03-12", "GIN", "CARTE_SEJOUR", "A112233", "+212612345601", "04.421"},
	{"a", "OFPPT", "", "", "DIALLO Aminata", "F", "1994", "GIN", "", "", "+212612345601", "04.421"},
	{"b", "EN", "DIALLO", "Mamadou", "", "H", "1990-01-17", "GIN", "CARTE_SEJOUR", "B887766", "+212612345601", "04.421"},
	{"b", "ANAPEC", "DIALLO", "Mamadou", "", "H", "1990-01-17", "GIN", "CARTE_SEJOUR", "B887766", "", "04.421"},
	{"c", "EN", "KOUASSI", "Yao", "", "H", "1985-06-30", "CIV", "", "", "", "06.141"},
}

func TestDecisionsOutrankTheModel(t *testing.T) {
	plain, _ := clusterWith(t, family)
	if plain["0000"] != plain["0002"] || plain["0000"] == plain["0003"] {
		t.Fatalf("without decisions: %v", plain)
	}
	t.Run("apart", func(t *testing.T) {
		got, _ := clusterWith(t, family, link.Decision{A: "0002", B: "0000"}, link.Decision{A: "0002", B: "0001"})
		if got["0002"] == got["0000"] || got["0002"] == got["0001"] || got["0000"] != got["0001"] {
			t.Errorf("kept apart, found %v", got)
		}
	})
	t.Run("together, though impossible", func(t *testing.T) {
		got, _ := clusterWith(t, family, link.Decision{A: "0000", B: "0003", Same: true})
		if got["0000"] != got["0003"] {
			t.Errorf("joined by hand, found %v", got)
		}
	})
	t.Run("the last word stands", func(t *testing.T) {
		got, _ := clusterWith(t, family, link.Decision{A: "0000", B: "0003", Same: true}, link.Decision{A: "0003", B: "0000"})
		if !maps.Equal(got, plain) {
			t.Errorf("joined then kept apart: %v; want %v", got, plain)
		}
	})
	t.Run("contradictions are told", func(t *testing.T) {
		_, r := clusterWith(t, family, link.Decision{A: "0000", B: "0005", Same: true}, link.Decision{A: "0003", B: "0005", Same: true}, link.Decision{A: "0000", B: "0003"})
		if want := []link.Decision{{A: "0000", B: "0003"}}; !slices.Equal(r.Contradictions, want) {
			t.Errorf("contradictions %v; want %v", r.Contradictions, want)
		}
	})
	t.Run("about records that are gone", func(t *testing.T) {
		got, _ := clusterWith(t, family, link.Decision{A: "0000", B: "9999", Same: true}, link.Decision{A: "0001", B: "0001"})
		if !maps.Equal(got, plain) {
			t.Errorf("got %v; want %v", got, plain)
		}
	})
}

// A waterfall adds up to its pair's weight, and every bar has words.
func TestEvidenceAddsUp(t *testing.T) {
	_, r := clusterWith(t, family)
	n := 0
	for p, err := range r.Pairs(t.Context(), -20) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		sum := 0.0
		for _, e := range p.Evidence {
			sum += e.Bits
			for _, lang := range []string{"fr", "en", "ar"} {
				if text := e.Text(lang); text == "" || text[0] == 'l' && text[:5] == "link." {
					t.Errorf("%s: no words for %v", lang, e)
				}
			}
		}
		if math.Abs(sum-p.Weight) > 0.06 {
			t.Errorf("%s %s: bars sum to %.2f, the weight is %.2f: %s", p.A, p.B, sum, p.Weight, p.EvidenceText())
		}
	}
	if n < 4 {
		t.Errorf("%d pairs only", n)
	}
	p, err := r.Explain("0000", "0003")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Conflicts) == 0 || p.Conflicts[0].Reason != "given_sex" || p.Same {
		t.Errorf("sister and brother: %+v; want the contradiction of given name and sex", p)
	}
	if _, err := r.Explain("0000", "nobody"); err == nil {
		t.Error("a record that isn't there was explained")
	}
}

// Nothing, one record, and columns that hold nothing are linked too.
func TestNothingToLink(t *testing.T) {
	for _, n := range []int{0, 1} {
		got, _ := clusterWith(t, family[:n])
		if len(got) != n {
			t.Errorf("%d mentions: %d in clusters", n, len(got))
		}
	}
	empty := []mention{{"a", "EN", "", "", "", "ND", "", "", "", "", "", ""}, {"b", "EN", "", "", "", "ND", "", "", "", "", "", ""}}
	if got, _ := clusterWith(t, empty); got["0000"] == got["0001"] {
		t.Error("two empty rows are one person")
	}
}
