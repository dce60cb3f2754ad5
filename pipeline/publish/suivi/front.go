package suivi

import (
	"strconv"

	"cp3/pipeline"
)

// headline are the indicators the first page shows as key figures.
var headline = []string{"1.1", "1.2", "2.1", "2.2"}

// statusOrder is how statuses are counted on the first page; others follow.
var statusOrder = []string{"atteint", "en_cours", "non_atteint", "sans_cible", "non_renseigne"}

// front is the page to read first: the year in figures, how many targets are
// reached, and how to read the rest.
func (b *book) front() error {
	p := b.newPage("front", 15, 15, 3, 15, 15, 3, 15, 15, 3, 15, 15)
	last := len(p.widths)
	p.across(1, last, title, say("title", "year", strconv.Itoa(b.year)))
	p.next(30)
	p.across(1, last, subtitle, say("subject"))
	p.next(18)
	p.across(1, last, subtitle, b.origin())
	p.next(18)
	p.next(8)
	p.keyFigures()
	p.next(14)
	p.statuses()
	p.next(14)
	p.reading()
	return p.end(p.row - 1)
}

// keyFigures are four tiles: the figure, what it counts, the share of women.
func (p *page) keyFigures() {
	top := p.row
	tallest := 0.0
	for n, code := range headline {
		i, ok := p.indicator(code)
		if !ok {
			continue
		}
		first := 1 + 3*n
		l := p.Data.line(code, p.year, pipeline.Total)
		figure := look{size: 26, bold: true, color: deep, fill: band, align: "center", format: numberFormat(l.current, i.percent())}
		small := look{size: 9, color: ink, fill: band, align: "center", wrap: true, vertical: "top"}
		p.row = top
		p.across(first, first+1, figure, l.current)
		p.row++
		p.across(first, first+1, small, i.label)
		tallest = max(tallest, p.height(i.label, small, first, first+1)+6)
		p.row++
		p.across(first, first+1, small.with(func(l *look) { l.bold, l.vertical, l.color = true, "", womenFill }), p.womenOf(i))
	}
	p.row = top
	p.next(42)
	p.next(tallest)
	p.next(20)
}

// womenOf says how many of an indicator's persons are women.
func (p *page) womenOf(i indicator) string {
	women, all := p.Data.line(i.code, p.year, pipeline.Women).current, p.Data.line(i.code, p.year, pipeline.Total).current
	if i.percent() || women == nil || !some(all) {
		return say("front.no_women")
	}
	return say("front.women", "women", french(*women, 0), "share", french(100**women / *all, 1))
}

func (b *book) indicator(code string) (indicator, bool) {
	for _, i := range b.indicators {
		if i.code == code {
			return i, true
		}
	}
	return indicator{}, false
}

// statuses counts the indicators by what became of their target.
func (p *page) statuses() {
	codes := map[string][]string{}
	order := append([]string(nil), statusOrder...)
	for _, i := range p.indicators {
		s := p.Data.line(i.code, p.year, pipeline.Total).status
		if _, seen := codes[s]; !seen && !contains(order, s) {
			order = append(order, s)
		}
		codes[s] = append(codes[s], i.code)
	}
	p.across(1, len(p.widths), heading, say("front.statuses", "year", strconv.Itoa(p.year), "count", strconv.Itoa(len(p.indicators))))
	p.next(22)
	for _, s := range order {
		if len(codes[s]) == 0 {
			continue
		}
		p.across(1, 2, statusLook(s).with(func(l *look) { l.align = "left"; l.indent = 1 }), sayCode("status", s))
		p.across(3, 4, look{bold: true, align: "center", box: true}, len(codes[s]))
		list := join(codes[s])
		p.across(5, len(p.widths), text, list)
		p.next(max(18, p.height(list, text, 5, len(p.widths))))
	}
}

// reading says how to read the workbook.
func (p *page) reading() {
	p.across(1, len(p.widths), heading, say("front.reading"))
	p.next(22)
	for _, key := range []string{"not_reported", "persons", "sexes", "sources", "sheets"} {
		p.line(plain, say("front.reading."+key, "mark", notReported()))
	}
}
