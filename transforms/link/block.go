package link

import (
	"context"
	"fmt"
	"strings"
)

// Comparing every record with every other is out of reach, so only pairs that
// share one of several narrow keys are compared. A person missed by one key is
// caught by another; each key is capped, so that a common value costs no more
// than a rare one.

// rule is one blocking rule: records with equal keys are compared.
type rule struct {
	keys   []string // SQL texts on link_record, all needed
	words  string   // SQL list: the record has one key for each of its elements; "" when not
	fields []int    // what agreement on the key says something about
	atoms  []atom
	order  string // SQL: how an oversized block is sorted
}

// atom is a part of a key.
type atom struct {
	sql    string
	fields []int
	list   bool
	part   string // "" for the whole of the field
}

// atoms are the parts of keys a spec allows.
type atoms struct {
	ids, phones, emails             []atom
	idParts, phoneParts             []atom
	words, names, bones             []atom
	days, years, months, daysOfYear []atom
	places, addresses, categories   []atom
}

func (p *plan) atoms() atoms {
	var a atoms
	var words []string
	var nameFields []int
	for i, f := range p.fields {
		x := prefix(i) + "x"
		own := func(sql string, part ...string) atom {
			return atom{sql: sql, fields: []int{i}, part: strings.Join(part, "")}
		}
		within := ""
		if f.Within != "" {
			within = " || '|' || coalesce(" + prefix(i) + "in, '')"
		}
		switch f.Kind {
		case Identifier:
			a.ids = append(a.ids, own(x+within))
			a.idParts = append(a.idParts, own("'<' || "+x+"[:(length("+x+") + 1) // 2]", "half"), own("'>' || "+x+"[(length("+x+") + 3) // 2:]", "half"))
		case Phone:
			a.phones = append(a.phones, own(x))
			a.phoneParts = append(a.phoneParts, own("'<' || "+x+"[:5]", "half"), own("'>' || "+x+"[6:]", "half"))
		case Email:
			a.emails = append(a.emails, own(x), own(prefix(i)+"l", "account"))
		case Date:
			a.days = append(a.days, own(x))
			a.years = append(a.years, own(prefix(i)+"y::varchar", "year"))
			a.months = append(a.months, own(x+"[:6]", "month"))
			a.daysOfYear = append(a.daysOfYear, own(x+"[5:]", "anniversary"))
		case Postcode, Locality:
			a.places = append(a.places, own(x))
		case Address:
			a.addresses = append(a.addresses, own(x))
		case Category:
			a.categories = append(a.categories, own(x))
		case GivenName, FamilyName:
			words = append(words, prefix(i)+"w")
			nameFields = append(nameFields, i)
		}
	}
	if len(words) > 0 {
		a.words = []atom{{sql: "list_filter(string_split(concat_ws(' ', " + strings.Join(words, ", ") + "), ' '), lambda w: length(w) >= 2)", fields: nameFields, list: true, part: "word"}}
	}
	if p.given >= 0 {
		both := []int{p.given, p.family}
		sorted := func(f string) string {
			g, h := prefix(p.given)+f, prefix(p.family)+f
			return fmt.Sprintf("case when %[1]s is not null and %[2]s is not null then least(%[1]s, %[2]s) || '|' || greatest(%[1]s, %[2]s) end", g, h)
		}
		a.names = []atom{{sql: sorted("s"), fields: both, part: "sound"}}
		a.bones = []atom{{sql: sorted("k"), fields: both, part: "consonants"}}
	}
	return a
}

// mostRules bounds the rules of a spec: twenty numbers and ten dates would make five
// hundred, and the last ones tell least.
const mostRules = 100

// rules lists the blocking rules, the most telling first.
func (p *plan) rules() []rule {
	a := p.atoms()
	var rules []rule
	cross := func(groups ...[]atom) {
		combine(groups, nil, func(parts []atom) { rules = append(rules, p.newRule(parts)) })
	}
	cross(a.ids)
	cross(a.emails)
	cross(a.phones)
	cross(a.days, a.words)
	cross(a.names, a.years)
	cross(a.names, a.places)
	cross(a.days, a.places)
	cross(a.daysOfYear, a.words)
	cross(a.words, a.addresses)
	cross(a.bones, a.years)
	cross(a.idParts, a.words)
	cross(a.phoneParts, a.words)
	cross(a.idParts, a.years)
	cross(a.months, a.words)
	cross(a.addresses, a.places)
	cross(a.names)
	cross(a.days)
	cross(a.bones)
	cross(a.addresses)
	cross(a.places, a.categories)
	cross(a.words, a.years)
	cross(a.words, a.places)
	if len(rules) == 0 {
		cross(a.places)
		cross(a.categories)
	}
	return rules[:min(len(rules), mostRules)]
}

func combine(groups [][]atom, chosen []atom, emit func([]atom)) {
	if len(groups) == 0 {
		emit(chosen)
		return
	}
	for _, a := range groups[0] {
		combine(groups[1:], append(chosen[:len(chosen):len(chosen)], a), emit)
	}
}

func (p *plan) newRule(parts []atom) rule {
	var r rule
	dated := false
	for _, a := range parts {
		r.fields = append(r.fields, a.fields...)
		r.atoms = append(r.atoms, a)
		if a.list {
			r.words = a.sql
		} else {
			r.keys = append(r.keys, a.sql)
		}
		for _, f := range a.fields {
			dated = dated || p.fields[f].Kind == Date
		}
	}
	r.order = p.sortKey(dated)
	return r
}

// sortKey brings likely pairs of an oversized block side by side: by name when the
// block is of one date, else by date.
func (p *plan) sortKey(dated bool) string {
	var names, dates []string
	for i, f := range p.fields {
		switch f.Kind {
		case GivenName, FamilyName:
			names = append(names, "coalesce("+prefix(i)+"s, '')")
		case Date:
			dates = append(dates, "coalesce("+prefix(i)+"x, "+prefix(i)+"y::varchar, '')")
		}
	}
	if len(names) == 2 { // as in the key: whichever is written first
		names = []string{fmt.Sprintf("least(%s, %s)", names[0], names[1]), fmt.Sprintf("greatest(%s, %s)", names[0], names[1])}
	}
	keys := append(dates, names...)
	if dated {
		keys = append(names, dates...)
	}
	return strings.Join(append(keys, "n"), ", ")
}

// keysSQL selects (n, key) for a rule, of records from one on.
func (r rule) keysSQL(first int) string {
	columns := []string{"n"}
	var parts, present []string
	for i, k := range r.keys {
		columns = append(columns, fmt.Sprintf("%s as k%d", k, i))
		parts = append(parts, fmt.Sprintf("k%d", i))
		present = append(present, fmt.Sprintf("k%d is not null", i))
	}
	if r.words != "" {
		columns = append(columns, "unnest("+r.words+") as w")
		parts = append(parts, "w")
		present = append(present, "w is not null")
	}
	return fmt.Sprintf("select distinct n, hash(%s) as key from (select %s from link_record where n >= %d) where %s",
		strings.Join(parts, " || chr(1) || "), strings.Join(columns, ", "), first, strings.Join(present, " and "))
}

// budget bounds the pairs compared: so many a record, and never fewer than a small
// data set can afford.
func (e *engine) budget() (pairs, window int) {
	return max(2_000_000, e.n*perRecord), min(max(3_000_000/max(e.n, 1), 8), widest)
}

// widest is the widest window: what small data sets can afford. A variable for
// tests, whose blocks would all be small.
var widest = 120

// perRecord is how many pairs a record may cost on large data.
const perRecord = 20

// block fills link_candidate (rule, a, b), a < b, rule by rule, until the budget is
// spent.
func (e *engine) block(ctx context.Context) error {
	if err := e.exec(ctx, "create or replace temp table link_candidate (rule utinyint, a integer, b integer)"); err != nil {
		return err
	}
	if err := e.createKeys(ctx); err != nil {
		return err
	}
	left, window := e.budget()
	for i, r := range e.plan.rules() {
		size, err := e.gather(ctx, r, window)
		if err != nil {
			return fmt.Errorf("block: %w", err)
		}
		if size > left {
			continue // too wide for so many records; others are narrower
		}
		n, err := e.pairUp(ctx, i, r, window)
		if err != nil {
			return fmt.Errorf("block: %w", err)
		}
		if err := e.keepKeys(ctx, i); err != nil {
			return fmt.Errorf("block: %w", err)
		}
		e.blocked = append(e.blocked, blocking{rule: r, number: i, pairs: n})
		left -= n
	}
	return nil
}

// gather makes a rule's keys and blocks, and returns how many pairs they hold.
func (e *engine) gather(ctx context.Context, r rule, window int) (int, error) {
	for _, sql := range []string{
		"create or replace temp table link_key as " + r.keysSQL(0),
		fmt.Sprintf("create or replace temp table link_block as select key, count(*) as size, size > %d as large from link_key group by key having size > 1", window+1),
	} {
		if err := e.exec(ctx, sql); err != nil {
			return 0, err
		}
	}
	var pairs int
	err := e.conn.QueryRowContext(ctx, fmt.Sprintf("select coalesce(sum(case when large then size * %d else size * (size - 1) // 2 end), 0)::bigint from link_block", window)).Scan(&pairs)
	return pairs, err
}

// pairUp adds one rule's pairs: all those of a block that isn't larger than the
// window, and in a larger one each record's next neighbours in the block's order.
func (e *engine) pairUp(ctx context.Context, number int, r rule, window int) (int, error) {
	res, err := e.db.ExecContext(ctx, fmt.Sprintf(`insert into link_candidate
		with small as (select n, key from link_key semi join (from link_block where not large) s using (key)),
		sorted as (
			select key, n, row_number() over (partition by key order by %[2]s) - 1 as pos
			from (select k.key, r.* from link_key k semi join (from link_block where large) b using (key) join link_record r using (n))),
		cut as (select *, pos // %[3]d as part from sorted),
		pairs as (
			select l.n as a, r.n as b from small l join small r on l.key = r.key and l.n < r.n
			union all
			select least(l.n, r.n), greatest(l.n, r.n) from cut l join cut r on l.key = r.key and l.part = r.part and l.pos < r.pos
			union all
			select least(l.n, r.n), greatest(l.n, r.n) from cut l join cut r on l.key = r.key and l.part + 1 = r.part and r.pos - l.pos <= %[3]d)
		select distinct %[1]d, a, b from pairs`, number, r.order, window))
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// blocking is a rule that was carried out, and the pairs it gave.
type blocking struct {
	rule
	number, pairs int
}
