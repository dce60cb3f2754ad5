package suivi

import (
	"maps"
	"slices"
	"strconv"

	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// regions is the page of the regions that have figures of their own, beside the
// nation's.
func (b *book) regions() error {
	codes := b.regionCodes()
	widths := []float64{6.5, 46}
	for range codes {
		widths = append(widths, max(9, 60/float64(len(codes))))
	}
	p := b.newPage("regions", append(widths, 11)...)
	year := strconv.Itoa(b.year)
	p.across(1, len(p.widths), title.with(func(l *look) { l.size = 15 }), say("regions.title", "year", year))
	p.next(24)
	p.line(note, say("regions.note", "mark", notReported()))
	p.row++
	if len(codes) == 0 {
		p.line(plain, say("regions.none", "year", year))
		return p.end(p.row - 1)
	}
	head := p.row
	p.headed(slices.Concat([]string{say("column.code"), say("column.label")}, regionNames(codes), []string{say("regions.nation")})...)
	p.printTitles(head, head, 3)
	first := p.row
	for _, i := range b.indicators {
		if b.inRegions(i.code, codes) {
			p.regionLine(i, codes)
		}
	}
	p.row++
	p.regionChart(head, first, p.row-2, len(codes))
	return p.end(p.row)
}

// regionCodes are the regions with a value in the year.
func (b *book) regionCodes() []string {
	codes := map[string]bool{}
	for k, v := range b.values {
		if k.year == b.year && k.quarter == 0 && k.region != "" && v.value != nil {
			codes[k.region] = true
		}
	}
	return slices.Sorted(maps.Keys(codes))
}

func (b *book) inRegions(code string, regions []string) bool {
	return slices.ContainsFunc(regions, func(r string) bool { return b.regional(code, r).value != nil })
}

func (b *book) regional(code, region string) value {
	return b.values[valueKey{code: code, year: b.year, region: region, sex: pipeline.Total}]
}

func regionNames(codes []string) []string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = sayCode("region", c)
	}
	return names
}

func (p *page) regionLine(i indicator, codes []string) {
	p.put(1, text.with(func(l *look) { l.bold = true }), i.code)
	p.put(2, text, i.label)
	number := func(col int, v *float64, bold bool) {
		p.put(col, look{box: true, align: "right", bold: bold, format: numberFormat(v, i.percent())}, v)
	}
	for n, c := range codes {
		number(3+n, p.regional(i.code, c).value, false)
	}
	number(3+len(codes), p.national(i.code, p.year, pipeline.Total).value, true)
	p.next(max(17, p.height(i.label, text, 2, 2)))
}

// regionChart compares the regions on the indicators that count persons.
func (p *page) regionChart(head, first, last, regions int) {
	colors := []string{deep, menFill, womenFill, "C98B2B", "7A93A3", "A14D6B", "4F7F3A", "8C6D46", "3B6FB6", "B9A23C", "5C5C8A", "9AA5AB"}
	var bars []series
	for n := range regions {
		bars = append(bars, series{3 + n, colors[n%len(colors)], ink})
	}
	p.add(chart{
		kind: excelize.Col, title: say("regions.chart", "year", strconv.Itoa(p.year)), alt: say("regions.chart.alt", "year", strconv.Itoa(p.year)),
		header: head, first: first, last: last, categories: 1, series: bars, width: 880, height: 320, format: "#,##0",
		gap: 50, overlap: -5, legend: true,
	}, 1, p.row)
	p.row += 17
}
