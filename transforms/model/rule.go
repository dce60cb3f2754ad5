package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// rule is a simple claim of a header about its columns; each has one key.
type rule struct {
	NotNull  []string  `yaml:"not_null"`
	Accepted *accepted `yaml:"accepted"`
	Refers   *refers   `yaml:"refers"`
}

// accepted lists the values a column may have, beside NULL.
type accepted struct {
	Column string   `yaml:"column"`
	Values []string `yaml:"values"`
}

// refers says that a column's values, NULL aside, exist in another table's.
type refers struct {
	Column string `yaml:"column"`
	To     string `yaml:"to"` // "table.column"
}

// lint asks that a rule say exactly one thing.
func (r rule) lint() error {
	n := 0
	for _, said := range []bool{len(r.NotNull) > 0, r.Accepted != nil, r.Refers != nil} {
		if said {
			n++
		}
	}
	switch {
	case n != 1:
		return errors.New("header: a check has one of not_null, accepted, refers")
	case r.Accepted != nil && (r.Accepted.Column == "" || len(r.Accepted.Values) == 0):
		return errors.New("header: accepted needs a column and its values")
	case r.Refers != nil && (r.Refers.Column == "" || strings.Count(r.Refers.To, ".") != 1):
		return errors.New("header: refers needs a column, and where to: table.column")
	}
	return nil
}

// columns the rule speaks of.
func (r rule) columns() []string {
	switch {
	case r.Accepted != nil:
		return []string{r.Accepted.Column}
	case r.Refers != nil:
		return []string{r.Refers.Column}
	}
	return r.NotNull
}

// headerClaims turns the grain and the rules of a header into queries for what
// breaks them.
func (q *query) headerClaims() []claim {
	var claims []claim
	// What is claimed of each row, or of the rows of one key, of a model by key.
	local := q.header.By != "" && q.layer != staging
	add := func(name, text, format string, args ...any) {
		within := local && (name != "grain" || slices.Contains(q.header.Grain, q.header.By))
		claims = append(claims, claim{q.name + ": " + name, text, Error, fmt.Sprintf(format, args...), within})
	}
	table := ident(q.name)
	if g := q.header.Grain; len(g) > 0 {
		// Rows that are the same have the same hash, which is quicker to count by.
		add("grain", "une ligne par "+strings.Join(g, ", "),
			`select %[1]s, count(*) as lignes from %[2]s
			where hash(%[1]s) in (select hashed from (select hash(%[1]s) as hashed from %[2]s) group by hashed having count(*) > 1)
			group by all having count(*) > 1`, idents(g), table)
	}
	for _, r := range q.header.Checks {
		for _, c := range r.NotNull {
			add(c+" not_null", c+" est toujours renseigné", "select %s from %s where %s is null", idents(q.key()), table, ident(c))
		}
		if a := r.Accepted; a != nil {
			values := make([]string, len(a.Values))
			for i, v := range a.Values {
				values[i] = literal(v)
			}
			add(a.Column+" accepted", a.Column+" est une valeur de sa liste",
				"select distinct %[1]s from %[2]s where %[1]s not in (%[3]s)", ident(a.Column), table, strings.Join(values, ", "))
		}
		if f := r.Refers; f != nil {
			to, column, _ := strings.Cut(f.To, ".")
			add(f.Column+" refers", f.Column+" existe dans "+f.To,
				"select distinct %[1]s from %[2]s where %[1]s is not null and %[1]s not in (select %[4]s from %[3]s where %[4]s is not null)",
				ident(f.Column), table, ident(to), ident(column))
		}
	}
	return claims
}

// key is what to show of an offending row: its grain, or else its first column.
func (q *query) key() []string {
	if len(q.header.Grain) > 0 {
		return slices.Clone(q.header.Grain)
	}
	if len(q.header.Columns) > 0 {
		return []string{q.header.Columns[0].Name}
	}
	return []string{"rowid"}
}
