package link_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"cp3/transforms/link"
)

// A woman who says less of herself the second time, one who says all, and her sister.
var doubtful = []mention{
	{"a", "EN", "DIALLO", "Aminata", "", "F", "1994-03-12", "GIN", "CARTE_SEJOUR", "A112233", "+212612345601", "04.421"},
	{"a", "EN", "DIALLO", "Aminata", "", "F", "1994-03-12", "GIN", "CARTE_SEJOUR", "A112233", "+212612345601", "04.421"},
	{"?", "ANAPEC", "DIALLO", "Aminatta", "", "F", "", "GIN", "", "", "", ""},
	{"b", "EN", "DIALLO", "Mariama", "", "F", "1997-08-02", "GIN", "CARTE_SEJOUR", "A112234", "+212612345601", "04.421"},
	{"c", "EN", "KOUASSI", "Yao", "", "H", "1985-06-30", "CIV", "", "", "", "06.141"},
}

func TestQuestions(t *testing.T) {
	_, r := clusterWith(t, doubtful)
	all, err := r.Questions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].Merged || !slices.Equal(all[0].A, []string{"0000", "0001"}) || !slices.Equal(all[0].B, []string{"0002"}) {
		t.Fatalf("asked %+v; want one question, on the two records of one person against the thin one", all)
	}
	if p := all[0].Pair; p.B != "0002" || len(p.Evidence) < 4 {
		t.Errorf("the pair shown is %s %s with %s", p.A, p.B, p.EvidenceText())
	}
	for _, same := range []bool{true, false} {
		_, r := clusterWith(t, doubtful, link.Decision{A: "0000", B: "0002", Same: same}, link.Decision{A: "0001", B: "0002", Same: same})
		if all, err := r.Questions(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("decided %v, and asked again: %+v, %v", same, all, err)
		}
	}
}

// Every merge can be undone where a pair of it shows: kept apart as Parts says,
// the cluster is these two parts, and without the decision it is whole again.
func TestPartsComeApart(t *testing.T) {
	plain, r := clusterWith(t, family)
	a, b, err := r.Parts(t.Context(), "0000", "0002")
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(slices.Values(append(slices.Clone(a), b...))); !slices.Equal(got, r.Person("0000")) || len(got) != 3 {
		t.Fatalf("parts %v and %v of person %v", a, b, r.Person("0000"))
	}
	q, err := r.Ask(t.Context(), a, b)
	if err != nil || !q.Merged || q.Weight < link.Band {
		t.Errorf("a certain merge: %+v, %v", q, err)
	}
	var apart []link.Decision
	for _, x := range a {
		for _, y := range b {
			apart = append(apart, link.Decision{A: x, B: y})
		}
	}
	split, r := clusterWith(t, family, apart...)
	if !slices.Equal(r.Person(a[0]), a) || !slices.Equal(r.Person(b[0]), b) {
		t.Errorf("kept apart: %v", split)
	}
	again, r := clusterWith(t, family)
	if !maps.Equal(again, plain) {
		t.Errorf("undone: %v; want %v", again, plain)
	}
	if _, _, err := r.Parts(t.Context(), "0000", "nobody"); err == nil {
		t.Error("parts of a record that isn't there")
	}
	_, r = clusterWith(t, family, link.Decision{A: "0000", B: "0003", Same: true})
	if _, _, err := r.Parts(t.Context(), "0000", "0003"); !errors.Is(err, link.ErrDecided) {
		t.Errorf("joined by hand: %v", err)
	}
}
