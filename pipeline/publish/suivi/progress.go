package suivi

import (
	"slices"
	"strconv"

	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// progressStatuses are the statuses a bar can have, each a series of its colour.
var progressStatuses = []struct{ status, color string }{{"atteint", good}, {"proche", "E0A030"}, {"insuffisant", poor}}

// progress is the page of targets: what was reached in percent of the year's
// target, as bars coloured by status, then as figures.
func (b *book) progress() error {
	p := b.newPage("progress", 6.5, 60, 11, 11, 12, 11, 11, 11)
	year := strconv.Itoa(b.year)
	p.titled(say("progress.title", "year", year), say("progress.subtitle", "none", say("not_applicable")))
	if !slices.ContainsFunc(b.indicators, func(i indicator) bool { return b.Data.line(i.code, b.year, pipeline.Total).rate != nil }) {
		p.line(plain, say("progress.none", "year", year))
		return p.end(p.row - 1)
	}
	chartRow := p.row
	p.row += 32
	p.breakPage()
	head := p.row
	labels := []string{say("column.code"), say("column.label"), say("column.value", "year", year), say("column.target", "year", year), say("column.rate")}
	for _, s := range progressStatuses {
		labels = append(labels, sayCode("status", s.status))
	}
	p.headed(labels...)
	p.printTitles(head, head)
	for _, i := range b.indicators {
		p.progressLine(i)
	}
	p.progressChart(chartRow, head, head+1, p.row-1)
	p.line(note, say("progress.note"))
	return p.end(p.row - 1)
}

func (p *page) progressLine(i indicator) {
	l := p.Data.line(i.code, p.year, pipeline.Total)
	p.put(1, strong, i.code)
	p.put(2, text, i.label)
	p.put(3, number.shown(l.current, i.percent()), l.current)
	p.put(4, number.shown(l.target, i.percent()), l.target)
	p.rate(5, l, number.with(func(k *look) { k.bold = true }))
	at := slices.IndexFunc(progressStatuses, func(s struct{ status, color string }) bool { return s.status == l.status })
	for n, s := range progressStatuses {
		var v any // empty, not "n.d.": another column of the line has the bar
		if l.rate != nil && n == max(at, 0) {
			v = *l.rate
		}
		p.put(6+n, number.with(func(k *look) { k.color = s.color }).shown(l.rate, true), v)
	}
	p.next(max(16, p.height(i.label, text, 2, 2)))
}

// progressChart draws one bar an indicator; 100 % is the target.
func (p *page) progressChart(row, head, first, last int) {
	year := strconv.Itoa(p.year)
	var bars []series
	for n, s := range progressStatuses {
		bars = append(bars, series{6 + n, s.color, ink})
	}
	p.add(chart{
		kind: excelize.Bar, title: say("progress.chart", "year", year), alt: say("progress.chart.alt", "year", year),
		header: head, first: first, last: last, categories: 1, series: bars, width: 900, height: 620,
		labels: `0" %"`, axis: `0" %"`, gap: 35, overlap: 100, legend: true, outside: true,
	}, 1, row)
}
