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

// institution reads one part of the list: one institution, with or without an
// aside ("EN (2 personnes)"), or several joined by "et".
func institution(l *connectors.CodeList, part string) (found []connectors.Code, unknown []string) {
	for _, s := range []string{part, aside.ReplaceAllString(part, " ")} {
		if c, ok := find(l, s); ok {
			return []connectors.Code{c}, nil
		}
	}
	pieces := institutionJoins.Split(part, -1)
	if len(pieces) < 2 {
		return nil, []string{part}
	}
	for _, p := range pieces {
		if c, ok := find(l, aside.ReplaceAllString(p, " ")); ok {
			found = append(found, c)
		} else if strings.ContainsFunc(p, meaningful) {
			unknown = append(unknown, fold.Tidy(p))
		}
	}
	if len(found) == 0 {
		return nil, []string{part}
	}
	return found, unknown
}
