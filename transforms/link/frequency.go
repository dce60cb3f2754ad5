package link

import (
	"math"
	"slices"

	"cp3/pipeline/parallel"
)

// How rare a value is decides how much agreeing on it says: Diallo little, Tchoupo
// much; a residence card's number nearly all, unless forty persons have it, and
// then it is the form's.

// weigh is how many records the prior frequency counts for.
const weigh = 200

// own is how many records, or spellings, of a value are the pair's that agrees.
const own = 2

// frequencies gives each value its rarity: -log2 of the chance that another person
// has it. The pair itself is left out of the count, and the shipped prior stands for
// 200 records, so that a name seen twice among fifty mentions isn't taken for a rare
// one. It needs to know what goes with names.
func (e *engine) frequencies() {
	r := e.records
	e.typical = make([][aspects]float64, len(e.fields))
	r.rarity = make([]float32, r.n*r.names*int(aspects))
	holders := e.holders()
	parallel.Each(len(e.fields), func(i int) {
		crowd, crowds := r.crowds(e.along[i])
		for a, prior := range priors(e.fields[i].Kind) {
			if prior == 0 {
				continue
			}
			c := &counted{prior: weigh * prior}
			if crowd != nil {
				c.in, c.size = map[uint64]int32{}, make([]int, crowds)
			}
			c.count(r, i, aspect(a), e.fields[i].Kind, crowd, holders)
			e.typical[i][a] = c.typical()
			c.rate(r, i, aspect(a), crowd)
		}
	})
}

// holders number who holds a number or was born on a day, told apart by name: one
// person on ten lists is one holder, ten names on one number are ten. nil when
// records themselves are counted.
func (e *engine) holders() []int32 {
	given, family := firstOf(e.fields, GivenName), firstOf(e.fields, FamilyName)
	if given < 0 || family < 0 {
		return nil
	}
	sound := func(n, field int) int32 {
		if f := e.records.form(int32(n), field); f != nil {
			return f.also
		}
		return -1
	}
	known := map[uint64]int32{}
	holders := make([]int32, e.records.learned)
	for n := range holders {
		g, f := sound(n, given), sound(n, family)
		holders[n] = numberOf(known, two(min(g, f), max(g, f)))
	}
	return holders
}

// two is two numbers as one, in whose order they are.
func two(a, b int32) uint64 { return uint64(uint32(a))<<32 | uint64(uint32(b)) }

func numberOf(known map[uint64]int32, key uint64) int32 {
	n, ok := known[key]
	if !ok {
		n = int32(len(known))
		known[key] = n
	}
	return n
}

// crowds number the crowd that a record's name is counted in, by the fields that go
// with such names, and say how many there are; nil where none do, and all are one crowd.
func (r *records) crowds(along []int) (crowd []int32, crowds int) {
	if len(along) == 0 {
		return nil, 1
	}
	crowd = make([]int32, r.n)
	for _, k := range along {
		known := map[uint64]int32{}
		for n := range crowd {
			code := int32(-1)
			if f := r.form(int32(n), k); f != nil {
				code = f.code
			}
			crowd[n] = numberOf(known, two(crowd[n], code))
		}
		crowds = len(known)
	}
	return crowd, crowds
}

// counted is how frequent the values of an aspect of a field are, of all and in each
// crowd. A value is as frequent as it is in the crowd, when that is more than overall.
type counted struct {
	prior float64
	all   []int32          // by value
	in    map[uint64]int32 // by value and crowd; nil when all are one
	size  []int            // by crowd
	total int
}

// aspect is the value of an aspect of a form; -1 when it has none.
func (f *form) aspect(a aspect, kind Kind) int32 {
	switch {
	case a == part:
		return f.also
	case kind == Date && f.text == "":
		return -1
	}
	return f.code
}

// count counts the records learned from, or those who hold a value.
func (c *counted) count(r *records, field int, a aspect, kind Kind, crowd, holders []int32) {
	switch kind {
	case Identifier, Phone, Email, Date:
	default:
		holders = nil
	}
	var held []uint64 // value, holder
	for n := range r.learned {
		f := r.form(int32(n), field)
		if f == nil {
			continue
		}
		v := f.aspect(a, kind)
		switch {
		case v < 0:
		case holders != nil:
			held = append(held, two(v, holders[n]))
		default:
			c.add(v)
			if crowd != nil {
				c.in[two(v, crowd[n])]++
				c.size[crowd[n]]++
			}
		}
	}
	slices.Sort(held)
	for _, h := range slices.Compact(held) {
		c.add(int32(h >> 32))
	}
}

func (c *counted) add(value int32) {
	for int(value) >= len(c.all) {
		c.all = append(c.all, make([]int32, int(value)+1-len(c.all))...)
	}
	c.all[value]++
	c.total++
}

// bits is the rarity of a value, where all are one crowd.
func (c *counted) bits(value int32) float32 { return float32(-math.Log2(max(c.overall(value), 1e-9))) }

func (c *counted) overall(value int32) float64 {
	all := int32(0)
	if int(value) < len(c.all) {
		all = c.all[value]
	}
	return (float64(max(all-own, 0)) + c.prior) / float64(c.total+weigh)
}

// bitsIn is the rarity of a value in a crowd.
func (c *counted) bitsIn(value, crowd int32) float32 {
	inCrowd := (float64(max(c.in[two(value, crowd)]-own, 0)) + c.prior) / float64(c.size[crowd]+weigh)
	return float32(-math.Log2(max(c.overall(value), inCrowd, 1e-9)))
}

// typical is the chance that two persons taken at random share a value.
func (c *counted) typical() float64 {
	sum := 0 // of integers, for a sum of floats depends on its order
	for _, n := range c.all {
		sum += int(n) * int(max(n-own, 0))
	}
	return max((float64(sum)/float64(max(c.total, 1))+c.prior)/float64(c.total+weigh), 1e-9)
}

// rate writes down how rare the values of all records are: with the form, or with the
// record when it depends on the crowd.
func (c *counted) rate(r *records, field int, a aspect, crowd []int32) {
	if at := r.named[field]; at >= 0 {
		for n := range r.n {
			f := r.form(int32(n), field)
			if f == nil {
				continue
			}
			bits := &r.rarity[(n*r.names+at)*int(aspects)+int(a)]
			if v := f.aspect(a, GivenName); crowd == nil {
				*bits = c.bits(v)
			} else {
				*bits = c.bitsIn(v, crowd[n])
			}
		}
		return
	}
	forms := r.pools[field].forms
	for i := range forms {
		if v := forms[i].aspect(a, ""); v >= 0 {
			forms[i].rarity[a] = c.bits(v)
		}
	}
}

// goesAlong finds what goes with the names of each field: who agrees on the country is
// compared with its people, half of whom may bear ten names; and a given name says
// the sex, so agreeing on both is agreeing once. Any other column of few values may
// turn out to go with names as well (a region, a language, a camp).
func (e *engine) goesAlong() map[int][]int {
	along := map[int][]int{}
	for i, names := range e.fields {
		if names.Kind != GivenName && names.Kind != FamilyName {
			continue
		}
		for k, f := range e.fields {
			switch f.Kind {
			case Nationality:
				along[i] = append(along[i], k)
			case Sex:
				if names.Kind == GivenName {
					along[i] = append(along[i], k)
				}
			case Category, Locality, Postcode:
				if e.records.learned >= telltale && e.records.goesWith(i, k) {
					along[i] = append(along[i], k)
				}
			}
		}
	}
	return along
}

// What it takes to find that a column goes with names.
const (
	telltale = 1000 // records
	together = 50   // records a value of the column, on average
	lift     = 1.5  // how much more often two records share a name when they share the column
)

// goesWith says whether sharing a column's value makes sharing a name likelier. Two
// records of one person share both, whatever goes with what: a name shared by no
// more than a few records says nothing.
func (r *records) goesWith(names, column int) bool {
	cells, times, both := map[[2]int32]int{}, map[int32]int{}, 0
	for n := range r.learned {
		if v, g := r.form(int32(n), names), r.form(int32(n), column); v != nil && g != nil {
			cells[[2]int32{v.code, g.code}]++
			times[v.code]++
			both++
		}
	}
	few := max(20, both/2000)
	crowds, common, shareBoth, shareName, shareColumn := map[int32]int{}, 0, 0, 0, 0
	for at, n := range cells {
		if times[at[0]] >= few {
			crowds[at[1]] += n
			common += n
			shareBoth += n * (n - 1)
		}
	}
	for _, n := range times {
		if n >= few {
			shareName += n * (n - 1)
		}
	}
	for _, n := range crowds {
		shareColumn += n * (n - 1)
	}
	if shareColumn == 0 || common < together*len(crowds) {
		return false
	}
	return float64(shareBoth)/float64(shareColumn) >= lift*float64(shareName)/(float64(common)*float64(common-1))
}
