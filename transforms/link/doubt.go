package link

import "slices"

// A doubt is a pattern of agreement that says less than the sum of its parts: the
// parts are not independent, and adding their weights would count one coincidence
// several times. A pair in doubt pays for it, in bits; other pairs of the same
// person may still carry it into a cluster, which a contradiction forbids.
type doubt struct {
	name  string // the evidence's aspect, link.evidence.<name> in the catalogue
	bits  int    // what it costs
	holds func(o *outcome) bool
}

// tied is how much, in bits, numbers and places must say for a name to be more
// than a namesake's.
const tied = 7

// doubts of a model:
//   - namesakes: birth dates have nothing in common, not even the year, and too
//     little else than names ties the two together. A name, a country and a sex go
//     together; the few persons whose birth date changes wholly have papers, or a
//     house;
//   - series: no date, number or address is the same, and either no name is, even
//     to the ear, or numbers are one slip apart under names that are not quite the
//     same. Papers issued on one day, telephones bought in a row, names typed for a
//     test (Nom1, Nom2) are one character apart without being each other's slips.
func (e *engine) doubts() []doubt {
	var all []doubt
	if dates := e.plan.dates(); len(dates) > 0 {
		ties := e.plan.ties()
		all = append(all, doubt{"namesakes", 8, func(o *outcome) bool {
			return slices.ContainsFunc(dates, func(k int) bool { return e.plan.worst(o, k) }) && ties(o) < tied
		}})
	}
	if series := e.plan.series(); series != nil {
		all = append(all, doubt{"series", 10, series})
	}
	return all
}

// dates are the comparisons of dates.
func (p *plan) dates() []int {
	var dates []int
	for k, c := range p.comparisons {
		if c.column >= 0 && p.fields[c.column].Kind == Date {
			dates = append(dates, k)
		}
	}
	return dates
}

// ties is what exact numbers, and places exact or nearly so, say.
func (p *plan) ties() func(o *outcome) float64 {
	best := make([]uint8, len(p.comparisons))
	for k, c := range p.comparisons {
		if c.column < 0 {
			continue
		}
		switch p.fields[c.column].Kind {
		case Identifier, Phone, Email, Category:
			best[k] = 1
		case Address, Locality, Postcode:
			best[k] = 2
		}
	}
	return func(o *outcome) float64 {
		sum := 0.0
		for k, level := range o.levels {
			if between(level, 1, best[k]) {
				sum += max(0, o.bits[k])
			}
		}
		return sum
	}
}

// series holds for a pair that may be neighbours in a series; nil when the spec has
// no numbers.
func (p *plan) series() func(o *outcome) bool {
	var names, numbers []int
	same := make([]uint8, len(p.comparisons)) // up to which level values are the same
	for k, c := range p.comparisons {
		if c.column < 0 || c.aspect != "" {
			continue
		}
		switch p.fields[c.column].Kind {
		case GivenName, FamilyName:
			names = append(names, k)
		case Address:
			same[k] = 2
		case Identifier, Phone:
			numbers = append(numbers, k)
			same[k] = 1
		case Date, Email:
			same[k] = 1
		}
	}
	if len(numbers) == 0 || len(names) == 0 {
		return nil
	}
	return func(o *outcome) bool {
		for k, level := range o.levels {
			if between(level, 1, same[k]) {
				return false
			}
		}
		named := func(k int) bool { return between(o.levels[k], 1, 2) }
		if !slices.ContainsFunc(names, named) {
			return true
		}
		slips := func(k int) bool { return between(o.levels[k], 2, uint8(len(p.comparisons[k].levels)-1)) }
		unlike := func(k int) bool { return o.levels[k] > 1 }
		return slices.ContainsFunc(numbers, slips) && slices.ContainsFunc(names, unlike)
	}
}
