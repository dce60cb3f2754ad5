package disclose

import (
	"crypto/sha256"
	"fmt"
)

// memo remembers what was found out about parts, by all that it depends on. An
// edition is tried again and again, with more withheld each time or more known, and
// most of its parts stay what they were. A nil memo remembers nothing.
type memo struct {
	audits   map[fingerprint]audited
	choices  map[fingerprint]chosen
	hopeless map[fingerprint]beyond
}

// fingerprint is a hash of all that something depends on.
type fingerprint [sha256.Size]byte

// audited is what an audit of a part found: by quantity of the part.
type audited struct {
	intervals map[int]Interval
	err       error
}

type chosen struct {
	choice
	err error
}

// beyond are the quantities of a part that can't be protected, by place in it.
type beyond struct {
	lost []int
	err  error
}

func newMemo() *memo {
	return &memo{map[fingerprint]audited{}, map[fingerprint]chosen{}, map[fingerprint]beyond{}}
}

// remembered gives what is remembered under a key, or finds it out.
func remembered[T any](m *memo, of func(*memo) map[fingerprint]T, key func() fingerprint, find func() T) T {
	if m == nil {
		return find()
	}
	known, k := of(m), key()
	one, ok := known[k]
	if !ok {
		one = find()
		known[k] = one
	}
	return one
}

// key is of all that attacking a part depends on: its quantities, how they are
// related, what is shown around them, and whatever else is said.
func (c part) key(p *Problem, more ...any) (sum fingerprint) {
	h := sha256.New()
	fmt.Fprintln(h, p.Threshold, more)
	local := make(map[int]int, len(c.quantities))
	for v, i := range c.quantities {
		local[i] = v
		fmt.Fprintf(h, "%+v\n", p.Quantities[i])
	}
	for _, n := range c.relations {
		r := p.Relations[n]
		shown := int64(0)
		for _, t := range r.Terms {
			if v, inside := local[t.Quantity]; inside {
				fmt.Fprint(h, v, ":", t.Coef, " ")
			} else {
				shown += t.Coef * p.Quantities[t.Quantity].Value
			}
		}
		fmt.Fprintln(h, r.AtLeast, r.Least, shown)
	}
	h.Sum(sum[:0])
	return sum
}
