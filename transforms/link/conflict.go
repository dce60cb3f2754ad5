package link

import "slices"

// conflict is a contradiction that no amount of agreement elsewhere outweighs: such
// a pair is never joined, whatever its weight. A human may still say otherwise.
type conflict struct {
	reason string // link.conflict.<reason> in the catalogue
	column string // what contradicts, when the reason doesn't say it
	holds  func(o *outcome) bool
}

// conflicts of a plan:
//   - another given name and another sex;
//   - two valid numbers of a type that a person has one of, unless names and full
//     birth dates say that the paper was renewed.
func (p *plan) conflicts() []conflict {
	var found []conflict
	given, sex := p.comparisonOf(GivenName), p.comparisonOf(Sex)
	if given >= 0 && sex >= 0 {
		found = append(found, conflict{reason: "given_sex", holds: func(o *outcome) bool { return p.worst(o, given) && p.worst(o, sex) }})
	}
	for k, c := range p.comparisons {
		if c.column >= 0 && p.fields[c.column].Exclusive {
			found = append(found, conflict{"number", p.fields[c.column].Name, func(o *outcome) bool { return p.worst(o, k) && !p.sameNameAndDay(o) }})
		}
	}
	return found
}

// worst holds for pairs at the last level of comparison k.
func (p *plan) worst(o *outcome, k int) bool { return int(o.levels[k]) == len(p.comparisons[k].levels) }

// sameNameAndDay holds for pairs whose names sound the same and whose full birth
// dates are equal.
func (p *plan) sameNameAndDay(o *outcome) bool {
	given, family, date := p.comparisonOf(GivenName), p.comparisonOf(FamilyName), p.comparisonOf(Date)
	if given < 0 || family < 0 || date < 0 {
		return false
	}
	return between(o.levels[given], 1, 2) && between(o.levels[family], 1, 2) && o.levels[date] == 1
}

func between(level, first, last uint8) bool { return first <= level && level <= last }

// comparisonOf is the first comparison of a kind; -1 when there is none.
func (p *plan) comparisonOf(kind Kind) int {
	return slices.IndexFunc(p.comparisons, func(c comparison) bool { return c.column >= 0 && p.fields[c.column].Kind == kind })
}
