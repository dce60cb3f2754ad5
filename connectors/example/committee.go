package example

import (
	"fmt"
	"strings"

	"cp3/pipeline"
)

// committeeFile is one workbook of a regional committee.
type committeeFile struct {
	File
	committee int  // which of the plan's
	upTo      int  // the last quarter filled in
	hand      hand //
	form      formStyle
	provinces []string
	twoColumn bool // women and men in two columns under each institution
	then      func(*committeeBook)
}

// committeeBook is a committee's workbook being written.
type committeeBook struct {
	*book
	c      committeeFile
	of     Committee
	wideBy [][]wideRow
}

// committeeWorkbook writes a committee's workbook for 2020.
func committeeWorkbook(plan *Plan, c committeeFile, d *draw, log *Manifest) *book {
	of := plan.Committees[c.committee]
	c.Member, c.Structure, c.Period = of.Member, "CP3 "+of.Region, "2020"
	cb := &committeeBook{book: newBook(c.File, c.hand, d, log), c: c, of: of}
	cb.book.form("Identification", c.form, []line{{"Année", whole(2020)}, {"Point focal", str("Secrétariat du comité")}, {"Version de la maquette", str("2020.1")}})
	cb.indicators(plan)
	cb.meetings()
	cb.sessions()
	cb.rates()
	if c.then != nil {
		c.then(cb)
	}
	return cb.book
}

// until is the last day the workbook speaks of.
func (cb *committeeBook) until() pipeline.Date {
	return pipeline.Period{Year: 2020, Quarter: cb.c.upTo}.Last()
}

// wideRow is one indicator in one province, by quarter: women and men.
type wideRow struct {
	code, label, province string
	by                    [5][2]int // index 1 to 4
}

// indicators writes the wide table: indicator and province in rows, women, men
// and total under each quarter.
func (cb *committeeBook) indicators(plan *Plan) {
	s := cb.sheet("Indicateurs")
	cb.put(s, 1, 1, str("Comité programme 3 - "+cb.of.Region+" - année 2020", TitleRows))
	cb.heading(s, "A1", "A1", "title")
	for i, h := range []string{"Code", "Indicateur", "Préfecture / province"} {
		col := i + 1
		cb.put(s, col, 3, str(h))
		cb.try(func() error { return cb.x.MergeCell(s, pipeline.Ref(col, 3), pipeline.Ref(col, 4)) })
	}
	cb.habit(TwoRowHeader)
	for q := 1; q <= 4; q++ {
		col := 1 + q*3
		cb.put(s, col, 3, str(strings.ReplaceAll(quarterTitle(cb.c.form.quarter), "%d", fmt.Sprint(q))))
		cb.try(func() error { return cb.x.MergeCell(s, pipeline.Ref(col, 3), pipeline.Ref(col+2, 3)) })
		for i, h := range []string{"Femmes", "Hommes", "Total"} {
			cb.put(s, col+i, 4, str(h))
		}
	}
	cb.heading(s, "A3", "O4", "header")
	cb.try(func() error { return cb.x.SetColWidth(s, "B", "B", 46) })
	cb.try(func() error { return cb.x.SetColWidth(s, "C", "C", 20) })
	row := 5
	cb.wideBy = cb.wideRows(plan)
	for _, rows := range cb.wideBy {
		first := row
		for _, r := range rows {
			cb.wide(s, row, r)
			row++
		}
		cb.regionTotal(s, row, first, rows)
		row++
	}
}

func quarterTitle(form string) string {
	if form == "" {
		return "T%d 2020"
	}
	return form
}

// wideRows compiles what the region's centres and agencies told the committee.
func (cb *committeeBook) wideRows(plan *Plan) [][]wideRow {
	var out [][]wideRow
	for _, i := range []struct {
		code, label string
		services    []pipeline.Service
		marked      bool
	}{
		{"1.1", "Nombre de migrants accueillis", []pipeline.Service{pipeline.Reception}, false},
		{"1.2", "Nombre de migrants inscrits à la formation professionnelle", []pipeline.Service{pipeline.Enrolment}, true},
		{"2.1", "Nombre de migrants inscrits à l'ANAPEC", []pipeline.Service{pipeline.AnapecRegistration}, true},
		{"2.2", "Nombre de migrants accompagnés par l'ANAPEC", []pipeline.Service{pipeline.EmploymentSupport, pipeline.SelfEmployment}, false},
	} {
		var rows []wideRow
		for _, province := range cb.c.provinces {
			r := wideRow{code: i.code, label: i.label, province: province}
			for q := 1; q <= 4; q++ {
				r.by[q] = counted(plan, province, pipeline.Period{Year: 2020, Quarter: q}, i.services, i.marked)
			}
			rows = append(rows, r)
		}
		out = append(out, rows)
	}
	return out
}

// counted is how many women and men received a service in a province and quarter.
func counted(plan *Plan, province string, when pipeline.Period, services []pipeline.Service, marked bool) (n [2]int) {
	seen := persons{}
	for _, g := range plan.Services() {
		if g.Place == nil || g.Place.Province != province || !when.Contains(g.Date) || marked && !g.Marked || seen[g.Person] {
			continue
		}
		for _, s := range services {
			if g.Service == s {
				seen[g.Person] = true
			}
		}
	}
	f := seen.figure("", "")
	return [2]int{f.women, f.men}
}

func (cb *committeeBook) wide(s string, row int, r wideRow) {
	cb.put(s, 1, row, str(r.code))
	cb.put(s, 2, row, str(r.label))
	cb.put(s, 3, row, str(r.province))
	for q := 1; q <= cb.c.upTo; q++ {
		col := 1 + q*3
		cb.put(s, col, row, whole(r.by[q][0]))
		cb.put(s, col+1, row, whole(r.by[q][1]))
		cb.put(s, col+2, row, sum(fmt.Sprintf("%s+%s", pipeline.Ref(col, row), pipeline.Ref(col+1, row)), r.by[q][0]+r.by[q][1]))
	}
}

// regionTotal sums the provinces of an indicator, by formulas.
func (cb *committeeBook) regionTotal(s string, row, first int, rows []wideRow) {
	cb.put(s, 1, row, str(rows[0].code))
	cb.put(s, 2, row, str(rows[0].label))
	cb.put(s, 3, row, str("Total région", TotalRows))
	for q := 1; q <= cb.c.upTo; q++ {
		var n [2]int
		for _, r := range rows {
			n[0], n[1] = n[0]+r.by[q][0], n[1]+r.by[q][1]
		}
		for i, x := range []int{n[0], n[1], n[0] + n[1]} {
			col := 1 + q*3 + i
			cb.put(s, col, row, sum(fmt.Sprintf("SUM(%s:%s)", pipeline.Ref(col, first), pipeline.Ref(col, row-1)), x))
		}
	}
	cb.heading(s, pipeline.Ref(1, row), pipeline.Ref(15, row), "total")
}

// meetings writes who was present at the committee's meetings.
func (cb *committeeBook) meetings() {
	s := cb.sheet("Réunions")
	cb.put(s, 1, 1, str("Points focaux présents aux réunions (femmes / hommes)", TitleRows))
	cb.heading(s, "A1", "A1", "title")
	row := 3
	cb.put(s, 1, row, str("Date de la réunion"))
	for i, name := range cb.of.Invited {
		if !cb.c.twoColumn {
			cb.put(s, 2+i, row, str(name))
			continue
		}
		col := 2 + 2*i
		cb.put(s, col, row, str(name))
		cb.try(func() error { return cb.x.MergeCell(s, pipeline.Ref(col, row), pipeline.Ref(col+1, row)) })
		cb.put(s, col, row+1, str("F"))
		cb.put(s, col+1, row+1, str("H"))
	}
	row++
	if cb.c.twoColumn {
		cb.try(func() error { return cb.x.MergeCell(s, "A3", "A4") })
		row++
	}
	cb.heading(s, "A3", pipeline.Ref(1+len(cb.of.Invited)*map[bool]int{true: 2, false: 1}[cb.c.twoColumn], row-1), "header")
	for _, m := range cb.of.Meetings {
		if m.Date.Compare(cb.until()) > 0 {
			continue
		}
		cb.put(s, 1, row, cb.hand.day(m.Date))
		for i, n := range m.Present {
			if cb.c.twoColumn {
				cb.put(s, 2+2*i, row, whole(n[0]))
				cb.put(s, 3+2*i, row, whole(n[1]))
			} else {
				cb.put(s, 2+i, row, str(fmt.Sprintf("%d/%d", n[0], n[1])))
			}
		}
		row++
	}
	cb.try(func() error { return cb.x.SetColWidth(s, "A", "A", 20) })
}

// sessions writes the training sessions of the members.
func (cb *committeeBook) sessions() {
	s := cb.sheet("Renforcement de capacités")
	heads := []string{"Thème", "Date", "Institutions présentes", "Participantes (femmes)", "Participants (hommes)", "Moyenne au pré-test", "Moyenne au post-test", "Répondants", "Satisfaits"}
	for i, h := range heads {
		cb.put(s, i+1, 1, str(h))
	}
	cb.heading(s, "A1", "I1", "header")
	row := 2
	for _, x := range cb.of.Sessions {
		if x.Date.Compare(cb.until()) > 0 {
			continue
		}
		cb.put(s, 1, row, str(x.Theme))
		cb.put(s, 2, row, cb.hand.day(x.Date))
		cb.put(s, 3, row, str(strings.Join(x.Institutions, []string{", ", " ; ", "\n"}[row%3])))
		cb.put(s, 4, row, whole(x.Women))
		cb.put(s, 5, row, whole(x.Men))
		cb.put(s, 6, row, mark(x.Pre, row))
		cb.put(s, 7, row, mark(x.Post, row))
		cb.put(s, 8, row, whole(x.Respondents))
		cb.put(s, 9, row, whole(x.Satisfied))
		row++
	}
	cb.try(func() error { return cb.x.SetColWidth(s, "A", "C", 40) })
}

// mark is a mean mark: a number, or a text with a comma.
func mark(x float64, row int) value {
	if row%2 == 0 {
		return str(strings.ReplaceAll(fmt.Sprint(x), ".", ","), FrenchDecimals)
	}
	return num(x)
}

var rateTexts = []struct{ code, label string }{
	{"2.4", "Taux de mise en œuvre effective du plan de formation"}, {"2.5", "Nombre d'outils créés ou adaptés"},
	{"3.2", "Mise en œuvre du plan de renforcement de capacités"}, {"3.6", "Opérationnalisation du système de collecte"}}

// rates writes what the committee declares without a list behind it; a committee
// that has reported half a year is half way.
func (cb *committeeBook) rates() {
	s := cb.sheet("Plan et outils")
	for i, h := range []string{"Code", "Indicateur", "Valeur", "Observations"} {
		cb.put(s, i+1, 1, str(h))
	}
	cb.heading(s, "A1", "D1", "header")
	for i, r := range rateTexts {
		v := cb.of.Rates[r.code]
		if cb.c.upTo < 4 {
			v /= 2
		}
		cb.put(s, 1, i+2, str(r.code))
		cb.put(s, 2, i+2, str(r.label))
		cb.put(s, 3, i+2, cb.rate(r.code, v, i))
	}
	cb.try(func() error { return cb.x.SetColWidth(s, "B", "B", 52) })
}

// rateForm is one of the ways people write a rate.
type rateForm uint8

const (
	asWhole     rateForm = iota // 41
	asSign                      // "41 %"
	asFormatted                 // 0.41, shown as 41 %
	asFraction                  // 0.41
)

// rateForms are the forms each committee uses, in the order of rateTexts.
var rateForms = [2][4]rateForm{{asWhole, asWhole, asFormatted, asSign}, {asSign, asWhole, asFraction, asWhole}}

// rate writes a rate in one of the ways people do; 2.5 is a count.
func (cb *committeeBook) rate(code string, v float64, i int) value {
	if code == "2.5" {
		return num(v)
	}
	switch rateForms[cb.c.committee][i] {
	case asSign:
		return str(strings.ReplaceAll(fmt.Sprint(v), ".", ",")+" %", PercentSign)
	case asFormatted:
		return value{kind: number, number: v / 100, format: "0%", habits: []Habit{PercentFraction}}
	case asFraction:
		return value{kind: number, number: v / 100, habits: []Habit{PercentFraction}}
	}
	return value{kind: number, number: v, habits: []Habit{PercentWhole}}
}
