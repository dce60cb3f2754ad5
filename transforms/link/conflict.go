package link

import (
	"fmt"
	"slices"
	"strings"
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

// namesakes is what it costs a pair, in bits, that birth dates have nothing in
// common, not even the year, and that no number, e-mail or address ties the two
// together. Independence makes too much of a name, a country and a town that all
// go together; the few persons whose birth date changes wholly have papers.
const namesakes = 8

// namesake is the SQL of a pair that pays it.
func (p *plan) namesake() string {
	rules := []string{"false"}
	for k, c := range p.comparisons {
		if c.column >= 0 && p.fields[c.column].Kind == Date {
			rules = append(rules, p.worst(k))
		}
	}
	return "((" + strings.Join(rules, " or ") + ") and not (" + p.anchored() + "))"
}

// anchored holds for pairs that a number, an e-mail or an address ties together.
func (p *plan) anchored() string {
	ties := []string{"false"}
	for k, c := range p.comparisons {
		if c.column < 0 {
			continue
		}
		switch p.fields[c.column].Kind {
		case Identifier, Phone, Email, Address:
			ties = append(ties, fmt.Sprintf("g%d between 1 and %d", k, len(c.levels)-1))
		}
	}
	return strings.Join(ties, " or ")
}

// sameNameAndDay holds for pairs whose names sound the same and whose full birth
// dates are equal.
func (p *plan) sameNameAndDay() string {
	given, family, date := p.comparisonOf(GivenName), p.comparisonOf(FamilyName), p.comparisonOf(Date)
	if given < 0 || family < 0 || date < 0 {
		return "false"
	}
	return fmt.Sprintf("(g%d in (1, 2) and g%d in (1, 2) and g%d = 1)", given, family, date)
}

// comparisonOf is the first comparison of a kind; -1 when there is none.
func (p *plan) comparisonOf(kind Kind) int {
	return slices.IndexFunc(p.comparisons, func(c comparison) bool { return c.column >= 0 && p.fields[c.column].Kind == kind })
}
