package suivi

import (
	"strconv"

	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// sexes is the page of women and men: for each indicator that tells them apart,
// the figures, the share of women, and two charts of the same cells.
func (b *book) sexes() error {
	p := b.newPage("sexes", 6.5, 58, 10, 10, 10, 10, 12, 12)
	year := strconv.Itoa(b.year)
	p.across(1, len(p.widths), title.with(func(l *look) { l.size = 15 }), say("sexes.title", "year", year))
	p.next(24)
	p.line(subtitle.with(func(l *look) { l.size, l.wrap = 10, true }), say("sexes.subtitle"))
	head := p.row
	p.headed(say("column.code"), say("column.label"), say("sex.F"), say("sex.H"), say("sex.ND"), say("sex.T"),
		say("sexes.share", "year", year), say("sexes.share", "year", strconv.Itoa(b.year-1)))
	first := p.row
	for _, i := range b.indicators {
		if b.bySexes(i, b.year) {
			p.sexLine(i)
		}
	}
	last := p.row - 1
	if last < first {
		p.line(note, say("sexes.none"))
		return p.end(p.row - 1)
	}
	p.line(note, say("sexes.note", "mark", notReported()))
	p.row++
	p.sexCharts(head, first, last)
	return p.end(p.row)
}

func (p *page) sexLine(i indicator) {
	p.put(1, text.with(func(l *look) { l.bold = true }), i.code)
	p.put(2, text, i.label)
	value := func(year int, sex pipeline.Sex) *float64 { return p.Data.line(i.code, year, sex).current }
	for n, sex := range []pipeline.Sex{pipeline.Women, pipeline.Men, pipeline.NotDeclared, pipeline.Total} {
		v := value(p.year, sex)
		p.put(3+n, look{box: true, align: "right", bold: sex == pipeline.Total, format: numberFormat(v, false)}, v)
	}
	for n, year := range []int{p.year, p.year - 1} {
		p.put(7+n, look{box: true, align: "right", format: `0.0" %"`}, share(value(year, pipeline.Women), value(year, pipeline.Total)))
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

// sexCharts draws the persons side by side, and the shares.
func (p *page) sexCharts(head, first, last int) {
	year := strconv.Itoa(p.year)
	bars := []series{{3, womenFill, ink}, {4, menFill, ink}, {5, otherFill, ink}}
	p.add(chart{
		kind: excelize.Col, title: say("sexes.chart", "year", year), alt: say("sexes.chart.alt", "year", year),
		header: head, first: first, last: last, categories: 1, series: bars, width: 500, height: 330, format: "#,##0",
		gap: 60, overlap: -5, legend: true,
	}, 1, p.row)
	white := []series{{3, womenFill, "FFFFFF"}, {4, menFill, "FFFFFF"}, {5, otherFill, ink}}
	p.add(chart{
		kind: excelize.ColPercentStacked, title: say("sexes.shares", "year", year), alt: say("sexes.shares.alt", "year", year),
		header: head, first: first, last: last, categories: 1, series: white, width: 470, height: 330, format: "#,##0",
		gap: 45, overlap: 100, legend: true,
	}, 3, p.row)
	p.row += 17
}
