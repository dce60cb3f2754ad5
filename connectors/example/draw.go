package example

import (
	"hash/fnv"
	"math/bits"
	"time"

	"cp3/pipeline"
)

// draw is a source of choices that are the same on every machine and with every
// version of Go: splitmix64, and nothing of math/rand whose methods may change.
//
// A draw is forked by name wherever the example has parts that must not disturb
// each other: one more row in a workbook leaves the spellings of all others as
// they were.
type draw struct{ state uint64 }

func newDraw(seed uint64) *draw { return &draw{seed} }

// fork is an independent draw, named.
func (d *draw) fork(name string) *draw {
	h := fnv.New64a()
	h.Write([]byte(name))
	f := &draw{d.state ^ h.Sum64()}
	f.next()
	return f
}

func (d *draw) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// n is a number from 0 to k-1.
func (d *draw) n(k int) int {
	hi, _ := bits.Mul64(d.next(), uint64(k))
	return int(hi)
}

// between is a number from lo to hi, ends included.
func (d *draw) between(lo, hi int) int { return lo + d.n(hi-lo+1) }

// chance is true in percent cases out of a hundred.
func (d *draw) chance(percent int) bool { return d.n(100) < percent }

// weighted is an index of weights, each as often as its weight says.
func (d *draw) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	k := d.n(sum)
	for i, w := range weights {
		if k < w {
			return i
		}
		k -= w
	}
	return len(weights) - 1
}

// workday is a Monday to Friday between two days, ends included; the first day
// after them when they hold none.
func (d *draw) workday(from, to pipeline.Date) pipeline.Date {
	days := int(to.Time().Sub(from.Time()).Hours()/24) + 1
	t := from.Time().AddDate(0, 0, d.n(max(days, 1)))
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
		if t.After(to.Time()) {
			t = from.Time()
			for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
				t = t.AddDate(0, 0, 1)
			}
			break
		}
	}
	return pipeline.DateOf(t)
}

// pick is one of list.
func pick[T any](d *draw, list []T) T { return list[d.n(len(list))] }

// shuffled is list in another order.
func shuffled[T any](d *draw, list []T) []T {
	s := append([]T(nil), list...)
	for i := len(s) - 1; i > 0; i-- {
		j := d.n(i + 1)
		s[i], s[j] = s[j], s[i]
	}
	return s
}

func day(year, month, d int) pipeline.Date { return pipeline.Date{Year: year, Month: month, Day: d} }

func addDays(d pipeline.Date, n int) pipeline.Date {
	return pipeline.DateOf(d.Time().AddDate(0, 0, n))
}
