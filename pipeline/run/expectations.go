package run

import (
	"cmp"
	"slices"

	"cp3/pipeline"
)

// ExpectationOf is the expectation of a single report.
func ExpectationOf(m pipeline.Member, structure string, p pipeline.Period, days int) Expectation {
	e := Expectation{Member: m, Every: "year", From: p.String(), To: p.String(), Days: days}
	if structure != "" {
		e.Structures = []string{structure}
	}
	if p.Quarter > 0 {
		e.Every = "quarter"
	}
	return e
}

// MergeExpectations says the same in fewer words: consecutive periods become one
// span, and structures of a member that share a span one list.
func MergeExpectations(all []Expectation) []Expectation {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Expectation) int {
		return cmp.Or(cmp.Compare(a.Member, b.Member), slices.Compare(a.Structures, b.Structures), cmp.Compare(a.Every, b.Every),
			cmp.Compare(a.Days, b.Days), cmp.Compare(a.From, b.From))
	})
	var spans []Expectation
	for _, e := range all {
		if n := len(spans); n > 0 && follows(spans[n-1], e) {
			spans[n-1].To = e.To
			continue
		}
		spans = append(spans, e)
	}
	var merged []Expectation
	for _, e := range spans {
		i := slices.IndexFunc(merged, func(m Expectation) bool {
			return m.Member == e.Member && m.Every == e.Every && m.Days == e.Days && m.From == e.From && m.To == e.To &&
				len(m.Structures) > 0 && len(e.Structures) > 0
		})
		if i < 0 {
			e.Structures = slices.Clone(e.Structures)
			merged = append(merged, e)
			continue
		}
		merged[i].Structures = append(merged[i].Structures, e.Structures...)
	}
	return merged
}

// follows reports whether b begins where a ends, about the same structure.
func follows(a, b Expectation) bool {
	if a.Member != b.Member || a.Every != b.Every || a.Days != b.Days || !slices.Equal(a.Structures, b.Structures) {
		return false
	}
	both := Expectation{Every: a.Every, From: a.To, To: b.From}
	return len(both.Periods()) == 2
}
