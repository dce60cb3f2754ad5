package suivi

import (
	"slices"
	"strconv"

	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// progressStatuses are the statuses a bar can have, each a series of its colour.
var progressStatuses = []struct {
	status, color string
}{{"atteint", good}, {"en_cours", "E0A030"}, {"non_atteint", poor}}

// progress is the page of targets: what was reached in percent of the year's
// target, as figures and as bars coloured by status.
func (b *book) progress() error {
	p := b.newPage("progress", 6.5, 50, 10, 10, 10, 11, 11, 11)
	year := strconv.Itoa(b.year)
	p.across(1, len(p.widths), title.with(func(l *look) { l.size = 15 }), say("progress.title", "year", year))
	p.next(24)
	p.line(subtitle.with(func(l *look) { l.size, l.wrap = 10, true }), say("progress.subtitle", "none", say("not_applicable")))
	head := p.row
	labels := []string{say("column.code"), say("column.label"), say("column.value", "year", year), say("column.target", "year", year), say("column.rate")}
	for _, s := range progressStatuses {
		labels = append(labels, sayCode("status", s.status))
	}
	p.headed(labels...)
	first := p.row
	for _, i := range b.indicators {
		p.progressLine(i)
	}
	last := p.row - 1
	p.line(note, say("progress.note"))
	p.keep(p.file.InsertPageBreak(p.name, pipeline.Ref(1, p.row)))
	p.progressChart(head, first, last)
	p.printTitles(head, head, 3)
	return p.end(p.row)
}

func (p *page) progressLine(i indicator) {
	l := p.Data.line(i.code, p.year, pipeline.Total)
	p.put(1, text.with(func(l *look) { l.bold = true }), i.code)
	p.put(2, text, i.label)
	number := look{box: true, align: "right"}
	p.put(3, number.with(func(k *look) { k.format = numberFormat(l.current, i.percent()) }), l.current)
	p.put(4, number.with(func(k *look) { k.format = numberFormat(l.target, i.percent()) }), l.target)
	rate := number.with(func(k *look) { k.format, k.bold = numberFormat(l.rate, true), true })
	if l.rate == nil && l.current != nil {
		p.put(5, absent(rate), say("not_applicable"))
	} else {
		p.put(5, rate, l.rate)
	}
	at := slices.IndexFunc(progressStatuses, func(s struct{ status, color string }) bool { return s.status == l.status })
	for n, s := range progressStatuses {
		var v any
		if l.rate != nil && (n == at || at < 0 && n == 1) {
			v = *l.rate
		}
		p.put(6+n, number.with(func(k *look) { k.color, k.format = s.color, numberFormat(l.rate, true) }), v)
	}
	p.next(max(16, p.height(i.label, text, 2, 2)))
}

// progressChart draws one bar an indicator; 100 % is the target.
func (p *page) progressChart(head, first, last int) {
	year := strconv.Itoa(p.year)
	var bars []series
	for n, s := range progressStatuses {
		bars = append(bars, series{6 + n, s.color, ink})
	}
	p.add(chart{
		kind: excelize.BarStacked, title: say("progress.chart", "year", year), alt: say("progress.chart.alt", "year", year),
		header: head, first: first, last: last, categories: 1, series: bars, width: 880, height: 620, format: `0" %"`,
		gap: 35, overlap: 100, legend: true,
	}, 1, p.row)
	p.row += 32
}
