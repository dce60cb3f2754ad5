package disclose

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
)

// Night after night persons are added, corrected and taken back. Whatever earlier
// editions told, each one is protected with them all; and where that takes withholding,
// it is listed, and says neither a count nor a zero.
func TestEditionsDontGiveEachOtherAway(t *testing.T) {
	withheld := 0
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 77))
		people := crowd(r, 40)
		var past Told
		for night := range 3 {
			m := tell(people)
			res, tables := publicAfter(t, m, past)
			if res.Report.Determined > 0 || res.Told.Editions != night+1 {
				t.Fatalf("seed %d, night %d: %v, %d editions told", seed, night, res, res.Told.Editions)
			}
			withheld += res.Withheld
			if n := len(tables["retenus"].rows); n != res.Withheld {
				t.Errorf("%d blocks withheld, %d listed", res.Withheld, n)
			}
			silent(t, res, tables)
			b, err := json.Marshal(res.Told)
			if err != nil {
				t.Fatal(err)
			}
			past = Told{}
			if err := json.Unmarshal(b, &past); err != nil {
				t.Fatal(err)
			}
			for range 3 { // a nationality was mistaken, a file lost a line
				people[r.IntN(len(people))].country = "CMR"
				i := r.IntN(len(people))
				people = slices.Delete(slices.Clone(people), i, i+1)
			}
			people = append(people, crowd(r, 2)...)
		}
	}
	if withheld == 0 {
		t.Error("nothing was ever withheld: the test shows little")
	}
}

// silent checks that rows said to be withheld show no count.
func silent(t *testing.T, res Result, tables map[string]*table) {
	t.Helper()
	for _, name := range []string{"valeurs", "activites"} {
		one := tables[name]
		for _, row := range one.rows {
			if row[one.at[reasonColumn]] == byRetention && row[one.at[maskColumn]] == nil {
				t.Fatalf("%s: %v is withheld and hides nothing", name, row)
			}
			if row[one.at[reasonColumn]] == nil != (row[one.at[maskColumn]] == nil) {
				t.Fatalf("%s: %v: hidden without a reason, or the reverse", name, row)
			}
		}
	}
}

// A part too hard for a good choice is protected all the same, with more hidden.
func TestBluntIsSafe(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	p := cube(5, []int{4, 6, 3}, func([]int) int64 { return r.Int64N(20) })
	good, err := Protect(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	plan := Plan{Reasons: make([]Reason, len(p.Quantities))}
	for _, c := range p.parts() {
		s, err := blunt(p, c)
		if err != nil {
			t.Fatal(err)
		}
		plan.take(c, s.choice(nil))
	}
	report, err := Audit(t.Context(), p, plan)
	if err != nil || !report.Safe() {
		t.Fatalf("%v, %v", report.TooNarrow, err)
	}
	if plan.Secondary < good.Secondary || plan.Bound != 0 {
		t.Errorf("blunt costs %d with bound %d, a search %d", plan.Secondary, plan.Bound, good.Secondary)
	}
	shown := 0
	for i := range p.Quantities {
		if !plan.Hidden(i) {
			shown++
		}
	}
	if shown == 0 {
		t.Error("nothing is shown again")
	}
}

// What is lost with all of its series withheld is told by another series: that one is
// withheld next, not everything; and when nothing around is left, there is no edition.
func TestWidenTurnsToWhatTells(t *testing.T) {
	region := func(series string) string { return series + "|2020|*|04|*|*@7" }
	s := &system{Problem: &Problem{Threshold: 5}, printed: [][]string{{region("valeur 1.1")}, {region("activite ACCUEIL")}, {region("valeur 3.2")}}}
	for _, names := range s.printed {
		s.Quantities = append(s.Quantities, Quantity{Key: names[0], Value: 7, Persons: true})
	}
	s.Relations = []Relation{{Terms: []Term{{0, 1}, {1, -1}}}}
	held := withheld{}
	for _, want := range []block{
		{"valeur 1.1", "2020", "annee, region"}, {"valeur 1.1", "2020", ""}, {"valeur 1.1", "", ""},
		{"activite ACCUEIL", "2020", "annee, region"}, {"activite ACCUEIL", "2020", ""}, {"activite ACCUEIL", "", ""},
	} {
		before := held.size()
		if !s.widen(held, []int{0}) || !held[want] || held.size() != before+1 {
			t.Fatalf("%v withheld, want %v next", held, want)
		}
	}
	if s.widen(held, []int{0}) {
		t.Errorf("%v withheld, though nothing of it is related", held)
	}
}
