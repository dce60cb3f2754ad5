package disclose

import (
	"math"
	"math/bits"
)

// unbounded is a bound that is none.
const unbounded = math.MaxInt64 / 4

// largest is the size an entry of the tableau may have, so that a product of two
// fits a machine word.
const largest = 1 << 30

// endurance bounds the work on one linear program, in entries looked at: some
// seconds on a slow machine, the same on every one. A part that needs more is told
// less of.
const endurance = 200_000_000

// degenerate is how many pivots may move nothing before the choice of pivots turns
// to the slow rule that can't go round in circles.
const degenerate = 40

// tableau is a linear program over deviations from the true table: which changes
// of hidden quantities leave every relation and every shown value as they are? No
// change at all is always one, so a feasible point is always at hand.
//
// Each row is an equation, den*basic + sum(t[j]*nonbasic j) = 0, in whole numbers
// without a common divisor: nothing is ever rounded. Nonbasic variables rest at
// whole values: at a bound, or at 0 where they started.
type tableau struct {
	rows     []row
	nonbasic []int // variable of each column
	low      []int64
	high     []int64 // bounds of each variable, low <= 0 <= high
	rest     []int64 // value of each variable while it is nonbasic
	row      []int   // row of each variable; -1: nonbasic
	col      []int
	filled   []int // scratch: columns where the pivot's row isn't 0
	work     int64 // entries looked at so far
	uses     []int // in how many rows each variable was given; nil: of no interest
}

// row is the equation of one basic variable, whose value is num/den.
type row struct {
	basic    int // -1 while the row is being added
	den, num int64
	t        []int64
}

// newTableau takes rows of terms over n variables, each row adding up to 0. A lean one
// solves each row for a variable that few others have, which leaves it the more zeros:
// where only the optimum counts, it is found several times faster. The cuts of one that
// isn't turn out to say more.
func newTableau(n int, rows [][]Term, lean bool) (*tableau, error) {
	s := &tableau{low: make([]int64, n), high: make([]int64, n), rest: make([]int64, n), row: make([]int, n), col: make([]int, n)}
	s.nonbasic = make([]int, n)
	for v := range n {
		s.nonbasic[v], s.row[v], s.col[v] = v, -1, v
	}
	if lean {
		s.uses = make([]int, n)
		for _, terms := range rows {
			for _, t := range terms {
				s.uses[t.Quantity]++
			}
		}
	}
	for _, terms := range rows {
		if err := s.addRow(terms); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// addRow adds a relation: expressed in the nonbasic variables, one of them is
// solved for and becomes the row's basic variable. A relation that follows from
// the others adds nothing.
func (s *tableau) addRow(terms []Term) error {
	scale := int64(1)
	for _, t := range terms {
		if r := s.row[t.Quantity]; r >= 0 {
			scale = scale / gcd(scale, s.rows[r].den) * s.rows[r].den
		}
	}
	line := make([]int64, len(s.nonbasic))
	for _, t := range terms {
		r := s.row[t.Quantity]
		if r < 0 {
			line[s.col[t.Quantity]] += scale * t.Coef
			continue
		}
		for j, a := range s.rows[r].t {
			line[j] -= scale / s.rows[r].den * t.Coef * a
		}
	}
	best := -1
	for j, a := range line {
		if a != 0 && (best < 0 || abs(a) < abs(line[best]) || abs(a) == abs(line[best]) && s.rarer(j, best)) {
			best = j
		}
		if abs(a) > largest {
			return errHard
		}
	}
	s.work += int64(len(line))
	if best < 0 {
		return nil
	}
	added := row{basic: -1, den: 1, t: line} // den*nothing: a variable fixed at 0
	s.rows = append(s.rows, added)
	if err := s.pivot(len(s.rows)-1, best, 0); err != nil {
		return err
	}
	if s.work > endurance {
		return errHard
	}
	s.drop(best)
	s.rows[len(s.rows)-1].reduce()
	return nil
}

// rarer reports whether fewer rows have the variable of column j than that of k.
func (s *tableau) rarer(j, k int) bool {
	return s.uses != nil && s.uses[s.nonbasic[j]] < s.uses[s.nonbasic[k]]
}

// drop removes the column of the variable that only introduced a row.
func (s *tableau) drop(j int) {
	last := len(s.nonbasic) - 1
	for i := range s.rows {
		t := s.rows[i].t
		t[j] = t[last]
		s.rows[i].t = t[:last]
	}
	s.nonbasic[j] = s.nonbasic[last]
	s.nonbasic = s.nonbasic[:last]
	if j < last {
		s.col[s.nonbasic[j]] = j
	}
}

// pivot exchanges the basic variable of row r and the nonbasic one of column c,
// after the latter moved by moved/|its entry|: the other basic variables follow.
func (s *tableau) pivot(r, c int, moved int64) error {
	pr := &s.rows[r]
	if pr.t[c] < 0 {
		for j := range pr.t {
			pr.t[j] = -pr.t[j]
		}
		pr.den = -pr.den
	}
	p := pr.t[c]
	s.filled = s.filled[:0]
	for j, b := range pr.t {
		if b != 0 && j != c {
			s.filled = append(s.filled, j)
		}
	}
	for i := range s.rows {
		if one := &s.rows[i]; i != r && one.t[c] != 0 {
			if err := s.eliminate(one, pr, c, p, moved); err != nil {
				return err
			}
		}
	}
	out, in := pr.basic, s.nonbasic[c]
	pr.num = p*s.rest[in] + moved
	pr.t[c], pr.den, pr.basic = pr.den, p, in
	s.nonbasic[c] = out
	s.row[in], s.col[in] = r, -1
	if out >= 0 {
		s.row[out], s.col[out] = -1, c
	}
	pr.reduce()
	s.work += int64(len(pr.t))
	return nil
}

// eliminate takes the entering variable out of one row: p times the row, less the
// pivot's row as often as needed.
func (s *tableau) eliminate(one, pr *row, c int, p, moved int64) error {
	s.work += int64(len(s.filled))
	a := one.t[c]
	g := gcd(p, abs(a))
	a, p = a/g, p/g
	one.num = one.num*p - a*moved
	if p != 1 {
		s.work += int64(len(one.t))
		for j, b := range one.t {
			if b != 0 {
				one.t[j] = b * p
			}
		}
		one.den *= p
	}
	for _, j := range s.filled {
		one.t[j] -= a * pr.t[j]
	}
	one.t[c] = -a * pr.den
	if p != 1 {
		one.reduce()
	}
	if one.den > largest {
		return errHard
	}
	for _, j := range s.filled {
		if v := one.t[j]; v > largest || v < -largest {
			return errHard
		}
	}
	return nil
}

// reduce divides the equation by the common divisor of its numbers.
func (r *row) reduce() {
	g := r.den
	for _, b := range r.t {
		if g == 1 {
			return
		}
		if b != 0 {
			g = gcd(g, abs(b))
		}
	}
	if g <= 1 {
		return
	}
	r.den /= g
	r.num /= g
	for j, b := range r.t {
		r.t[j] = b / g
	}
}

// reset goes back to no change at all; bounds may have been narrowed meanwhile.
func (s *tableau) reset() {
	clear(s.rest)
	for i := range s.rows {
		s.rows[i].num = 0
	}
}

// fraction is a quotient; its denominator is positive.
type fraction struct{ num, den int64 }

func (f fraction) less(g fraction) bool {
	// Both are 0 or more wherever they are compared.
	ah, al := bits.Mul64(uint64(f.num), uint64(g.den))
	bh, bl := bits.Mul64(uint64(g.num), uint64(f.den))
	return ah < bh || ah == bh && al < bl
}

// value is the value of a variable.
func (s *tableau) value(v int) fraction {
	if r := s.row[v]; r >= 0 {
		return fraction{s.rows[r].num, s.rows[r].den}
	}
	return fraction{s.rest[v], 1}
}

// push moves variable v as far as it goes in one direction (+1 up, -1 down), or
// past enough. It returns how far v now is from the truth in that direction.
func (s *tableau) push(v int, direction int64, enough int64) (fraction, error) {
	still := 0
	for {
		reached := s.value(v)
		reached.num *= direction
		if enough < unbounded && reached.num >= enough*reached.den {
			return reached, nil
		}
		in, way := s.entering(v, direction, still > degenerate)
		if in < 0 {
			return reached, nil
		}
		out, step := s.leaving(in, way, still > degenerate)
		if step.num >= unbounded {
			return fraction{unbounded, 1}, nil
		}
		if step.num == 0 {
			still++
		} else {
			still = 0
		}
		if err := s.move(in, way, out, step); err != nil {
			return reached, err
		}
		if s.work > endurance {
			return reached, errHard
		}
	}
}

// gradient is how much v rises when nonbasic column j does, times v's denominator.
func (s *tableau) gradient(v, j int) int64 {
	if r := s.row[v]; r >= 0 {
		return -s.rows[r].t[j]
	}
	if s.nonbasic[j] == v {
		return 1
	}
	return 0
}

// entering finds a column that moves v the right way, and which way it must go:
// the gentlest, since its pivots keep numbers small, or the first variable by number
// when slow. -1: there is none.
func (s *tableau) entering(v int, direction int64, slow bool) (column int, way int64) {
	column = -1
	gentlest := int64(0)
	for j, w := range s.nonbasic {
		g := direction * s.gradient(v, j)
		if g == 0 || g > 0 && s.rest[w] >= s.high[w] || g < 0 && s.rest[w] <= s.low[w] {
			continue
		}
		better := column < 0 || abs(g) < gentlest || abs(g) == gentlest && w < s.nonbasic[column]
		if slow {
			better = column < 0 || w < s.nonbasic[column]
		}
		if better {
			column, gentlest, way = j, abs(g), 1
			if g < 0 {
				way = -1
			}
		}
	}
	return column, way
}

// leaving finds what stops column in on its way: a row whose basic variable meets
// its bound, or (-1) the variable's own bound.
func (s *tableau) leaving(in int, way int64, slow bool) (out int, step fraction) {
	w := s.nonbasic[in]
	out = -1
	room := s.high[w]
	if way < 0 {
		room = -s.low[w]
	}
	step = fraction{unbounded, 1}
	if room < unbounded {
		step.num = room - way*s.rest[w]
	}
	for i := range s.rows {
		r := &s.rows[i]
		a := -r.t[in] * way
		if a == 0 {
			continue
		}
		bound, value := s.high[r.basic], r.num
		if a < 0 {
			a, bound, value = -a, -s.low[r.basic], -value
		}
		if bound >= unbounded {
			continue
		}
		f := fraction{r.den*bound - value, a}
		if f.less(step) || out >= 0 && !step.less(f) && (slow && r.basic < s.rows[out].basic || !slow && a < abs(s.rows[out].t[in])) {
			out, step = i, f
		}
	}
	return out, step
}

// move takes the step: everything basic follows, and, when a row stopped it, its
// variable and the column's change places.
func (s *tableau) move(in int, way int64, out int, step fraction) error {
	w := s.nonbasic[in]
	if out < 0 {
		by := way * step.num / step.den
		for i := range s.rows {
			s.rows[i].num -= s.rows[i].t[in] * by
		}
		s.rest[w] += by
		return nil
	}
	leaving := s.rows[out].basic
	bound := s.low[leaving]
	if -s.rows[out].t[in]*way > 0 {
		bound = s.high[leaving]
	}
	if err := s.pivot(out, in, way*step.num); err != nil {
		return err
	}
	s.rest[leaving] = bound
	return nil
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
