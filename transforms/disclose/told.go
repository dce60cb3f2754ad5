package disclose

import (
	"slices"
)

// Told is what the editions so far told the public, and what they kept from it: with
// the editions to come, it is one system. Only what bears on hidden quantities is
// kept. It holds the hidden values: it is private.
type Told struct {
	Editions   int            `json:"editions"`
	Quantities []ToldQuantity `json:"quantities"`
	Relations  []Relation     `json:"relations"` // over Quantities
	// Pairs are of quantities where one is within the other, though they were decided
	// on apart.
	Pairs []Pair `json:"pairs,omitempty"`
}

// ToldQuantity is a quantity as the editions left it.
type ToldQuantity struct {
	// Keys are the figures it was printed as, each with its value: an unchanged
	// quantity is found again by any of them.
	Keys     []string `json:"keys"`
	Value    int64    `json:"value"`
	Shown    bool     `json:"shown,omitempty"`
	Withheld bool     `json:"withheld,omitempty"`
	// What figures that were shown say of it.
	Least int64 `json:"least,omitempty"`
	Most  int64 `json:"most,omitempty"`
}

func (q ToldQuantity) state() State {
	switch {
	case q.Shown:
		return Shown
	case q.Withheld:
		return Withheld
	}
	return Hidden
}

// system is the figures of an edition with what was told before: one problem.
type system struct {
	*Problem
	hints
	made    choices
	at      map[cellOf]int // where each figure of the edition is
	printed [][]string     // under which names each quantity was ever printed
}

// remember joins what was told to the figures of an edition. What was shown is
// known; what was hidden stays hidden as long as it does not change, so that the same
// figures are not hidden in one edition and shown in the next.
func (s *system) remember(past Told) {
	named := map[string]int{}
	for i, keys := range s.printed {
		for _, key := range keys {
			named[key] = i
		}
	}
	index := make([]int, len(past.Quantities))
	for n, q := range past.Quantities {
		index[n] = s.recall(named, q)
	}
	for _, one := range past.Pairs {
		s.pairs = append(s.pairs, Pair{index[one.Part], index[one.Whole]})
	}
	for _, r := range past.Relations {
		r.Terms = slices.Clone(r.Terms)
		for k := range r.Terms {
			r.Terms[k].Quantity = index[r.Terms[k].Quantity]
		}
		s.Relations = append(s.Relations, r)
	}
	s.Relations = distinct(s.Relations)
}

// recall finds a quantity that was told, or adds it. What was one quantity then and
// is two now is still known to be equal.
func (s *system) recall(named map[string]int, q ToldQuantity) int {
	i := -1
	for _, key := range q.Keys {
		j, known := named[key]
		switch {
		case !known:
		case i < 0:
			i = j
		case i != j:
			s.Relations = append(s.Relations, Relation{Terms: []Term{{i, 1}, {j, -1}}})
		}
	}
	if i < 0 {
		i = len(s.Quantities)
		s.Quantities = append(s.Quantities, Quantity{Key: "before " + q.Keys[0], Value: q.Value, Persons: true, Past: true})
		s.printed = append(s.printed, nil)
	}
	for _, key := range q.Keys {
		if _, known := named[key]; !known {
			named[key] = i
			s.printed[i] = append(s.printed[i], key)
		}
	}
	known := &s.Quantities[i]
	known.Least = max(known.Least, q.Least)
	if q.Most > 0 {
		known.Most = min(known.ceiling(), q.Most)
	}
	if state := q.state(); state == Shown || s.Quantities[i].State == Free {
		s.Quantities[i].State = state
	}
	return i
}

// told is what the public knows, with this edition, that bears on what is hidden.
func (s *system) told(plan Plan, past Told) Told {
	t := Told{Editions: past.Editions + 1}
	at := map[int]int{}
	index := func(i int) int {
		n, known := at[i]
		if !known {
			n = len(t.Quantities)
			at[i] = n
			q := s.Quantities[i]
			t.Quantities = append(t.Quantities, ToldQuantity{
				Keys: s.printed[i], Value: q.Value, Shown: !plan.Hidden(i), Withheld: q.State == Withheld, Least: q.Least, Most: q.Most,
			})
		}
		return n
	}
	for i := range s.Quantities {
		if plan.Hidden(i) {
			index(i)
		}
	}
	for _, r := range s.Relations {
		if !slices.ContainsFunc(r.Terms, func(t Term) bool { return plan.Hidden(t.Quantity) }) {
			continue
		}
		r.Terms = slices.Clone(r.Terms)
		for k := range r.Terms {
			r.Terms[k].Quantity = index(r.Terms[k].Quantity)
		}
		t.Relations = append(t.Relations, r)
	}
	for n, one := range s.pairs {
		if !s.joint[n] && (plan.Hidden(one.Part) || plan.Hidden(one.Whole)) { // the others are relations
			t.Pairs = append(t.Pairs, Pair{index(one.Part), index(one.Whole)})
		}
	}
	return t
}
