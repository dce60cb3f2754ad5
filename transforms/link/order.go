package link

import (
	"cmp"
	"slices"
	"strconv"

	"cp3/pipeline/parallel"
)

// places is where each record stands among all, in the orders that bring likely pairs
// of a block that is too large side by side: by name when the block is of one birth
// date, else by date.
type places struct{ byDate, byName []int32 }

func (r *records) places(p *plan) places {
	var dates, names [][]int32 // by field, by record
	var sounds [][]int32
	for i, f := range p.fields {
		switch f.Kind {
		case GivenName, FamilyName:
			sounds = append(sounds, r.ranks(i, func(f *form) string { return f.name.sound }))
		case Date:
			dates = append(dates, r.ranks(i, dateText))
		}
	}
	names = sounds
	if len(sounds) == 2 { // as in keys: whichever is written first
		names = [][]int32{make([]int32, r.n), make([]int32, r.n)}
		for n := range r.n {
			names[0][n], names[1][n] = min(sounds[0][n], sounds[1][n]), max(sounds[0][n], sounds[1][n])
		}
	}
	var all places
	parallel.Each(2, func(i int) {
		if i == 0 {
			all.byDate = r.sorted(append(slices.Clone(dates), names...))
		} else {
			all.byName = r.sorted(append(slices.Clone(names), dates...))
		}
	})
	return all
}

func dateText(f *form) string {
	if f.text != "" {
		return f.text
	}
	return strconv.Itoa(int(f.also))
}

// ranks are the places of a field's texts among the texts of all that hold the like:
// names of either kind are in one order.
func (r *records) ranks(field int, text func(f *form) string) []int32 {
	pool := r.pools[field]
	texts := make([]string, len(pool.forms))
	order := make([]int32, len(pool.forms))
	for i := range pool.forms {
		texts[i], order[i] = text(&pool.forms[i]), int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(texts[a], texts[b]) })
	rank := make([]int32, len(order))
	at := int32(0)
	for i, f := range order {
		if i > 0 && texts[f] != texts[order[i-1]] {
			at++
		}
		rank[f] = at
	}
	of := make([]int32, r.n)
	for n := range of {
		of[n] = -1
		if f := r.row(int32(n))[field]; f >= 0 {
			of[n] = rank[f]
		}
	}
	return of
}

// sorted is each record's place by some ranks, and then by its number: counted off by
// the last rank first, each time in the order found.
func (r *records) sorted(by [][]int32) []int32 {
	order, counted := make([]int32, r.n), make([]int32, r.n)
	for n := range order {
		order[n] = int32(n)
	}
	for _, rank := range slices.Backward(by) {
		starts := make([]int32, 1, 1<<10) // of each rank, from -1
		for _, k := range rank {
			for len(starts) < int(k)+3 {
				starts = append(starts, 0)
			}
			starts[k+2]++
		}
		for k := 1; k < len(starts); k++ {
			starts[k] += starts[k-1]
		}
		for _, n := range order {
			at := &starts[rank[n]+1]
			counted[*at] = n
			*at++
		}
		order, counted = counted, order
	}
	place := make([]int32, r.n)
	for i, n := range order {
		place[n] = int32(i)
	}
	return place
}
