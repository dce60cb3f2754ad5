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

// degenerate is how many pivots may move nothing before the choice of pivots turns
// to the slow rule that can't go round in circles.
const degenerate = 40

// tableau is a linear program over deviations from the true table: which changes
// of hidden quantities leave every relation and every shown value as they are? No
// change at all is always one, so a feasible point is always at hand.
//
// Rows say d*basic + sum(t[i][j]*nonbasic j) = 0, all whole numbers: pivoting in
// the manner of Edmonds and Bareiss keeps every entry a minor of the original
// matrix and every division exact. Nonbasic variables rest at whole values: at a
// bound, or at 0 where they started.
type tableau struct {
	basic    []int // variable of each row
	nonbasic []int // variable of each column
	t        [][]int64
	d        int64
	low      []int64 // bounds of each variable, low <= 0 <= high
	high     []int64
	rest     []int64 // value of each variable while it is nonbasic
	row      []int   // row of each variable; -1: nonbasic
	col      []int
}

// newTableau takes rows of terms over n variables, each row adding up to 0.
func newTableau(n int, rows [][]Term) (*tableau, error) {
	s := &tableau{d: 1, low: make([]int64, n), high: make([]int64, n), rest: make([]int64, n), row: make([]int, n), col: make([]int, n)}
	s.nonbasic = make([]int, n)
	for v := range n {
		s.nonbasic[v], s.row[v], s.col[v] = v, -1, v
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
	line := make([]int64, len(s.nonbasic))
	for _, t := range terms {
		if c := s.col[t.Quantity]; s.row[t.Quantity] < 0 {
			line[c] += s.d * t.Coef
		} else {
			for j, a := range s.t[s.row[t.Quantity]] {
				line[j] -= t.Coef * a
			}
		}
	}
	best := -1
	for j, a := range line {
		if a != 0 && (best < 0 || abs(a) < abs(line[best])) {
			best = j
		}
		if abs(a) > largest {
			return errLarge
		}
	}
	if best < 0 {
		return nil
	}
	// The row as the tableau holds it: d times a fixed variable that is 0.
	s.basic = append(s.basic, -1)
	s.t = append(s.t, line)
	if err := s.pivot(len(s.t)-1, best); err != nil {
		return err
	}
	s.drop(best)
	return nil
}

// drop removes the column of the variable that only introduced a row.
func (s *tableau) drop(j int) {
	last := len(s.nonbasic) - 1
	for i := range s.t {
		s.t[i][j] = s.t[i][last]
		s.t[i] = s.t[i][:last]
	}
	s.nonbasic[j] = s.nonbasic[last]
	s.nonbasic = s.nonbasic[:last]
	if j < last {
		s.col[s.nonbasic[j]] = j
	}
}

// pivot exchanges the basic variable of row r and the nonbasic one of column c.
func (s *tableau) pivot(r, c int) error {
	p := s.t[r][c]
	sign := int64(1)
	if p < 0 {
		sign = -1
	}
	pr := s.t[r]
	for i, line := range s.t {
		if i == r {
			continue
		}
		a := line[c]
		if a == 0 && abs(p) == s.d {
			continue // the row keeps its numbers
		}
		for j, b := range line {
			if j == c || b == 0 && (a == 0 || pr[j] == 0) {
				continue
			}
			v := sign * (p*b - a*pr[j]) / s.d
			if v > largest || v < -largest {
				return errLarge
			}
			line[j] = v
		}
		line[c] = -sign * a
	}
	for j := range pr {
		pr[j] *= sign
	}
	pr[c] = sign * s.d
	out, in := s.basic[r], s.nonbasic[c]
	s.basic[r], s.nonbasic[c] = in, out
	s.row[in], s.col[in] = r, -1
	if out >= 0 {
		s.row[out], s.col[out] = -1, c
	}
	s.d = abs(p)
	return nil
}

// reset goes back to no change at all; bounds may have been narrowed meanwhile.
func (s *tableau) reset() {
	clear(s.rest)
}

// value is d times the value of a variable.
func (s *tableau) value(v int) int64 {
	r := s.row[v]
	if r < 0 {
		return s.d * s.rest[v]
	}
	sum := int64(0)
	for j, a := range s.t[r] {
		if a != 0 {
			sum -= a * s.rest[s.nonbasic[j]]
		}
	}
	return sum
}

// fraction is a quotient; its denominator is positive.
type fraction struct{ num, den int64 }

func (f fraction) less(g fraction) bool {
	// Both are 0 or more wherever they are compared.
	ah, al := bits.Mul64(uint64(f.num), uint64(g.den))
	bh, bl := bits.Mul64(uint64(g.num), uint64(f.den))
	return ah < bh || ah == bh && al < bl
}

// push moves variable v as far as it goes in one direction (+1 up, -1 down), or
// past enough. It returns how far v now is from the truth in that direction.
func (s *tableau) push(v int, direction int64, enough int64) (fraction, error) {
	still := 0
	for {
		reached := fraction{direction * s.value(v), s.d}
		if enough < unbounded && reached.num >= enough*s.d {
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
	}
}

// gradient is d times how much v rises when nonbasic column j does.
func (s *tableau) gradient(v, j int) int64 {
	if r := s.row[v]; r >= 0 {
		return -s.t[r][j]
	}
	if s.nonbasic[j] == v {
		return s.d
	}
	return 0
}

// entering finds a column that moves v the right way, and which way it must go:
// the steepest, or the first variable by number when slow. -1: there is none.
func (s *tableau) entering(v int, direction int64, slow bool) (column int, way int64) {
	column = -1
	steepest := int64(0)
	for j, w := range s.nonbasic {
		g := direction * s.gradient(v, j)
		if g == 0 || g > 0 && s.rest[w] >= s.high[w] || g < 0 && s.rest[w] <= s.low[w] {
			continue
		}
		better := abs(g) > steepest || abs(g) == steepest && w < s.nonbasic[column]
		if slow {
			better = column < 0 || w < s.nonbasic[column]
		}
		if better {
			column, steepest, way = j, abs(g), 1
			if g < 0 {
				way = -1
			}
		}
	}
	return column, way
}

// leaving finds what stops column in on its way: a row whose basic variable meets
// its bound, or (-1) the variable's own bound.
func (s *tableau) leaving(in int, way int64, slow bool) (row int, step fraction) {
	w := s.nonbasic[in]
	row = -1
	room := s.high[w]
	if way < 0 {
		room = -s.low[w]
	}
	step = fraction{unbounded, 1}
	if room < unbounded {
		step.num = room - way*s.rest[w]
	}
	for i, line := range s.t {
		a := -line[in] * way
		if a == 0 {
			continue
		}
		b := s.basic[i]
		bound := s.high[b]
		if a < 0 {
			bound = -s.low[b]
		}
		if bound >= unbounded {
			continue
		}
		value := s.value(b)
		if a < 0 {
			a, value = -a, -value
		}
		f := fraction{s.d*bound - value, a}
		if f.less(step) || row >= 0 && !step.less(f) && (slow && b < s.basic[row] || !slow && a < abs(s.t[row][in])) {
			row, step = i, f
		}
	}
	return row, step
}

// move takes the step.
func (s *tableau) move(in int, way int64, row int, step fraction) error {
	w := s.nonbasic[in]
	if row < 0 {
		s.rest[w] += way * step.num / step.den
		return nil
	}
	out := s.basic[row]
	bound := s.low[out]
	if -s.t[row][in]*way > 0 {
		bound = s.high[out]
	}
	if err := s.pivot(row, in); err != nil {
		return err
	}
	s.rest[out] = bound
	return nil
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
