package disclose

import (
	"slices"
	"strings"
)

// Whoever reads the catalogue knows whose persons an indicator counts: those who
// received one of some services, all of them or some. So the persons one rate divides
// by are among another indicator's, and an indicator's are among those the table of
// activities counts. A small figure within one that is little larger is known nearly
// as well as if it were shown.

// basis is whose persons a series counts.
type basis struct {
	services []string // none: the catalogue doesn't say
	some     bool     // not all their persons: further conditions apply
	before   int      // received that many years before
}

// someOf begins a basis of which only some persons are counted.
const someOf = "parmi "

// yearBefore ends one whose services were received the year before.
const yearBefore = " (année précédente)"

// basisOf reads what the catalogue says: "ACC_EMPLOI, ACC_AUTOEMPLOI", "parmi
// CONTRAT_AIDE" or "FP_INSCRIPTION (année précédente)".
func basisOf(text string) (b basis) {
	text, b.some = strings.CutPrefix(text, someOf)
	text, earlier := strings.CutSuffix(text, yearBefore)
	if earlier {
		b.before = 1
	}
	for s := range strings.SplitSeq(text, ",") {
		if s = strings.TrimSpace(s); s != "" {
			b.services = append(b.services, s)
		}
	}
	return b
}

// among reports whether the persons of b are, wherever and whenever they are counted,
// among those of whole, so many years later.
func (b basis) among(whole basis) bool {
	return len(b.services) > 0 && !whole.some && b.before <= whole.before &&
		!slices.ContainsFunc(b.services, func(s string) bool { return !slices.Contains(whole.services, s) })
}

// nest relates the series by whose persons they count.
func (r *rules) nest() {
	bases := map[string]basis{}
	for code, is := range r.measures {
		bases[numerator(code)], bases[denominator(code)] = is.numerator, is.denominator
	}
	names := r.names()
	for _, part := range names {
		b := bases[part]
		if service, is := strings.CutPrefix(part, activityMark); is { // persons served first, in a quarter or a region
			b = basis{services: []string{service}}
		} else if len(b.services) > 0 && !b.some {
			r.from = append(r.from, origin{part, b})
		}
		for _, whole := range names {
			if part != whole && b.among(bases[whole]) {
				r.nested = append(r.nested, nesting{part, whole, bases[whole].before - b.before})
			}
		}
	}
}

// origin says that a series counts whoever one of some services does, and the table of
// activities counts everybody once a service and a year.
type origin struct {
	series string
	basis
}

// origins bounds a series by the services its persons received: who is counted in a
// quarter was first served in it or before, or in a quarter nobody knows.
func (f *figures) origins(p *Problem, at map[cellOf]int, o origin) {
	s := f.series[o.series]
	if s == nil {
		return
	}
	for _, k := range s.sorted() {
		if k[region] != all || k[other] != all {
			continue
		}
		var terms []Term
		then := k.before(o.before)
		if o.before > 0 { // a cohort is whole in every quarter
			then[quarter] = all
		}
		for _, service := range o.services {
			served := f.series[activity(service)]
			if served == nil {
				continue
			}
			for _, first := range served.sorted() {
				if first.firstFor(then) {
					terms = append(terms, Term{at[cellOf{served.name, first}], 1})
				}
			}
		}
		p.atLeast(append(terms, Term{at[cellOf{o.series, k}], -1}), 0)
	}
}

// firstFor reports whether persons of the nation first served at k may be counted at
// later: the whole year, or a quarter of it.
func (k keys) firstFor(later keys) bool {
	if k[year] != later[year] || k[sex] != later[sex] || k[region] != all || k[other] != all {
		return false
	}
	if later[quarter] == all || k[quarter] == all {
		return later[quarter] == k[quarter]
	}
	return k[quarter] <= later[quarter] || k[quarter] == unknown
}

// overlaps: persons counted in two regions in one quarter are so in the year. What the
// regions of a quarter have in excess of its nation, then, is no more than what those
// of the year have; the same the other way round.
func (f *figures) overlaps(p *Problem, at map[cellOf]int, s *series) {
	for _, d := range []int{quarter, region} {
		across := quarter + region - d
		excess := map[keys][]Term{} // of each total along d: parts less total
		for _, k := range s.sorted() {
			if k[d] == all || k[other] != all {
				continue
			}
			total := k
			total[d] = all
			if i, has := at[cellOf{s.name, total}]; has {
				if excess[total] == nil {
					excess[total] = []Term{{i, -1}}
				}
				excess[total] = append(excess[total], Term{at[cellOf{s.name, k}], 1})
			}
		}
		for _, k := range s.sorted() {
			whole := k
			whole[across] = all
			if k[across] == all || excess[k] == nil || excess[whole] == nil || p.amount(excess[whole]) == 0 {
				continue // nothing in excess, as the totals say
			}
			terms := slices.Clone(excess[whole])
			for _, t := range excess[k] {
				terms = append(terms, Term{t.Quantity, -t.Coef})
			}
			p.atLeast(terms, 0)
		}
	}
}

// amount is what terms add up to.
func (p *Problem) amount(terms []Term) (sum int64) {
	for _, t := range terms {
		sum += t.Coef * p.Quantities[t.Quantity].Value
	}
	return sum
}

// atLeast relates quantities that nobody doubts to add up to least or more; where
// something unknown makes them not to, nobody can rely on it.
func (p *Problem) atLeast(terms []Term, least int64) {
	if p.amount(terms) >= least {
		p.Relations = append(p.Relations, Relation{Terms: terms, AtLeast: true, Least: least})
	}
}
