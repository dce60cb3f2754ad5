package suivi

import (
	"slices"
	"strconv"
	"strings"

	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// headline are the indicators the first page shows as key figures.
var headline = []string{"1.1", "1.2", "2.1", "2.2"}

// statusOrder is how statuses are counted on the first page; others follow.
var statusOrder = []string{"atteint", "proche", "insuffisant", "sans_cible", "non_renseigne"}

// front is the page to read first: the year in figures, how many targets are
// reached, what the figures rest on, how to read them, and where the rest is.
func (b *book) front() error {
	p := b.newPage("front", 15, 15, 3, 15, 15, 3, 15, 15, 3, 15, 15)
	one := 1
	p.keep(p.file.SetPageLayout(p.name, &excelize.PageLayoutOptions{FitToHeight: &one}))
	last := len(p.widths)
	p.across(1, last, title, say("title", "year", strconv.Itoa(b.year)))
	p.next(30)
	p.across(1, last, subtitle, say("subject"))
	p.next(18)
	p.across(1, last, subtitle, b.origin())
	p.next(18)
	p.next(8)
	p.keyFigures()
	p.next(12)
	p.statuses()
	p.next(12)
	p.restsOn()
	p.next(12)
	p.reading()
	p.next(12)
	p.contents()
	return p.end(p.row - 1)
}

// keyFigures are tiles: the figure, what it counts, how many are women.
func (p *page) keyFigures() {
	top, tallest := p.row, 0.0
	small := look{size: 9, color: ink, fill: band, align: "center", wrap: true}
	for n, code := range headline {
		i, ok := p.indicator(code)
		if !ok {
			continue
		}
		first := 1 + 3*n
		l := p.Data.line(code, p.year, pipeline.Total)
		p.row = top
		p.across(first, first+1, look{size: 26, bold: true, color: deep, fill: band, align: "center"}.shown(l.current, i.percent()), l.current)
		p.row++
		p.across(first, first+1, small, i.label)
		tallest = max(tallest, p.height(i.label, small, first, first+1)+6)
		p.row++
		p.across(first, first+1, small.with(func(l *look) { l.bold, l.color = true, womenFill }), p.womenOf(i))
	}
	p.row = top
	p.next(42)
	p.next(tallest)
	p.next(20)
}

// womenOf says how many of an indicator's persons are women.
func (p *page) womenOf(i indicator) string {
	women, all := p.current(i.code, p.year, pipeline.Women), p.current(i.code, p.year, pipeline.Total)
	if i.percent() || women == nil || !some(all) {
		return say("front.no_women")
	}
	return say("front.women", "women", french(*women, 0), "share", french(*share(women, all), 1))
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
	order := slices.Clone(statusOrder)
	for _, i := range p.indicators {
		s := p.Data.line(i.code, p.year, pipeline.Total).status
		if !slices.Contains(order, s) {
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
		p.across(1, 2, statusLook(s).with(func(l *look) { l.align, l.indent, l.size = "left", 1, 10 }), sayCode("status", s))
		p.across(3, 4, count.with(func(l *look) { l.bold = true }), len(codes[s]))
		list := strings.Join(codes[s], ", ")
		p.across(5, len(p.widths), text, list)
		p.next(max(18, p.height(list, text, 5, len(p.widths))))
	}
}

// restsOn says what the edition was made from, and what it corrects.
func (p *page) restsOn() {
	tally := map[string]int{}
	for _, e := range p.complete {
		if p.thisYear(e.period) {
			tally[e.status]++
		}
	}
	received := tally["a_temps"] + tally["en_retard"]
	due := received + tally["manquant"]
	changed, _ := p.nationalChanges(p.lastChanges())
	p.across(1, len(p.widths), heading, say("front.rests"))
	p.next(22)
	year := strconv.Itoa(p.year)
	if due > 0 {
		p.line(plain, say("front.rests.reports", "year", year, "received", strconv.Itoa(received), "expected", strconv.Itoa(due),
			"late", strconv.Itoa(tally["en_retard"]), "missing", strconv.Itoa(tally["manquant"])))
	}
	p.line(plain, say("front.rests.changes", "count", strconv.Itoa(len(changed)), "year", year))
}

// reading says how to read the workbook.
func (p *page) reading() {
	p.across(1, len(p.widths), heading, say("front.reading"))
	p.next(22)
	for _, key := range []string{"not_reported", "persons", "sexes", "sources"} {
		p.line(plain, say("front.reading."+key, "mark", notReported()))
	}
}

// contents links to the other sheets.
func (p *page) contents() {
	p.across(1, len(p.widths), heading, say("front.contents"))
	p.next(22)
	for _, key := range []string{"table", "sexes", "progress", "regions", "quality", "changes", "definitions"} {
		name := say("sheet." + key)
		p.across(1, 2, look{bold: true, color: deep, underline: true}, name)
		p.keep(p.file.SetCellHyperLink(p.name, pipeline.Ref(1, p.row), "'"+name+"'!A1", "Location"))
		p.across(3, len(p.widths), plain, say("front.contents."+key, "year", strconv.Itoa(p.year)))
		p.next(16)
	}
}
