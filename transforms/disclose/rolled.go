package disclose

import (
	"slices"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/wording"
)

// described is a table this package makes, its texts from the catalogue. Columns
// are "name TYPE".
func described(name, grain string, columns ...string) pipeline.Table {
	t := pipeline.Table{Name: name, Description: wording.Text("fr", "disclosure."+name, nil), Grain: grain}
	for _, c := range columns {
		column, kind, _ := strings.Cut(c, " ")
		t.Columns = append(t.Columns, documented("disclosure."+name+"."+column, column, kind))
	}
	return t
}

func documented(key, name, kind string) pipeline.Column {
	return pipeline.Column{Name: name, Type: kind, FR: wording.Text("fr", key, nil), AR: wording.Text("ar", key, nil)}
}

// rolledRows lays the sums out, ordered.
func rolledRows(services []string, order []keys, sums map[keys]map[string]int64) *table {
	t := &table{at: map[string]int{}, Table: described("activites",
		"service, annee, trimestre, region, sexe, membre, nationalite, tranche_age, statut_administratif",
		"service VARCHAR", "annee INTEGER", "trimestre VARCHAR", "region VARCHAR", "sexe VARCHAR", "membre VARCHAR", "nationalite VARCHAR",
		"tranche_age VARCHAR", "statut_administratif VARCHAR", "personnes BIGINT")}
	for i, c := range t.Columns {
		t.at[c.Name] = i
	}
	slices.Sort(services)
	slices.SortFunc(order, func(a, b keys) int { return slices.Compare(a[:], b[:]) })
	for _, service := range services {
		for _, k := range order {
			if n, counted := sums[k][service]; counted {
				t.rows = append(t.rows, rolledRow(service, k, n))
			}
		}
	}
	return t
}

func rolledRow(service string, k keys, persons int64) []any {
	shown := func(s string) any {
		if s == all {
			return string(pipeline.Total)
		}
		return s
	}
	row := []any{service, yearOf(k[year]), shown(k[quarter]), shown(k[region]), shown(k[sex])}
	for _, axis := range axes {
		value := string(pipeline.Total)
		if name, of, found := strings.Cut(k[other], "="); found && name == axis {
			value = of
		}
		row = append(row, value)
	}
	return append(row, persons)
}
