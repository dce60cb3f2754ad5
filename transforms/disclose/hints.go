package disclose

import (
	"context"
	"slices"
)

// Series that count persons of one another would make one problem of nearly all
// figures, too large to choose well in. Where one of two figures is shown, though, all
// it says of the other is a bound. So choices are made apart, and made again with the
// bounds that what they show puts on what they hide, until they put no more: a *hint*
// is a bound in use. Then everything that is hidden is attacked together, and where
// two hidden figures say too much of one another, they are decided on together.

// Pair is a quantity within another: the persons of Part are among those of Whole.
type Pair struct {
	Part  int `json:"part"`
	Whole int `json:"whole"`
}

// hints are the bounds in use between figures, of this edition and of those before.
type hints struct {
	pairs []Pair
	used  []bool     // by pair
	joint []bool     // by pair: a relation of the problem now
	known []Quantity // what earlier editions said of each quantity
}

// hint adds the pairs of the edition's figures, of those that may be hidden.
func (s *system) hint(f *figures) {
	for _, n := range f.nested {
		f.each(n, func(part, whole cellOf) {
			i, j := s.at[part], s.at[whole]
			if i != j && s.canHide(i) && s.Quantities[i].Value <= s.Quantities[j].Value {
				s.pairs = append(s.pairs, Pair{i, j})
			}
		})
	}
	s.pairs = once(s.pairs)
	s.used, s.joint = make([]bool, len(s.pairs)), make([]bool, len(s.pairs))
	s.known = slices.Clone(s.Quantities)
}

// once drops what is said twice: by an earlier edition, or under two names that are
// one by now.
func once(pairs []Pair) []Pair {
	seen := map[Pair]bool{}
	return slices.DeleteFunc(pairs, func(one Pair) bool {
		again := seen[one] || one.Part == one.Whole
		seen[one] = true
		return again
	})
}

// listen takes up the hints that a plan's shown figures give; it reports whether there
// are new ones.
func (s *system) listen(plan Plan) (changed bool) {
	for n, one := range s.pairs {
		part, whole := plan.Hidden(one.Part), plan.Hidden(one.Whole)
		if part == whole || s.used[n] || s.joint[n] || part && s.Quantities[one.Whole].Telling {
			continue
		}
		changed = true
		if q := s.Quantities[one.Part]; part && s.free(one.Whole) && s.Quantities[one.Whole].Value-q.floor() < s.Threshold {
			s.tells(one.Whole)
			continue
		}
		s.used[n] = true
	}
	s.bound()
	return changed
}

// bound sets what the hints in use say.
func (s *system) bound() {
	for i := range s.Quantities {
		s.Quantities[i].Least, s.Quantities[i].Most = s.known[i].Least, s.known[i].Most
	}
	for n, one := range s.pairs {
		if !s.used[n] {
			continue
		}
		part, whole := &s.Quantities[one.Part], &s.Quantities[one.Whole]
		part.Most = min(part.ceiling(), whole.Value)
		whole.Least = max(whole.Least, part.Value)
	}
}

func (s *system) free(i int) bool { return s.Quantities[i].State == Free }

// tells has a figure hidden, and forgets the hints it gave.
func (s *system) tells(i int) {
	s.Quantities[i].Telling = true
	for n, one := range s.pairs {
		if one.Whole == i {
			s.used[n] = false
		}
	}
}

// spare hides the figures that bound quantities which can't be protected otherwise; it
// reports whether there were any.
func (s *system) spare(lost []int) (found bool) {
	for n, one := range s.pairs {
		if s.used[n] && s.free(one.Whole) && slices.Contains(lost, one.Part) {
			s.tells(one.Whole)
			found = true
		}
	}
	s.bound()
	return found
}

// together attacks all that a plan hides with all that is known, pairs of hidden
// figures too. What is shown is a number, so that this is a smaller problem than
// choosing. An error of it being too hard leaves the report as it was.
func (s *system) together(ctx context.Context, plan Plan) (Report, error) {
	p := &Problem{Threshold: s.Threshold, Quantities: slices.Clone(s.Quantities), Relations: slices.Clone(s.Relations), memo: s.memo}
	for i := range p.Quantities {
		q := &p.Quantities[i]
		q.Least, q.Most = s.known[i].Least, s.known[i].Most
		switch {
		case !plan.Hidden(i):
			q.State = Shown
		case q.State == Free:
			q.State = Hidden
		}
	}
	for n, one := range s.pairs {
		if !s.joint[n] {
			p.atMost(one.Part, one.Whole)
		}
	}
	return Audit(ctx, p, plan)
}

// join makes relations of the pairs that quantities are in which others expose; it
// reports whether there were any left.
func (s *system) join(exposed []int) (found bool) {
	for n, one := range s.pairs {
		if !s.joint[n] && (slices.Contains(exposed, one.Part) || slices.Contains(exposed, one.Whole)) {
			s.joint[n], s.used[n], found = true, false, true
			s.atMost(one.Part, one.Whole)
		}
	}
	s.bound()
	return found
}
