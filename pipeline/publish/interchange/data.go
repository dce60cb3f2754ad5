package interchange

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"cp3/pipeline"
)

// Source gives the rows of published tables.
type Source interface {
	Rows(ctx context.Context, relation string, columns []string) iter.Seq2[[]any, error]
}

// Data is what the files say.
type Data struct {
	Indicators []Indicator // in the committee's order
	Cells      []Cell      // sorted by key
	Targets    []Target    // sorted by indicator and year
	Withdrawn  []Key       // published once and no cell of the edition any more
}

// Indicator is one of the committee's figures.
type Indicator struct {
	Code, Result, Label, LabelAR, Definition string
	Percent                                  bool
	BySex                                    bool // somebody's sex is told apart
	Base, Final                              *float64
}

// Key places a value.
type Key struct {
	Code    string
	Year    int
	Quarter int    // 0: the whole year
	Region  string // HCP code; "": the nation
	Sex     pipeline.Sex
}

// Cell is a value in its place; nil is one nobody reported, or that is hidden.
type Cell struct {
	Key
	Value  *float64
	Hidden bool // disclosure control hides it
	Origin string
}

// Target is what the committee wants an indicator to reach in a year.
type Target struct {
	Code  string
	Year  int
	Value float64
}

func compareKeys(a, b Key) int {
	return cmp.Or(strings.Compare(a.Code, b.Code), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Quarter, b.Quarter),
		strings.Compare(a.Region, b.Region), strings.Compare(string(a.Sex), string(b.Sex)))
}

// Publishable reports whether tables hold what [Read] needs.
func Publishable(tables []pipeline.Table) bool {
	_, indicators := find(tables, "indicateurs")
	_, values := find(tables, "valeurs")
	return indicators && values
}

func find(tables []pipeline.Table, name string) (pipeline.Table, bool) {
	i := slices.IndexFunc(tables, func(t pipeline.Table) bool { return t.Name == name })
	if i < 0 {
		return pipeline.Table{}, false
	}
	return tables[i], true
}

// Read reads the tables the files are made from: indicateurs and valeurs, and,
// when they are there, cibles and revisions.
func Read(ctx context.Context, src Source, tables []pipeline.Table) (Data, error) {
	var d Data
	r := reader{ctx: ctx, src: src, tables: tables}
	r.each("indicateurs", "code resultat libelle libelle_ar definition unite valeur_base cible_finale", func(v []any) {
		d.Indicators = append(d.Indicators, Indicator{
			Code: text(v[0]), Result: text(v[1]), Label: text(v[2]), LabelAR: text(v[3]), Definition: text(v[4]),
			Percent: text(v[5]) == "pourcentage", Base: number(v[6]), Final: number(v[7]),
		})
	})
	r.each("valeurs", "code annee trimestre region sexe valeur origine masque", func(v []any) {
		c := Cell{Key: key(v), Value: number(v[5]), Origin: text(v[6]), Hidden: slices.Contains(strings.Split(text(v[7]), ","), "valeur")}
		if c.Hidden {
			c.Value = nil
		}
		d.Cells = append(d.Cells, c)
	})
	r.each("cibles", "code annee cible", func(v []any) {
		if value := number(v[2]); value != nil {
			d.Targets = append(d.Targets, Target{text(v[0]), whole(v[1]), *value})
		}
	})
	r.each("revisions", "code annee trimestre region sexe valeur_apres", func(v []any) {
		if v[5] == nil {
			d.Withdrawn = append(d.Withdrawn, key(v))
		}
	})
	if r.err != nil {
		return Data{}, fmt.Errorf("interchange: %w", r.err)
	}
	d.settle()
	return d, nil
}

// settle sorts, and leaves of what was withdrawn only what is no cell any more.
func (d *Data) settle() {
	slices.SortFunc(d.Cells, func(a, b Cell) int { return compareKeys(a.Key, b.Key) })
	slices.SortFunc(d.Targets, func(a, b Target) int { return cmp.Or(strings.Compare(a.Code, b.Code), cmp.Compare(a.Year, b.Year)) })
	slices.SortFunc(d.Withdrawn, compareKeys)
	d.Withdrawn = slices.DeleteFunc(slices.Compact(d.Withdrawn), func(k Key) bool {
		_, is := slices.BinarySearchFunc(d.Cells, k, func(c Cell, k Key) int { return compareKeys(c.Key, k) })
		return is
	})
	for i, indicator := range d.Indicators {
		d.Indicators[i].BySex = slices.ContainsFunc(d.Cells, func(c Cell) bool { return c.Code == indicator.Code && c.Sex != pipeline.Total })
	}
}

// reader keeps the first error.
type reader struct {
	ctx    context.Context
	src    Source
	tables []pipeline.Table
	err    error
}

// each calls f with the columns of every row of a table; a table that isn't
// published has no rows, a column it doesn't declare is NULL.
func (r *reader) each(table, columns string, f func([]any)) {
	t, published := find(r.tables, table)
	if r.err != nil || !published {
		return
	}
	var ask []string
	var at []int
	wanted := strings.Fields(columns)
	for i, name := range wanted {
		if slices.ContainsFunc(t.Columns, func(c pipeline.Column) bool { return c.Name == name }) {
			ask, at = append(ask, name), append(at, i)
		}
	}
	row := make([]any, len(wanted))
	for values, err := range r.src.Rows(r.ctx, t.From(), ask) {
		if err != nil {
			r.err = err
			return
		}
		for n, i := range at {
			row[i] = values[n]
		}
		f(row)
	}
}

// key reads the columns code, annee, trimestre, region, sexe.
func key(v []any) Key {
	return Key{text(v[0]), whole(v[1]), whole(v[2]), text(v[3]), pipeline.Sex(text(v[4]))}
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func whole(v any) int {
	n, _ := v.(int64)
	return int(n)
}

func number(v any) *float64 {
	switch v := v.(type) {
	case float64:
		return &v
	case int64:
		f := float64(v)
		return &f
	}
	return nil
}
