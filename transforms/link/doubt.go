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
	sql  string // on the levels g<k> and shifts t<k>
}

// tied is how much, in bits, numbers and places must say for a name to be more
// than a namesake's.
const tied = 7

// doubts of a model:
//   - namesakes: birth dates have nothing in common, not even the year, and too
//     little else than names ties the two together. A name, a country and a sex go
//     together; the few persons whose birth date changes wholly have papers, or a
//     house;
//   - series: names, dates, numbers and addresses resemble and none is the same.
//     Papers issued on one day, telephones bought in a row, names typed for a test
//     (Nom1, Nom2) are one character apart without being each other's slips.
func (e *engine) doubts() []doubt {
	var all []doubt
	if dates := e.plan.dates(); len(dates) > 0 {
		worst := list(dates, func(_, k int) string { return e.plan.worst(k) }, " or ")
		all = append(all, doubt{"namesakes", 8, fmt.Sprintf("(%s) and %s < %d", worst, e.ties(), tied)})
	}
	if same := e.plan.same(); same != "" {
		all = append(all, doubt{"series", 10, "not (" + same + ")"})
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
	t := e.model.tables()
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
			sum = append(sum, fmt.Sprintf("case when g%d between 1 and %d then greatest(0, %s) else 0 end", k, best, lookup(k, t.match[k], true)))
		}
	}
	return "(" + strings.Join(sum, " + ") + ")"
}

// same is the SQL of a pair that has something to tell persons apart by in common,
// to the letter or to the ear; "" when the spec has too little of it to ask.
func (p *plan) same() string {
	var any []string
	telling := 0
	for k, c := range p.comparisons {
		if c.column < 0 {
			continue
		}
		best := 1
		switch p.fields[c.column].Kind {
		case GivenName, FamilyName:
			best = 2
		case Address:
			best = 2
			telling++
		case Date, Identifier, Phone, Email:
			telling++
		default:
			continue
		}
		any = append(any, fmt.Sprintf("g%d between 1 and %d", k, best))
	}
	if telling == 0 {
		return ""
	}
	return strings.Join(any, " or ")
}
