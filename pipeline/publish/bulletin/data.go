package bulletin

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/publish/rows"
)

// Data is what the pages of all issues show.
type Data struct {
	indicators []indicator // in the committee's order
	values     map[cell]*float64
	hidden     map[cell]bool          // by disclosure control
	targets    map[targetKey]*float64 // of years
	lines      map[targetKey]line
	reports    []report
}

type indicator struct {
	code, result     string
	label            map[string]string // by language
	definition       map[string]string
	percent, persons bool
	final            *float64
}

type cell struct {
	code          string
	year, quarter int    // quarter 0: the whole year
	region        string // "": the nation
	sex           pipeline.Sex
}

type targetKey struct {
	code string
	year int
}

// line is what the follow-up table says of an indicator and year, all sexes.
type line struct {
	base, previous, rate *float64
	status               string
	hidden               []string // columns, by disclosure control
}

// report is one that was expected.
type report struct {
	period pipeline.Period
	status string
}

// Issue is what a page is about.
type Issue struct {
	Year    int
	Quarter int // 0: the whole year
}

// Name is how files call the issue: 2020, 2020-T3.
func (i Issue) Name() string { return pipeline.Period{Year: i.Year, Quarter: i.Quarter}.String() }

// Publishable reports whether tables hold what [Read] needs.
func Publishable(tables []pipeline.Table) bool {
	for _, name := range []string{"indicateurs", "valeurs", "tableau_de_suivi"} {
		if _, is := rows.Find(tables, name); !is {
			return false
		}
	}
	return true
}

// Read reads from the published tables what the pages show.
func Read(ctx context.Context, src rows.Source, tables []pipeline.Table) (Data, error) {
	d := Data{values: map[cell]*float64{}, hidden: map[cell]bool{}, targets: map[targetKey]*float64{}, lines: map[targetKey]line{}}
	r := rows.Reader{Context: ctx, Source: src, Tables: tables}
	r.Each("indicateurs", "code resultat libelle libelle_ar definition definition_ar unite mesure cible_finale", func(v rows.Row) {
		d.indicators = append(d.indicators, indicator{
			code: v.Text(0), result: slug.Replace(strings.ToLower(v.Text(1))), label: map[string]string{"fr": v.Text(2), "ar": v.Text(3)},
			definition: map[string]string{"fr": v.Text(4), "ar": v.Text(5)},
			percent:    v.Text(6) == "pourcentage", persons: v.Text(6) == "nombre" && v.Text(7) == "personnes", final: v.Number(8),
		})
	})
	r.Each("valeurs", "code annee trimestre region sexe valeur masque", func(v rows.Row) {
		c := cell{v.Text(0), v.Whole(1), v.Whole(2), v.Text(3), pipeline.Sex(v.Text(4))}
		d.values[c] = v.Number(5)
		if slices.Contains(hiddenIn(v.Text(6)), "valeur") {
			d.hidden[c] = true
		}
	})
	r.Each("tableau_de_suivi", "code annee sexe valeur_base valeur_annee_precedente cible_annee taux_realisation statut masque", func(v rows.Row) {
		if pipeline.Sex(v.Text(2)) == pipeline.Total {
			k := targetKey{v.Text(0), v.Whole(1)}
			d.targets[k] = v.Number(5)
			d.lines[k] = line{v.Number(3), v.Number(4), v.Number(6), v.Text(7), hiddenIn(v.Text(8))}
		}
	})
	var wrong error
	r.Each("completude", "periode statut", func(v rows.Row) {
		p, err := pipeline.ParsePeriod(v.Text(0))
		if err != nil {
			wrong = err
		}
		d.reports = append(d.reports, report{p, v.Text(1)})
	})
	if r.Err == nil {
		r.Err = wrong
	}
	if r.Err != nil {
		return Data{}, fmt.Errorf("bulletin: %w", r.Err)
	}
	return d, nil
}

// hiddenIn are the columns of a row that disclosure control hides.
func hiddenIn(mask string) []string { return strings.Split(mask, ",") }

// slug makes the key of a result of its name: objectif_specifique, resultat_1.
var slug = strings.NewReplacer(" ", "_", "é", "e")

// Issues are the years and quarters for which somebody reported a national value.
func (d Data) Issues() []Issue {
	found := map[Issue]bool{}
	for k, v := range d.values {
		if (v != nil || d.hidden[k]) && k.region == "" && k.sex == pipeline.Total {
			found[Issue{k.year, k.quarter}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b Issue) int { return strings.Compare(a.Name(), b.Name()) })
}

// value is the nation's, of an issue; nil when nobody reported it.
func (d Data) value(code string, i Issue, sex pipeline.Sex) *float64 {
	return d.values[cell{code, i.Year, i.Quarter, "", sex}]
}

// before is the issue to compare with: the year or the quarter before.
func (i Issue) before() Issue {
	switch {
	case i.Quarter == 0:
		return Issue{i.Year - 1, 0}
	case i.Quarter == 1:
		return Issue{i.Year - 1, 4}
	}
	return Issue{i.Year, i.Quarter - 1}
}

// regions are the codes of the regions that have a value of persons in an issue.
func (d Data) regions(i Issue) []string {
	found := map[string]bool{}
	for k, v := range d.values {
		if (d.hidden[k] || v != nil && *v > 0) && k.region != "" && k.year == i.Year && k.quarter == i.Quarter && k.sex == pipeline.Total {
			found[k.region] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
