package normalise

import (
	"regexp"
	"slices"
	"strings"

	"cp3/connectors"
	"cp3/pipeline/fold"
)

var (
	// listed institutions are separated by punctuation or by lines ...
	institutionEnds = regexp.MustCompile(`[,;/\n\r•|+،؛]`)
	// ... or by "et" and dashes, which also stand inside names: tried second.
	institutionJoins = regexp.MustCompile(`\s(?:et|&|-|–|and)\s|\sو`)
	aside            = regexp.MustCompile(`\([^()]*\)`)
)

// mostJoined is more institutions than one joins without punctuation.
const mostJoined = 24

// institutions reads the institutions a cell lists, once each, in their order.
// Those nobody knows are named to the member; the others stand.
func (r *reading) institutions() Value {
	l := r.list()
	var found []connectors.Code
	var unknown []string
	for _, part := range institutionEnds.Split(r.cell.Display(), -1) {
		if part = fold.Tidy(part); !strings.ContainsFunc(part, meaningful) {
			continue
		}
		codes, rest := institution(l, part)
		found, unknown = append(found, codes...), append(unknown, rest...)
	}
	if len(found) == 0 {
		return r.refuse("institutions.unreadable", "allowed", r.allowed(l))
	}
	v := Value{Present: true}
	var labels []string
	for _, c := range found {
		if !slices.Contains(v.Codes, c.Code) {
			v.Codes, labels = append(v.Codes, c.Code), append(labels, c.Label.FR)
		}
	}
	if len(unknown) > 0 {
		r.warn("institutions.unknown", "unknown", strings.Join(unknown, ", "), "allowed", r.allowed(l))
		for _, u := range unknown {
			if !slices.Contains(labels, u) {
				labels = append(labels, u)
			}
		}
	}
	v.Text = strings.Join(labels, "; ")
	return v
}

// institution reads one part of the list: one institution, or several joined by
// "et". The longest stretches that are known win, so that the "et" of a name
// separates nothing.
func institution(l *connectors.CodeList, part string) (found []connectors.Code, unknown []string) {
	if c, ok := named(l, part); ok {
		return []connectors.Code{c}, nil
	}
	starts, ends := stretches(part)
	if len(starts) > mostJoined {
		return nil, []string{part}
	}
	for i := 0; i < len(starts); i++ {
		known := false
		for j := len(ends) - 1; j >= i && !known; j-- {
			var c connectors.Code
			if c, known = named(l, part[starts[i]:ends[j]]); known {
				found, i = append(found, c), j
			}
		}
		if !known {
			unknown = append(unknown, fold.Tidy(part[starts[i]:ends[i]]))
		}
	}
	if len(found) == 0 {
		return nil, []string{part}
	}
	return found, slices.DeleteFunc(unknown, func(s string) bool { return !strings.ContainsFunc(s, meaningful) })
}

// stretches are where the pieces between joining words begin and end.
func stretches(part string) (starts, ends []int) {
	starts = []int{0}
	for _, at := range institutionJoins.FindAllStringIndex(part, -1) {
		ends, starts = append(ends, at[0]), append(starts, at[1])
	}
	return starts, append(ends, len(part))
}

// named finds one institution, with or without an aside: "EN (2 personnes)".
func named(l *connectors.CodeList, text string) (connectors.Code, bool) {
	if c, ok := find(l, text); ok {
		return c, true
	}
	return find(l, aside.ReplaceAllString(text, " "))
}
