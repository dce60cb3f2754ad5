package interchange

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/publish/rows"
)

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
	_, indicators := rows.Find(tables, "indicateurs")
	_, values := rows.Find(tables, "valeurs")
	return indicators && values
}

// Read reads the tables the files are made from: indicateurs and valeurs, and,
// when they are there, cibles and revisions. They are an edition's: what later ones
// revised is left out.
func Read(ctx context.Context, src rows.Source, tables []pipeline.Table, edition int) (Data, error) {
	var d Data
	r := rows.Reader{Context: ctx, Source: src, Tables: tables}
	r.Each("indicateurs", "code resultat libelle libelle_ar definition unite valeur_base cible_finale", func(v rows.Row) {
		d.Indicators = append(d.Indicators, Indicator{
			Code: v.Text(0), Result: v.Text(1), Label: v.Text(2), LabelAR: v.Text(3), Definition: v.Text(4),
			Percent: v.Text(5) == "pourcentage", Base: v.Number(6), Final: v.Number(7),
		})
	})
	r.Each("valeurs", "code annee trimestre region sexe valeur origine masque", func(v rows.Row) {
		c := Cell{Key: key(v), Value: v.Number(5), Origin: v.Text(6), Hidden: slices.Contains(strings.Split(v.Text(7), ","), "valeur")}
		if c.Hidden {
			c.Value = nil
		}
		d.Cells = append(d.Cells, c)
	})
	r.Each("cibles", "code annee cible", func(v rows.Row) {
		if value := v.Number(2); value != nil {
			d.Targets = append(d.Targets, Target{v.Text(0), v.Whole(1), *value})
		}
	})
	r.Each("revisions", "code annee trimestre region sexe valeur_apres edition", func(v rows.Row) {
		if v[5] == nil && v.Whole(6) <= edition {
			d.Withdrawn = append(d.Withdrawn, key(v))
		}
	})
	if r.Err != nil {
		return Data{}, fmt.Errorf("interchange: %w", r.Err)
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

// key reads the columns code, annee, trimestre, region, sexe.
func key(v rows.Row) Key {
	return Key{v.Text(0), v.Whole(1), v.Whole(2), v.Text(3), pipeline.Sex(v.Text(4))}
}
