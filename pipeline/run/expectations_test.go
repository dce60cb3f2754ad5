package run

import (
	"math/rand/v2"
	"testing"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

func TestMergeExpectations(t *testing.T) {
	var all []Expectation
	for _, s := range []string{"CFA Akkari", "CEF Salé"} {
		for q := 1; q <= 4; q++ {
			all = append(all, ExpectationOf("EN", s, pipeline.Period{Year: 2020, Quarter: q}, 30))
		}
	}
	all = append(all, ExpectationOf("EN", "CFA Akkari", pipeline.Period{Year: 2019}, 30),
		ExpectationOf("OFPPT", "", pipeline.Period{Year: 2019}, 30), ExpectationOf("OFPPT", "", pipeline.Period{Year: 2020}, 30))
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	want := []Expectation{
		{Member: "EN", Structures: []string{"CEF Salé", "CFA Akkari"}, Every: "quarter", From: "2020-T1", To: "2020-T4", Days: 30},
		{Member: "EN", Structures: []string{"CFA Akkari"}, Every: "year", From: "2019", To: "2019", Days: 30},
		{Member: "OFPPT", Every: "year", From: "2019", To: "2020", Days: 30},
	}
	if d := cmp.Diff(want, MergeExpectations(all)); d != "" {
		t.Error(d)
	}
}
