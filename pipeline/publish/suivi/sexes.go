package suivi

import (
	"strconv"

	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// sexes is the page of women and men: for each indicator that counts persons and
// tells their sex, two charts, and the figures they are drawn from.
func (b *book) sexes() error {
	p := b.newPage("sexes", 6.5, 58, 11, 11, 11, 11, 12, 12)
	year := strconv.Itoa(b.year)
	p.titled(say("sexes.title", "year", year), say("sexes.subtitle"))
	var shown []indicator
	for _, i := range b.indicators {
		if b.bySexes(i, b.year) {
			shown = append(shown, i)
		}
	}
	if len(shown) == 0 {
		p.line(plain, say("sexes.none"))
		return p.end(p.row - 1)
	}
	chartRow := p.row
	p.row += 32
	p.breakPage()
	head := p.row
	p.headed(say("column.code"), say("column.label"), say("sex.F"), say("sex.H"), say("sex.ND"), say("sex.T"),
		say("sexes.share", "year", year), say("sexes.share", "year", strconv.Itoa(b.year-1)))
	p.printTitles(head, head)
	for _, i := range shown {
		p.sexLine(i)
	}
	p.sexCharts(chartRow, head, head+1, p.row-1)
	p.line(note, say("sexes.note", "mark", notReported(), "none", say("not_applicable")))
	return p.end(p.row - 1)
}

func (p *page) sexLine(i indicator) {
	p.put(1, strong, i.code)
	p.put(2, text, i.label)
	value := func(year int, sex pipeline.Sex) *float64 { return p.current(i.code, year, sex) }
	for n, sex := range []pipeline.Sex{pipeline.Women, pipeline.Men, pipeline.NotDeclared, pipeline.Total} {
		v := value(p.year, sex)
		p.put(3+n, number.with(func(l *look) { l.bold = sex == pipeline.Total }).shown(v, false), v)
	}
	for n, year := range []int{p.year, p.year - 1} {
		women, all := value(year, pipeline.Women), value(year, pipeline.Total)
		if women != nil && all != nil && *all == 0 {
			p.put(7+n, absent(number), say("not_applicable"))
			continue
		}
		s := share(women, all)
		p.put(7+n, number.shown(s, true), s)
	}
	p.next(max(17, p.height(i.label, text, 2, 2)))
}

// share is how many percent part is of whole, rounded to 0.1; nil when one of
// them isn't known or there is nobody.
func share(part, whole *float64) *float64 {
	if part == nil || !some(whole) {
		return nil
	}
	s, err := strconv.ParseFloat(strconv.FormatFloat(100**part / *whole, 'f', 1, 64), 64)
	if err != nil {
		return nil
	}
	return &s
}

// sexCharts draws the persons side by side, and how they divide.
func (p *page) sexCharts(row, head, first, last int) {
	year := strconv.Itoa(p.year)
	c := chart{
		header: head, first: first, last: last, categories: 1, width: 900, height: 305, labels: "#,##0;-#,##0;;", legend: true,
		series: []series{{3, womenFill, ink}, {4, menFill, ink}, {5, otherFill, ink}},
	}
	c.kind, c.gap, c.overlap, c.axis = excelize.Col, 60, -5, "#,##0"
	c.title, c.alt = say("sexes.chart", "year", year), say("sexes.chart.alt", "year", year)
	p.add(c, 1, row)
	c.kind, c.gap, c.overlap, c.axis = excelize.ColPercentStacked, 45, 100, "0%"
	c.title, c.alt = say("sexes.shares", "year", year), say("sexes.shares.alt", "year", year)
	c.series = []series{{3, womenFill, "FFFFFF"}, {4, menFill, "FFFFFF"}, {5, otherFill, ink}}
	p.add(c, 1, row+16)
}
