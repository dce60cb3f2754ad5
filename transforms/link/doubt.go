package link

import (
	"fmt"
	"strings"
)

// A doubt is a pattern of agreement that says less than the sum of its parts: the
// parts are not independent, and adding their weights would count one coincidence
// several times. A pair in doubt pays for it, in bits; other pairs of the same
// person may still carry it into a cluster, which a contradiction forbids.
type doubt struct {
	name string // the evidence's aspect, link.evidence.<name> in the catalogue
	bits int    // what it costs
	sql  string // on the levels g<k> and bits b<k>
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
		worst := list(dates, func(_, k int) string { return e.plan.worst(k) }, " or ")
		all = append(all, doubt{"namesakes", 8, fmt.Sprintf("(%s) and %s < %d", worst, e.ties(), tied)})
	}
	if series := e.plan.series(); series != "" {
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

// ties is the SQL of what exact numbers, and places exact or nearly so, say.
func (e *engine) ties() string {
	sum := []string{"0"}
	for k, c := range e.plan.comparisons {
		if c.column < 0 {
			continue
		}
		best := 0
		switch e.fields[c.column].Kind {
		case Identifier, Phone, Email, Category:
			best = 1
		case Address, Locality, Postcode:
			best = 2
		}
		if best > 0 {
			sum = append(sum, fmt.Sprintf("case when g%d between 1 and %d then greatest(0, b%d) else 0 end", k, best, k))
		}
	}
	return "(" + strings.Join(sum, " + ") + ")"
}

// series is the SQL of a pair that may be neighbours in a series; "" when the spec
// has no numbers.
func (p *plan) series() string {
	var same, slips, names []string
	for k, c := range p.comparisons {
		if c.column < 0 || c.aspect != "" {
			continue
		}
		exact := fmt.Sprintf("g%d = 1", k)
		switch p.fields[c.column].Kind {
		case GivenName, FamilyName:
			names = append(names, fmt.Sprintf("g%d", k))
		case Address:
			same = append(same, fmt.Sprintf("g%d between 1 and 2", k))
		case Identifier, Phone:
			slips = append(slips, fmt.Sprintf("g%d between 2 and %d", k, len(c.levels)-1))
			same = append(same, exact)
		case Date, Email:
			same = append(same, exact)
		}
	}
	if len(slips) == 0 || len(names) == 0 {
		return ""
	}
	strange := "not (" + list(names, func(_ int, g string) string { return g + " between 1 and 2" }, " or ") + ")"
	alike := list(names, func(_ int, g string) string { return g + " <= 1" }, " and ")
	strange += " or (" + strings.Join(slips, " or ") + ") and not (" + alike + ")"
	return "not (" + strings.Join(same, " or ") + ") and (" + strange + ")"
}
