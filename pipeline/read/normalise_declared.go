package read

import (
	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/pipeline"
	"cp3/transforms/normalise"
)

// declared makes the totals of one row: an indicator's figures by sex, for the
// file's period or, on a wide sheet, for each quarter.
func (l *listReading) declared() bool {
	groups := l.groups()
	if len(groups) == 0 {
		return l.nothingDeclared()
	}
	code, unit, ok := l.indicator()
	if !ok {
		return false
	}
	over := l.overRegion()
	if !over {
		l.normaliseAll(l.row.table.meaning[connectors.MeansProvince])
	}
	if l.row.error != "" {
		return false
	}
	region, province := l.where()
	made, waiting := len(l.out.Records.Declared), len(l.overs)
	for _, g := range groups {
		l.declare(g, totalOf{code, unit, region, province, over})
	}
	if l.row.error != "" { // a figure refused the row: none of it stands
		l.out.Records.Declared, l.overs = l.out.Records.Declared[:made], l.overs[:waiting]
		return false
	}
	return true
}

// later reports whether a field of a declared total is normalised with its row: a
// figure by its indicator's unit, an indicator by whichever of code and label can
// be read, a province unless it says "Total".
func later(f *connectors.Field) bool {
	m := f.Meaning()
	return m == connectors.MeansIndicator || m == connectors.MeansProvince || declaredSex[m] != ""
}

func (l *listReading) normaliseAll(columns []int) {
	for _, i := range columns {
		if !l.cells[i].IsBlank() {
			l.normalised(i)
		}
	}
}

// overRegion reports whether a row is over all provinces: its province is a word
// for the total.
func (l *listReading) overRegion() bool {
	for _, i := range l.row.table.meaning[connectors.MeansProvince] {
		if c := l.cells[i]; c.Kind == pipeline.TextCell && layout.IsTotal(c.Text) {
			return true
		}
	}
	return false
}

// nothingDeclared leaves a row without any figure aside: its indicator is not
// reported, which is nobody's fault.
func (l *listReading) nothingDeclared() bool {
	l.tally.Read--
	l.row.values = l.row.values[:0]
	for i := range l.row.uses {
		if l.row.uses[i].outcome != pipeline.Ignored {
			l.row.uses[i] = cellUse{pipeline.Ignored, "no_value"}
		}
	}
	return false
}

// group is the figures of one period on a row: the index of each one's column, -1
// for none.
type group struct {
	period            pipeline.Period
	women, men, total int
}

// groups are the periods the row has a figure for, in column order.
func (l *listReading) groups() []group {
	var out []group
	at := func(p pipeline.Period) *group {
		for i := range out {
			if out[i].period == p {
				return &out[i]
			}
		}
		out = append(out, group{p, -1, -1, -1})
		return &out[len(out)-1]
	}
	for i := range l.row.table.Columns {
		c := &l.row.table.Columns[i]
		sex, p := c.Sex, l.out.Period
		switch {
		case c.Group:
			p.Quarter = c.Quarter
			if c.Year > 0 {
				p.Year = c.Year
			}
		case c.Field != nil:
			sex = declaredSex[c.Field.Meaning()]
		}
		if sex == "" || l.cells[i].IsBlank() || sex == pipeline.Total && l.templateSum(l.cells[i]) {
			continue
		}
		g := at(p)
		switch sex {
		case pipeline.Women:
			g.women = i
		case pipeline.Men:
			g.men = i
		case pipeline.Total:
			g.total = i
		}
	}
	for i := range out {
		// A sum that nobody computed says nothing that its parts don't.
		if g := &out[i]; g.total >= 0 && g.women >= 0 && g.men >= 0 && uncomputed(l.cells[g.total]) {
			g.total = -1
		}
	}
	return out
}

// uncomputed reports whether a cell is a formula whose result isn't in the file.
func uncomputed(c pipeline.Cell) bool { return c.Kind == pipeline.EmptyCell && c.Formula }

// templateSum reports whether a total is the template's own formula, left as it was
// by a program that fills cells without computing: women and men say it all.
func (l *listReading) templateSum(c pipeline.Cell) bool {
	return uncomputed(c) && l.mark(connectors.TemplateProperty) != ""
}

var declaredSex = map[string]pipeline.Sex{"women": pipeline.Women, "men": pipeline.Men, "total": pipeline.Total}

// indicator is the row's indicator, by code or by label: what one of them says is
// enough. When they disagree the first is believed and the member told.
func (l *listReading) indicator() (code, unit string, ok bool) {
	at := l.row.table.meaning[connectors.MeansIndicator]
	chosen := -1
	var values []normalise.Value
	for n, i := range at {
		c := &l.row.table.Columns[i]
		v, _ := normalise.Field(l.env, c.Field, l.cells[i])
		values = append(values, v)
		switch {
		case !known(v) || v.Code == "":
		case chosen < 0:
			chosen = n
		case v.Code != values[chosen].Code:
			l.warn("indicator.disagrees", l.row.Row, c.Col, c.Title, "code", values[chosen].Code, "other", v.Code)
		}
	}
	if chosen >= 0 {
		l.normalised(at[chosen])
		return values[chosen].Code, values[chosen].Attrs["unit"], true
	}
	for n, i := range at {
		if values[n].Present {
			l.normalised(i)
		}
	}
	if l.row.error == "" && len(at) > 0 {
		l.fail("indicator.missing", &l.row.table.Columns[at[len(at)-1]])
	}
	return "", "", false
}

// normalised normalises a column of the row and records what was found.
func (l *listReading) normalised(i int) {
	c := &l.row.table.Columns[i]
	v, findings := normalise.Field(l.env, c.Field, l.cells[i])
	l.row.values[i] = v
	l.row.uses[i] = l.findings(v, findings, c, l.cells[i])
}

// where is the place of a row of a wide sheet: its province, or the committee's
// region for a row over all of it.
func (l *listReading) where() (region, province string) {
	v := l.meaning(connectors.MeansProvince)
	if p := v.Attrs["province"]; p != "" {
		return regionOf(p), p
	}
	if r := v.Attrs["region"]; r != "" {
		return r, ""
	}
	return l.home.region, l.home.province
}

// totalOf is what a row's totals are of.
type totalOf struct {
	code, unit       string
	region, province string
	over             bool // over all provinces of the region
}

// declare makes the totals of one period. A total that is not the sum of its
// parts gives way to them, with a warning; a total with both its parts adds
// nothing to them.
func (l *listReading) declare(g group, of totalOf) {
	women, okF := l.figure(g.women, of.unit)
	men, okH := l.figure(g.men, of.unit)
	total, okT := l.figure(g.total, of.unit)
	rate := of.unit == "pourcentage"
	if okF {
		l.put(g.women, pipeline.Women, women, g.period, of)
	}
	if okH {
		l.put(g.men, pipeline.Men, men, g.period, of)
	}
	switch {
	case !okT:
	case !rate && (okF && okH && total != women+men || okF && total < women || okH && total < men):
		l.wrongTotal(g.total, women, men)
	case !okF || !okH || rate:
		l.put(g.total, pipeline.Total, total, g.period, of)
	}
}

// put makes one total. Those over a whole region wait until its provinces are
// known.
func (l *listReading) put(i int, sex pipeline.Sex, value float64, p pipeline.Period, of totalOf) {
	d := pipeline.Declared{
		Origin: l.row.Origin, Cell: pipeline.Ref(l.row.table.Columns[i].Col, l.row.Row), Code: of.code, Period: p,
		Region: of.region, Province: of.province, Sex: sex, Value: value,
	}
	k := regionKey{of.code, p, sex}
	switch {
	case of.over:
		l.overs = append(l.overs, d)
		return
	case of.province != "" && of.unit != "pourcentage":
		if l.parts == nil {
			l.parts = map[regionKey]float64{}
		}
		l.parts[k] += value
	}
	l.out.Records.Declared = append(l.out.Records.Declared, d)
}

// regionKey is what a region's total and those of its provinces have in common.
type regionKey struct {
	code   string
	period pipeline.Period
	sex    pipeline.Sex
}

// regions settles the totals over a region: where provinces are given, they are
// what counts, and a total that is not their sum is told.
func (l *listReading) regions() {
	for _, d := range l.overs {
		parts, ok := l.parts[regionKey{d.Code, d.Period, d.Sex}]
		switch {
		case !ok:
			d.Province = ""
			l.out.Records.Declared = append(l.out.Records.Declared, d)
		case parts != d.Value:
			l.issue("total.not_provinces", pipeline.Warning, l.sheet.Name, d.Cell, "", figureText(d.Value), "sum", figureText(parts))
		}
	}
}

// wrongTotal warns about a total that is not the sum of its parts.
func (l *listReading) wrongTotal(i int, women, men float64) {
	const code = "total.not_sum"
	c := &l.row.table.Columns[i]
	l.row.uses[i] = cellUse{pipeline.Corrected, code}
	l.warn(code, l.row.Row, c.Col, c.Title, "women", figureText(women), "men", figureText(men), "sum", figureText(women+men))
}

func figureText(n float64) string {
	return pipeline.Cell{Kind: pipeline.NumberCell, Number: n}.Display()
}

// figure reads a declared figure as its indicator's unit asks: 0.41 under a rate
// is 41 %, under a count it is a mistake.
func (l *listReading) figure(i int, unit string) (float64, bool) {
	if i < 0 {
		return 0, false
	}
	c := &l.row.table.Columns[i]
	f := connectors.Field{Name: "value", Type: connectors.Decimal, Label: pipeline.Text{FR: c.Title, AR: c.Title}, Min: &zero}
	if unit == "pourcentage" {
		f.Type, f.Max = connectors.Percent, &highestRate
	}
	v, findings := normalise.Field(l.env, &f, l.cells[i])
	l.row.uses[i] = l.findings(v, findings, &layout.Column{Col: c.Col, Title: c.Title, Field: &f}, l.cells[i])
	return v.Number, known(v)
}

// A rate may pass 100 % (OS2 does); ten times that is a mistake of scale.
var zero, highestRate = 0.0, 1000.0

// known reports whether a value can be used.
func known(v normalise.Value) bool { return v.Present && !v.Refused }
