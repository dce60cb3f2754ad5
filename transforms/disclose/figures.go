package disclose

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// all stands, in a cell's keys, for every value of a dimension together.
const all = "*"

// The dimensions every figure is broken down by.
const (
	year = iota
	quarter
	region
	sex
	other // one further dimension: "nationalite=CMR"; all for none
	dimensions
)

// keys place a figure in its series.
type keys [dimensions]string

// series is one thing counted, wherever it is printed: "the persons of 1.2". Its
// cells are whole numbers of persons.
type series struct {
	name  string
	cells map[keys]int64
	order []keys // of the cells, sorted; nil when some came since
}

// figures gathers what the public tables count, and makes a [Problem] of it.
type figures struct {
	series map[string]*series
	same   map[face]alias
	with   map[string]string
	below  []nesting // what can't exceed what
	nested []nesting // the same, of series that are decided apart
	from   []origin  // a series whose persons services count
	axes   []string  // values of the other dimension add up to all, axis by axis
	costs  map[cellOf]int64
}

// cellOf is a figure: a series and the keys in it.
type cellOf struct {
	series string
	keys   keys
}

func newFigures(axes ...string) *figures {
	return &figures{series: map[string]*series{}, same: map[face]alias{}, with: map[string]string{}, axes: axes, costs: map[cellOf]int64{}}
}

// count enters a figure and returns its place.
func (f *figures) count(name string, k keys, value int64) cellOf {
	s := f.series[name]
	if s == nil {
		s = &series{name: name, cells: map[keys]int64{}}
		f.series[name] = s
	}
	s.cells[k], s.order = value, nil
	return cellOf{name, k}
}

// printed says that hiding a figure hides one more published cell. A cell weighs
// twice as much for each dimension it sums up: the nation's year is what people
// look for, a region's quarter by sex is not.
func (f *figures) printed(c cellOf) {
	weight := int64(1)
	for d := range dimensions {
		if c.keys[d] == all {
			weight *= 2
		}
	}
	f.costs[c] += weight
}

// together: figures of series a are hidden with those of b, as a declared total is
// with the count it is compared to.
func (f *figures) together(a, b string) { f.with[a] = b }

// nesting says that the figures of a series can't exceed those of another, so many
// years later.
type nesting struct {
	part, whole string
	lag         int
}

// within: figures of series a can't exceed those of b with the same keys.
func (f *figures) within(a, b string) { f.below = append(f.below, nesting{a, b, 0}) }

func (f *figures) names() []string {
	names := make([]string, 0, len(f.series))
	for name := range f.series {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// before is the same keys some years earlier.
func (k keys) before(years int) keys {
	if years > 0 {
		if y, err := strconv.Atoi(k[year]); err == nil {
			k[year] = strconv.Itoa(y - years)
		}
	}
	return k
}

// identity names a quantity: the same figure with the same value in two editions is
// the same quantity.
func (c cellOf) identity(value int64) string {
	return c.series + "|" + strings.Join(c.keys[:], "|") + "@" + strconv.FormatInt(value, 10)
}

// system turns the figures of an edition into quantities and relations.
func (f *figures) system(threshold int64, held withheld, edition int) *system {
	p, at := &Problem{Threshold: threshold}, map[cellOf]int{}
	s := &system{Problem: p, made: choices{}, at: at}
	byIdentity := map[string]int{}
	for _, name := range f.names() {
		for _, k := range f.series[name].sorted() {
			c, value := cellOf{name, k}, f.series[name].cells[k]
			id, own, state := f.resolve(c).identity(value), c.identity(value), Free
			if held.has(c) {
				own = strconv.Itoa(edition) + retainedMark + own
				id, state = own, Withheld
			}
			i, known := byIdentity[id]
			if !known {
				i = len(p.Quantities)
				byIdentity[id] = i
				p.Quantities = append(p.Quantities, Quantity{Key: id, Value: value, Persons: true, State: state})
				s.printed = append(s.printed, nil)
			}
			p.Quantities[i].Cost += f.costs[c]
			s.printed[i] = append(s.printed[i], own)
			at[c] = i
		}
	}
	f.group(p, at)
	for _, name := range f.names() {
		f.totals(p, at, f.series[name])
		f.overlaps(p, at, f.series[name])
	}
	for _, n := range f.below {
		f.bounds(p, at, n)
	}
	for _, o := range f.from {
		f.origins(p, at, o)
	}
	p.Relations = distinct(p.Relations)
	return s
}

// sorted are the keys of the cells, in their order.
func (s *series) sorted() []keys {
	if s.order != nil {
		return s.order
	}
	list := make([]keys, 0, len(s.cells))
	for k := range s.cells {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b keys) int { return slices.Compare(a[:], b[:]) })
	s.order = list
	return list
}

// group ties the figures that are hidden together.
func (f *figures) group(p *Problem, at map[cellOf]int) {
	for _, a := range f.names() {
		b, tied := f.with[a]
		if !tied || f.series[b] == nil {
			continue
		}
		for _, k := range f.series[a].sorted() {
			i, j := at[cellOf{a, k}], -1
			if there, has := at[cellOf{b, k}]; has {
				j = there
			}
			if j < 0 || i == j {
				continue
			}
			tie(p, i, j)
		}
	}
}

// tie puts two quantities, and whatever they are tied to, in one group.
func tie(p *Problem, i, j int) {
	a, b := p.Quantities[i].Group, p.Quantities[j].Group
	switch {
	case a == "" && b == "":
		p.Quantities[i].Group, p.Quantities[j].Group = p.Quantities[j].Key, p.Quantities[j].Key
	case a == "":
		p.Quantities[i].Group = b
	case b == "":
		p.Quantities[j].Group = a
	case a != b:
		for q := range p.Quantities {
			if p.Quantities[q].Group == a {
				p.Quantities[q].Group = b
			}
		}
	}
}

// totals finds, along each dimension, what should add up.
func (f *figures) totals(p *Problem, at map[cellOf]int, s *series) {
	for d := range dimensions {
		if d == year {
			continue
		}
		parts := map[keys]map[string][]int{} // of each total, by axis
		var order []keys
		for _, k := range s.sorted() {
			if k[d] == all {
				continue
			}
			axis := ""
			if d == other {
				axis, _, _ = strings.Cut(k[d], "=")
			}
			total := k
			total[d] = all
			if _, has := s.cells[total]; !has {
				continue
			}
			if parts[total] == nil {
				parts[total] = map[string][]int{}
				order = append(order, total)
			}
			parts[total][axis] = append(parts[total][axis], at[cellOf{s.name, k}])
		}
		for _, total := range order {
			for _, axis := range append([]string{""}, f.axes...) {
				if of := parts[total][axis]; len(of) > 0 {
					p.sum(at[cellOf{s.name, total}], of)
				}
			}
		}
	}
}

// sum relates a total to its parts. Parts that add up are taken to add up by
// nature. Where they don't, since a person can be in two of them, or in one that
// isn't known, what everybody can see still bounds them, and the notes on a figure say
// that they don't.
func (p *Problem) sum(total int, parts []int) {
	terms, against := []Term{{total, -1}}, []Term{{total, 1}}
	for _, i := range parts {
		terms, against = append(terms, Term{i, 1}), append(against, Term{i, -1})
	}
	switch sum := p.amount(terms); {
	case sum == 0:
		p.Relations = append(p.Relations, Relation{Terms: terms})
		return
	case sum > 0:
		p.Relations = append(p.Relations, Relation{Terms: terms, AtLeast: true, Least: 1})
	default:
		p.Relations = append(p.Relations, Relation{Terms: against, AtLeast: true, Least: 1})
	}
	for _, i := range parts {
		p.atMost(i, total)
	}
}

// atMost relates a part to a whole it doesn't exceed.
func (p *Problem) atMost(part, whole int) {
	if part != whole {
		p.atLeast([]Term{{whole, 1}, {part, -1}}, 0)
	}
}

// bounds relates the cells of a series to those of one it is within.
func (f *figures) bounds(p *Problem, at map[cellOf]int, n nesting) {
	f.each(n, func(part, whole cellOf) { p.atMost(at[part], at[whole]) })
}

// each gives the cells of two series where one is within the other.
func (f *figures) each(n nesting, found func(part, whole cellOf)) {
	part, whole := f.series[n.part], f.series[n.whole]
	if part == nil || whole == nil {
		return
	}
	for _, k := range whole.sorted() {
		then := k.before(n.lag)
		if _, has := part.cells[then]; has {
			found(cellOf{n.part, then}, cellOf{n.whole, k})
		}
	}
}

// distinct drops relations that say nothing, or what another says, once quantities
// turned out to be the same.
func distinct(relations []Relation) []Relation {
	seen := map[string]bool{}
	var kept []Relation
	for _, r := range relations {
		r.Terms = gather(r.Terms)
		if len(r.Terms) == 0 {
			continue
		}
		var b strings.Builder
		if r.AtLeast {
			b.WriteString(">" + strconv.FormatInt(r.Least, 10) + " ")
		}
		for _, t := range r.Terms {
			b.WriteString(strconv.Itoa(t.Quantity) + ":" + strconv.FormatInt(t.Coef, 10) + " ")
		}
		if !seen[b.String()] {
			seen[b.String()] = true
			kept = append(kept, r)
		}
	}
	return kept
}

// gather adds up the terms of each quantity, in the order of their numbers.
func gather(terms []Term) []Term {
	terms = slices.Clone(terms)
	slices.SortStableFunc(terms, func(a, b Term) int { return cmp.Compare(a.Quantity, b.Quantity) })
	var out []Term
	for _, t := range terms {
		if n := len(out); n > 0 && out[n-1].Quantity == t.Quantity {
			out[n-1].Coef += t.Coef
		} else {
			out = append(out, t)
		}
	}
	return slices.DeleteFunc(out, func(t Term) bool { return t.Coef == 0 })
}
