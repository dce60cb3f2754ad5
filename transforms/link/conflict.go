package link

import (
	"fmt"
	"slices"
)

// conflict is a contradiction that no amount of agreement elsewhere outweighs: such
// a pair is never joined, whatever its weight. A human may still say otherwise.
type conflict struct {
	reason string // link.conflict.<reason> in the catalogue
	column string // what contradicts, when the reason doesn't say it
	sql    string // on the levels g<k>
}

// conflicts of a plan:
//   - another given name and another sex;
//   - two valid numbers of a type that a person has one of, unless names and full
//     birth dates say that the paper was renewed.
func (p *plan) conflicts() []conflict {
	var found []conflict
	given, sex := p.comparisonOf(GivenName), p.comparisonOf(Sex)
	if given >= 0 && sex >= 0 {
		found = append(found, conflict{reason: "given_sex", sql: p.worst(given) + " and " + p.worst(sex)})
	}
	for k, c := range p.comparisons {
		if c.column >= 0 && p.fields[c.column].Exclusive {
			found = append(found, conflict{"number", p.fields[c.column].Name, p.worst(k) + " and not (" + p.sameNameAndDay() + ")"})
		}
	}
	return found
}

// anyConflict is the SQL of a pair in conflict.
func (p *plan) anyConflict() string {
	return "(" + list(append(p.conflicts(), conflict{sql: "false"}), func(_ int, c conflict) string { return "(" + c.sql + ")" }, " or ") + ")"
}

// worst holds for pairs at the last level of comparison k.
func (p *plan) worst(k int) string {
	return fmt.Sprintf("g%d = %d", k, len(p.comparisons[k].levels))
}

// sameNameAndDay holds for pairs whose names sound the same and whose full birth
// dates are equal.
func (p *plan) sameNameAndDay() string {
	given, family, date := p.comparisonOf(GivenName), p.comparisonOf(FamilyName), p.comparisonOf(Date)
	if given < 0 || family < 0 || date < 0 {
		return "false"
	}
	return fmt.Sprintf("(g%d between 1 and 2 and g%d between 1 and 2 and g%d = 1)", given, family, date)
}

// comparisonOf is the first comparison of a kind; -1 when there is none.
func (p *plan) comparisonOf(kind Kind) int {
	return slices.IndexFunc(p.comparisons, func(c comparison) bool { return c.column >= 0 && p.fields[c.column].Kind == kind })
}
