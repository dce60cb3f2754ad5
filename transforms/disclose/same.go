package disclose

import (
	"slices"
	"strings"
)

// agreements is how many cells, nobody's left out, two series must have in common
// before being equal in all of them makes them the same.
const agreements = 3

// face is a series as it is compared with others: all of it, or what one member
// contributes to it, at one level of detail.
type face struct {
	series, other string // other: all, or "membre=EN"
	quarters      bool   // by quarter, or the whole year
	regions       bool   // by region, or the nation
}

// alias says that a face shows what another shows, of so many years before.
type alias struct {
	of  face
	lag int
}

func faceOf(c cellOf) face {
	return face{c.series, c.keys[other], c.keys[quarter] != all, c.keys[region] != all}
}

// identify finds faces that say the same thing under two names: the completed
// trainings that are one indicator and the numerator of another, the enrolments of
// the nation that are another table's. Whoever reads both would see it, so hiding
// one cell and showing the other would hide nothing. Where two series are the same
// for the nation, what one says of a region bounds the other.
func (f *figures) identify() {
	cells := f.faces()
	var order []face
	for one := range cells {
		order = append(order, one)
	}
	slices.SortFunc(order, face.compare)
	for i, a := range order {
		for _, b := range order[:i] {
			if a.quarters != b.quarters || a.regions != b.regions || a.series == b.series {
				continue
			}
			if _, taken := f.same[b]; taken {
				continue
			}
			if lag, differ, found := agree(cells[a], cells[b]); found {
				f.same[a] = alias{b, lag}
				if lag == 0 && differ == 0 {
					f.within(a.series, b.series)
					f.within(b.series, a.series)
				}
				break
			}
		}
	}
}

func (a face) compare(b face) int {
	if n := strings.Compare(a.series+"\x00"+a.other, b.series+"\x00"+b.other); n != 0 {
		return n
	}
	rank := func(f face) (n int) {
		if f.quarters {
			n += 2
		}
		if f.regions {
			n++
		}
		return n
	}
	return rank(a) - rank(b)
}

// faces sorts the cells of all series by face, their other dimension left out.
// Only members are compared: the other axes are no indicator's.
func (f *figures) faces() map[face]map[keys]int64 {
	faces := map[face]map[keys]int64{}
	for name, s := range f.series {
		for k, value := range s.cells {
			if k[other] != all && !strings.HasPrefix(k[other], "membre=") {
				continue
			}
			of := faceOf(cellOf{name, k})
			if faces[of] == nil {
				faces[of] = map[keys]int64{}
			}
			k[other] = all
			faces[of][k] = value
		}
	}
	return faces
}

// agree reports whether a is equal to b, or to b of the year before, in most of the
// cells both have, and in how many it is not. Most, since a late file that one of them
// waits for must not make strangers of twins: the next edition would tell.
func agree(a, b map[keys]int64) (lag, differ int, found bool) {
	for lag := range 2 {
		common, large := 0, false
		differ = 0
		for k, value := range a {
			there, has := b[k.before(lag)]
			switch {
			case !has:
			case there != value:
				differ++
			case value > 0:
				common++
				large = large || value > agreements
			}
		}
		if common >= agreements && large && differ*most <= common {
			return lag, differ, true
		}
	}
	return 0, 0, false
}

// most: one cell may differ for so many that agree.
const most = 3

// resolve follows aliases.
func (f *figures) resolve(c cellOf) cellOf {
	value := f.series[c.series].cells[c.keys]
	for {
		is, has := f.same[faceOf(c)]
		if !has {
			return c
		}
		k := c.keys.before(is.lag)
		k[other] = is.of.other
		to := cellOf{is.of.series, k}
		if there, known := f.series[to.series].cells[k]; known && there != value {
			return c // one of those that differ
		}
		c = to
	}
}
