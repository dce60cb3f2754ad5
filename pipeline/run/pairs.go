package run

import (
	"fmt"
	"slices"

	"cp3/pipeline"
	"cp3/pipeline/store"
	"cp3/transforms/link"
)

// pairBody is what a decision on two persons records: the descriptions of each
// (keys of type description), and the answer. It is about what the rows say, so
// that it outlives the files they stand in: rows that move, a file sent again, the
// same description in a later file. A row that says something else of the person
// is another description, which the model weighs beside the others.
type pairBody struct {
	A    []string `json:"a,omitempty"`
	B    []string `json:"b,omitempty"`
	Same bool     `json:"same,omitempty"` // one person; else two
	// Of the question, as it was when it was answered: its id, the two rows shown,
	// and what the model thought of them, in bits.
	Question string   `json:"question,omitempty"`
	Rows     []string `json:"rows,omitempty"`
	Bits     float64  `json:"bits,omitempty"`
	Of       int      `json:"of,omitempty"` // revoked: ledger number of the decision taken back
}

// pairDecision is a decision on two persons, as the ledger holds it.
type pairDecision struct {
	pairBody
	Seq     int
	On      pipeline.Date
	By      string
	EndedBy int // ledger number of what took it back or took its place; 0: it stands
}

// pairDecisions are the decisions on persons among the ledger's first n entries,
// in their order, those that stand no more too.
func (r *runner) pairDecisions(n int) ([]pairDecision, error) {
	var all []pairDecision
	err := store.Each(r.ledger, store.KindDecision, func(e store.Entry, d decision) error {
		if d.About != aboutPair || e.Seq > n {
			return nil
		}
		for i := range all {
			if all[i].EndedBy == 0 && (d.Revoked && all[i].Seq == d.Of || !d.Revoked && all[i].answers(d.pairBody)) {
				all[i].EndedBy = e.Seq
			}
		}
		if !d.Revoked {
			all = append(all, pairDecision{pairBody: d.pairBody, Seq: e.Seq, On: r.Config.Day(e.At), By: d.By})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("decisions: %w", err)
	}
	return all, nil
}

// answers reports whether a decision is on the same question as another.
func (b pairBody) answers(other pairBody) bool {
	return b.Question == other.Question || slices.Equal(b.A, other.A) && slices.Equal(b.B, other.B) ||
		slices.Equal(b.A, other.B) && slices.Equal(b.B, other.A)
}

// standing are the decisions in force.
func standing(all []pairDecision) []pairDecision {
	return slices.DeleteFunc(slices.Clone(all), func(d pairDecision) bool { return d.EndedBy != 0 })
}

// sidesOf are the mentions that each side of a decision speaks of today.
func (b pairBody) sidesOf(said []description) (a, with []string) {
	inA, inB := setOf(b.A), setOf(b.B)
	for _, d := range said {
		for _, key := range []string{d.placed, d.exact, d.core} { // the closest word first
			if key == "" || inA[key] == inB[key] {
				continue
			}
			if inA[key] {
				a = append(a, d.mention)
			} else {
				with = append(with, d.mention)
			}
			break
		}
	}
	return a, with
}

// spokenOf are the descriptions that any of some decisions may be about: few, so
// that each decision needs not look through all.
func spokenOf(all []pairDecision, said []description) []description {
	keys := map[string]bool{}
	for _, d := range all {
		for _, side := range [][]string{d.A, d.B} {
			for _, k := range side {
				keys[k] = true
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	var spoken []description
	for _, d := range said {
		if keys[d.placed] || keys[d.exact] || keys[d.core] {
			spoken = append(spoken, d)
		}
	}
	return spoken
}

func setOf(keys []string) map[string]bool {
	set := make(map[string]bool, len(keys))
	for _, k := range keys {
		set[k] = true
	}
	return set
}

// sameWords says that two persons' rows can't be told apart by what they say.
type sameWords struct{}

func (sameWords) Error() string {
	return "two of these rows say exactly the same, in the same report: there is nothing to tell them apart by"
}

// keysOf are the keys by which the descriptions of two persons are recognised
// again, each apart from the other's.
func keysOf(a, b []description) (keysA, keysB []string, err error) {
	exactA, coreA := map[string]bool{}, map[string]bool{}
	exactB, coreB := map[string]bool{}, map[string]bool{}
	for _, d := range a {
		exactA[d.exact], coreA[d.core] = true, true
	}
	for _, d := range b {
		exactB[d.exact], coreB[d.core] = true, true
	}
	keysA, keysB = sideKeys(a, exactB, coreB), sideKeys(b, exactA, coreA)
	if slices.ContainsFunc(keysA, func(k string) bool { return slices.Contains(keysB, k) }) {
		return nil, nil, sameWords{}
	}
	return keysA, keysB, nil
}

func sideKeys(side []description, otherExact, otherCore map[string]bool) []string {
	var keys []string
	for _, d := range side {
		if d.thin || otherExact[d.exact] {
			keys = append(keys, d.placed)
			continue
		}
		keys = append(keys, d.exact)
		if d.core != "" && !otherCore[d.core] {
			keys = append(keys, d.core)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// linkDecisions turns decisions into pairs of mentions. Two persons said to be one
// are one with all their rows, for all were shown; said to be two, no row of one
// is ever joined with a row of the other. A decision of which one side is gone
// waits for it to come back.
func linkDecisions(all []pairDecision, said []description) []link.Decision {
	var pairs []link.Decision
	said = spokenOf(all, said)
	for _, d := range all {
		a, b := d.sidesOf(said)
		if len(a) == 0 || len(b) == 0 {
			continue
		}
		if d.Same {
			for _, m := range append(a[1:], b...) {
				pairs = append(pairs, link.Decision{A: a[0], B: m, Same: true})
			}
			continue
		}
		for _, x := range a {
			for _, y := range b {
				pairs = append(pairs, link.Decision{A: x, B: y})
			}
		}
	}
	return pairs
}

// contradicted are the decisions that keep apart what others join, and those.
func contradicted(all []pairDecision, said []description) (apart, joining []pairDecision) {
	said = spokenOf(all, said)
	joined := map[string]string{}
	root := func(m string) string {
		for joined[m] != "" {
			m = joined[m]
		}
		return m
	}
	for _, d := range linkDecisions(all, said) {
		if a, b := root(d.A), root(d.B); d.Same && a != b {
			joined[b] = a
		}
	}
	roots := map[string]bool{}
	for _, d := range all {
		a, b := d.sidesOf(said)
		if d.Same || len(a) == 0 || len(b) == 0 {
			continue
		}
		for _, x := range a {
			if slices.ContainsFunc(b, func(y string) bool { return root(x) == root(y) }) {
				apart, roots[root(x)] = append(apart, d), true
				break
			}
		}
	}
	for _, d := range all {
		if a, b := d.sidesOf(said); d.Same && len(a) > 0 && len(b) > 0 && roots[root(a[0])] {
			joining = append(joining, d)
		}
	}
	return apart, joining
}
