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

// coder numbers texts. A row of activites counts in many cells, and numbers are found
// sooner than five texts.
type coder map[string]uint32

func (c coder) code(s string) uint32 {
	n, known := c[s]
	if !known {
		n = uint32(len(c))
		c[s] = n
	}
	return n
}

// named are the texts by their numbers.
func (c coder) named() []string {
	names := make([]string, len(c))
	for s, n := range c {
		names[n] = s
	}
	return names
}

// rolledCell is a cell of the public form: of a service, the keys as numbers. The other
// dimension is a value of one of the axes, from 1 on; axis 0 is all.
type rolledCell struct {
	service, year, quarter, region, sex uint32
	axis, value                         uint32
}

// rolledSums adds up persons by cell.
type rolledSums struct {
	texts coder
	axes  [len(axes)]coder
	of    map[rolledCell]int64
}

func newRolledSums() rolledSums {
	r := rolledSums{texts: coder{}, of: map[rolledCell]int64{}}
	for i := range axes {
		r.axes[i] = coder{}
	}
	return r
}

// add counts a row of activites in each cell of the public form that it is part of.
func (r rolledSums) add(t *table, row []any, persons int64) {
	code := func(column string) uint32 { return r.texts.code(t.text(row, column, unknown)) }
	y, q, g, every := code("annee"), code("trimestre"), code("region"), r.texts.code(all)
	service := r.texts.code(t.text(row, "service", ""))
	var values [len(axes)]uint32
	for i, axis := range axes {
		values[i] = r.axes[i].code(t.text(row, axis, unknown))
	}
	for _, by := range [2]uint32{code("sexe"), every} {
		r.of[rolledCell{service, y, every, every, by, 0, 0}] += persons
		r.of[rolledCell{service, y, q, every, by, 0, 0}] += persons
		r.of[rolledCell{service, y, every, g, by, 0, 0}] += persons
		for i, value := range values {
			r.of[rolledCell{service, y, every, every, by, uint32(i) + 1, value}] += persons
		}
	}
}

// rolledFigure is a cell by its texts, with its persons.
type rolledFigure struct {
	service string
	keys    keys
	persons int64
}

// figures are the sums, by service, then by keys.
func (r rolledSums) figures() []rolledFigure {
	texts := r.texts.named()
	var values [len(axes)][]string
	for i, of := range r.axes {
		values[i] = of.named()
	}
	list := make([]rolledFigure, 0, len(r.of))
	for c, persons := range r.of {
		k := keys{texts[c.year], texts[c.quarter], texts[c.region], texts[c.sex], all}
		if c.axis > 0 {
			k[other] = axes[c.axis-1] + "=" + values[c.axis-1][c.value]
		}
		list = append(list, rolledFigure{texts[c.service], k, persons})
	}
	slices.SortFunc(list, func(a, b rolledFigure) int {
		if by := strings.Compare(a.service, b.service); by != 0 {
			return by
		}
		return slices.Compare(a.keys[:], b.keys[:])
	})
	return list
}

// rolledRows lays the sums out.
func rolledRows(figures []rolledFigure) *table {
	t := &table{at: map[string]int{}, Table: described("activites",
		"service, annee, trimestre, region, sexe, membre, nationalite, tranche_age, statut_administratif",
		"service VARCHAR", "annee INTEGER", "trimestre VARCHAR", "region VARCHAR", "sexe VARCHAR", "membre VARCHAR", "nationalite VARCHAR",
		"tranche_age VARCHAR", "statut_administratif VARCHAR", "personnes BIGINT")}
	for i, c := range t.Columns {
		t.at[c.Name] = i
	}
	for _, f := range figures {
		t.rows = append(t.rows, rolledRow(f.service, f.keys, f.persons))
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
