package disclose

import (
	"errors"
	"fmt"
	"slices"
)

// State says what is already decided about a quantity.
type State uint8

// The states of a quantity.
const (
	Free     State = iota // to be decided
	Shown                 // the public has it: an earlier edition, a table that is not ours to hide
	Hidden                // an earlier edition hid it, and it must stay protected
	Withheld              // hidden with all around it, so that even a zero may be behind it
)

// Quantity is a count.
type Quantity struct {
	Key   string
	Value int64
	// Persons: the count is of persons, so that a small one is primary.
	Persons bool
	State   State
	// Group: quantities of one group are hidden together, whichever of them is the
	// reason; "" for a quantity on its own.
	Group string
	// Cost is what hiding it loses: how many published cells; 0 counts as 1.
	Cost int64
	// Least and Most are what quantities of other parts that are shown say of this one
	// when it is hidden; 0: nothing.
	Least, Most int64
	// Telling: shown, it would leave too little doubt about one it is related to.
	Telling bool
	// Past: no figure of this edition, only of earlier ones. A part of nothing else
	// was safe when it was told, and nothing is added to it.
	Past bool
}

// Term is a multiple of a quantity, by its index in Problem.Quantities.
type Term struct {
	Quantity int
	Coef     int64
}

// Relation is arithmetic everybody knows to hold: the terms add up to 0, or, when
// AtLeast, to Least or more.
type Relation struct {
	Terms   []Term
	AtLeast bool
	Least   int64 `json:",omitempty"` // not negative
}

// holds reports whether the terms may add up to sum.
func (r Relation) holds(sum int64) bool {
	if r.AtLeast {
		return sum >= r.Least
	}
	return sum == 0
}

// Problem is what is to be protected.
type Problem struct {
	Threshold  int64 // counts of 1 to Threshold-1 persons are primary
	Quantities []Quantity
	Relations  []Relation

	memo *memo // of this problem and others like it
}

// Unprotectable says that quantities can be deduced even with everything hidden
// that may be: what is already public gives them away.
type Unprotectable struct{ Keys []string }

func (u *Unprotectable) Error() string {
	return fmt.Sprintf("disclosure: %d quantities can't be protected, first %s: what is already public gives them away", len(u.Keys), u.Keys[0])
}

// primary reports whether a quantity is hidden by the rule itself. Zero isn't:
// nobody is in it.
func (p *Problem) primary(i int) bool {
	q := p.Quantities[i]
	return q.Persons && q.Value > 0 && q.Value < p.Threshold
}

// check refuses a problem whose relations don't hold, or that asks for what can't be.
func (p *Problem) check() error {
	if p.Threshold < 2 {
		return fmt.Errorf("disclosure: threshold %d: write 2 or more", p.Threshold)
	}
	seen := make(map[string]bool, len(p.Quantities))
	for _, q := range p.Quantities {
		if seen[q.Key] {
			return fmt.Errorf("disclosure: quantity %s: given twice", q.Key)
		}
		seen[q.Key] = true
		if q.Value < 0 || q.Cost < 0 {
			return fmt.Errorf("disclosure: quantity %s: a count can't be negative", q.Key)
		}
		if q.State == Hidden && q.Value == 0 { // unlike one that is withheld
			return fmt.Errorf("disclosure: quantity %s: a zero is never hidden", q.Key)
		}
	}
	for n, r := range p.Relations {
		sum := int64(0)
		for _, t := range r.Terms {
			if t.Quantity < 0 || t.Quantity >= len(p.Quantities) {
				return fmt.Errorf("disclosure: relation %d: no quantity %d", n, t.Quantity)
			}
			sum += t.Coef * p.Quantities[t.Quantity].Value
		}
		if !r.holds(sum) {
			return fmt.Errorf("disclosure: relation %d, of %s, does not hold: %d", n, p.Quantities[r.Terms[0].Quantity].Key, sum)
		}
	}
	return nil
}

// part is a component of the problem: quantities that can tell of each other, and
// the relations between them.
type part struct {
	quantities []int // indices in the problem, ascending
	relations  []int
	past       bool // of earlier editions only
	silent     bool // nothing in it or around it is told
}

// parts splits the problem along its relations and groups. Quantities whose value
// is public, and zeros, carry nothing from one side to the other.
func (p *Problem) parts() []part {
	parent := make([]int, len(p.Quantities))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	join := func(a, b int) {
		if a, b = find(a), find(b); a != b {
			parent[max(a, b)] = min(a, b)
		}
	}
	groups := map[string]int{}
	for i, q := range p.Quantities {
		if q.Group == "" || !p.canHide(i) {
			continue
		}
		if first, seen := groups[q.Group]; seen {
			join(first, i)
		} else {
			groups[q.Group] = i
		}
	}
	for _, r := range p.Relations {
		first := -1
		for _, t := range r.Terms {
			switch {
			case !p.canHide(t.Quantity):
			case first < 0:
				first = t.Quantity
			default:
				join(first, t.Quantity)
			}
		}
	}
	at := map[int]int{}
	var parts []part
	for i := range p.Quantities {
		if !p.canHide(i) {
			continue
		}
		root := find(i)
		if _, seen := at[root]; !seen {
			at[root] = len(parts)
			parts = append(parts, part{})
		}
		c := &parts[at[root]]
		c.quantities = append(c.quantities, i)
	}
	for n, r := range p.Relations {
		for _, t := range r.Terms {
			if p.canHide(t.Quantity) {
				c := &parts[at[find(t.Quantity)]]
				c.relations = append(c.relations, n)
				break
			}
		}
	}
	for n := range parts {
		p.describe(&parts[n])
	}
	return parts
}

// describe says of a part what spares looking at it.
func (p *Problem) describe(c *part) {
	c.past, c.silent = true, true
	for _, i := range c.quantities {
		c.past = c.past && p.Quantities[i].Past
		c.silent = c.silent && p.mustHide(i) && p.Quantities[i].Least == 0 && p.Quantities[i].Most == 0
	}
	for _, r := range c.relations {
		for _, t := range p.Relations[r].Terms {
			c.silent = c.silent && (p.canHide(t.Quantity) || p.Quantities[t.Quantity].Value == 0)
		}
	}
}

// canHide reports whether a quantity is, or may be, hidden.
func (p *Problem) canHide(i int) bool {
	q := p.Quantities[i]
	return q.State == Hidden || q.State == Withheld || q.State == Free && q.Value > 0
}

// mustHide reports whether a quantity is hidden whatever is decided, leaving its
// group aside.
func (p *Problem) mustHide(i int) bool {
	q := p.Quantities[i]
	return q.State == Hidden || q.State == Withheld || q.State == Free && (p.primary(i) || q.Telling)
}

// floor is the least an attacker must reckon with behind a hidden quantity.
func (q Quantity) floor() int64 {
	if q.State == Withheld {
		return q.Least
	}
	return max(1, q.Least)
}

// ceiling is the most.
func (q Quantity) ceiling() int64 {
	if q.Most > 0 {
		return q.Most
	}
	return unbounded
}

// TooHard says that a part is too large or too intertwined to be protected exactly
// with reasonable effort: less of it must be told.
type TooHard struct{ Quantities []int }

func (t *TooHard) Error() string {
	return fmt.Sprintf("disclosure: %d quantities are too intertwined to be protected exactly", len(t.Quantities))
}

// errHard: the numbers of a linear program outgrew exact arithmetic, or it took
// more work than it may.
var errHard = errors.New("disclosure: too hard for exact arithmetic")

// hard names the part an error of the linear program speaks of.
func (c part) hard(err error) error {
	if errors.Is(err, errHard) {
		return &TooHard{c.quantities}
	}
	return err
}

func sortedKeys(keys []string) []string {
	slices.Sort(keys)
	return slices.Compact(keys)
}
