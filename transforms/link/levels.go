package link

import (
	"fmt"
	"strings"
)

// plan is every comparison of a spec, with the query that carries them out.
type plan struct {
	fields        []field
	comparisons   []comparison
	given, family int // fields that may be written in each other's place; -1: no such pair
	typical       map[string]float64
}

// nameOrder is the comparison that says whether the given and family names were
// compared straight or crossed. Crossing is a choice made to the pair's advantage,
// so its weight is only what it costs: how seldom one person's names are crossed.
var nameOrder = comparison{column: -1, aspect: "order", place: personal, freedom: 200, needs: "o is not null", levels: []level{
	{"straight", "o = 0", 0.98, 1, 1, flat, ""},
	{"crossed", "", 0.02, 1, 1, flat, ""}}}

func newPlan(fields []field) *plan {
	p := &plan{fields: fields, given: firstOf(fields, GivenName), family: firstOf(fields, FamilyName)}
	for i, f := range fields {
		p.comparisons = append(p.comparisons, comparisons(f.Kind, i)...)
	}
	if p.given < 0 || p.family < 0 {
		p.given, p.family = -1, -1
	} else {
		p.comparisons = append(p.comparisons, nameOrder)
	}
	return p
}

// side rewrites L.x and R.x as the columns l3x and r3x of field 3.
func side(sql string, field int) string {
	return strings.NewReplacer("L.", fmt.Sprintf("l%d", field), "R.", fmt.Sprintf("r%d", field)).Replace(sql)
}

// query gives, for the pairs (a, b) that pairs selects, the level g<k> of each
// comparison and its frequency adjustment t<k> in bits.
func (p *plan) query(pairs string) string {
	steps := []string{"p as (" + pairs + ")", "j as (" + p.join() + ")"}
	from := "j"
	if p.given >= 0 {
		steps = append(steps, "o as (select *, "+p.crossed()+" as o from j)", "x as ("+p.cross()+")")
		from = "x"
	}
	var measured, level, shift []string
	for k, c := range p.comparisons {
		for _, m := range c.measures {
			measured = append(measured, fmt.Sprintf("%s as m%d%s", side(m.sql, c.column), k, m.name))
		}
		level = append(level, p.level(k, c))
		shift = append(shift, fmt.Sprintf("g%d::utinyint as g%d, %s as t%d", k, k, p.shift(k, c), k))
	}
	steps = append(steps, "y as (select *, "+strings.Join(append(measured, "0 as m"), ", ")+" from "+from+")")
	from = "y"
	steps = append(steps, "g as (select *, "+strings.Join(level, ",\n  ")+" from "+from+")")
	return "with " + strings.Join(steps, ",\n") + "\nselect a, b, " + strings.Join(shift, ", ") + " from g"
}

// join brings both records' features beside each pair.
func (p *plan) join() string {
	columns := []string{"p.a", "p.b"}
	for i, f := range p.fields {
		for _, name := range p.featureNames(f) {
			columns = append(columns, fmt.Sprintf("l.%[1]s%[2]s as l%[3]d%[2]s, r.%[1]s%[2]s as r%[3]d%[2]s", prefix(i), name, i))
		}
		for _, ft := range features(f.Kind) {
			if ft.frequency {
				columns = append(columns, fmt.Sprintf("l.q%[1]s%[2]s as l%[3]dq%[2]s, r.q%[1]s%[2]s as r%[3]dq%[2]s", prefix(i), ft.name, i))
			}
		}
	}
	return "select " + strings.Join(columns, ", ") + " from p join link_record l on l.n = p.a join link_record r on r.n = p.b"
}

func (p *plan) featureNames(f field) []string {
	var names []string
	for _, ft := range features(f.Kind) {
		names = append(names, ft.name)
	}
	if f.Within != "" {
		names = append(names, "in")
	}
	return names
}

// crossed is 1 when one record's given name is the other's family name and the
// remaining two fit crossed, or nothing fits straight; 0 when not; null when there
// are not names enough to say.
func (p *plan) crossed() string {
	fits := func(a, b string) string {
		return strings.NewReplacer("A", a, "B", b).Replace(`case when As is null or Bs is null then 1
			when jaro_winkler_similarity(As, Bs) >= 0.85 or contains(Aw, Bs) or contains(Bw, As) then 1
			when coalesce(jaro_winkler_similarity(lgs, rgs), 0) < 0.8 and coalesce(jaro_winkler_similarity(lfs, rfs), 0) < 0.8 then 1
			else 0 end`)
	}
	return strings.NewReplacer("lg", fmt.Sprintf("l%d", p.given), "rg", fmt.Sprintf("r%d", p.given),
		"lf", fmt.Sprintf("l%d", p.family), "rf", fmt.Sprintf("r%d", p.family)).Replace(`case
		when (lgx is null and lfx is null) or (rgx is null and rfx is null) then null
		when lgs = rgs or lfs = rfs then 0
		when lgs = rfs and lfs = rgs then 1
		when lgs = rfs then ` + fits("lf", "rg") + `
		when lfs = rgs then ` + fits("lg", "rf") + `
		else 0 end`)
}

// cross exchanges the second record's names where they were crossed.
func (p *plan) cross() string {
	var replaced []string
	exchange := func(to, from int, name string) {
		replaced = append(replaced, fmt.Sprintf("case when o = 1 then r%d%s else r%d%s end as r%d%s", from, name, to, name, to, name))
	}
	for _, ft := range nameFeatures {
		names := []string{ft.name}
		if ft.frequency {
			names = append(names, "q"+ft.name)
		}
		for _, name := range names {
			exchange(p.given, p.family, name)
			exchange(p.family, p.given, name)
		}
	}
	return "select * replace (" + strings.Join(replaced, ", ") + ") from o"
}

// level is the CASE that places a pair on comparison k's levels: 1 for the best.
func (p *plan) level(k int, c comparison) string {
	needs := c.needs
	if c.column >= 0 && p.fields[c.column].Within != "" {
		needs += " and (" + p.within(c) + ")"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "case when (%s) is not true then 0", needs)
	for i, l := range c.levels {
		if l.when == "" {
			fmt.Fprintf(&b, " else %d end as g%d", i+1, k)
		} else {
			fmt.Fprintf(&b, " when %s then %d", l.when, i+1)
		}
	}
	return strings.ReplaceAll(side(b.String(), c.column), "M.", fmt.Sprintf("m%d", k))
}

// within: a number of another series says nothing, except that a document's number
// found again under another type is the document with its type mistaken.
func (p *plan) within(c comparison) string {
	if p.fields[c.column].Exclusive {
		return "L.in = R.in or L.x = R.x and length(L.x) >= 6"
	}
	return "L.in = R.in"
}

// shift is the frequency adjustment of comparison k's level: how many bits rarer
// than usual the agreed value is, of the two the more frequent.
func (p *plan) shift(k int, c comparison) string {
	var b strings.Builder
	for i, l := range c.levels {
		if l.adjust == flat {
			continue
		}
		rarity := fmt.Sprintf("(least(L.q%[1]s, R.q%[1]s) + log2(%[2]g))", l.by, p.typical[prefix(c.column)+l.by])
		if l.adjust == partial {
			rarity = "greatest(least(" + rarity + " / 2, 3), -3)"
		}
		fmt.Fprintf(&b, " when %d then %s", i+1, rarity)
	}
	if b.Len() == 0 {
		return "0.0::double"
	}
	return side(fmt.Sprintf("(case g%d%s else 0 end)::double", k, b.String()), c.column)
}
