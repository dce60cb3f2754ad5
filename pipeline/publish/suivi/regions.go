package suivi

import (
	"maps"
	"slices"
	"strconv"

	"cp3/pipeline"
)

// regions is the page of the regions that have figures of their own, beside the
// nation's.
func (b *book) regions() error {
	codes := b.regionCodes()
	widths := []float64{6.5, 54}
	for range codes {
		widths = append(widths, min(20, max(10.5, 80/float64(len(codes)))))
	}
	p := b.newPage("regions", append(widths, 12)...)
	year := strconv.Itoa(b.year)
	p.titled(say("regions.title", "year", year), say("regions.note", "mark", notReported()))
	if len(codes) == 0 {
		p.line(plain, say("regions.none", "year", year))
		return p.end(p.row - 1)
	}
	head := p.row
	p.headed(slices.Concat([]string{say("column.code"), say("column.label")}, regionNames(codes), []string{say("regions.nation")})...)
	p.printTitles(head, head)
	p.freeze(head, 3)
	for _, i := range b.indicators {
		if b.inRegions(i.code, codes) {
			p.regionLines(i, codes)
		}
	}
	return p.end(p.row - 1)
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
	return slices.ContainsFunc(regions, func(r string) bool { return b.regional(code, r, pipeline.Total) != nil })
}

func (b *book) regional(code, region string, sex pipeline.Sex) *float64 {
	return b.values[valueKey{code: code, year: b.year, region: region, sex: sex}].value
}

func regionNames(codes []string) []string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = sayCode("region", c)
	}
	return names
}

// regionLines writes an indicator's line and, where they are told apart, women's.
func (p *page) regionLines(i indicator, codes []string) {
	for _, sex := range []pipeline.Sex{pipeline.Total, pipeline.Women} {
		everybody := sex == pipeline.Total
		told := slices.ContainsFunc(codes, func(r string) bool { return p.regional(i.code, r, sex) != nil })
		if !told {
			continue
		}
		name, label, figure := any(i.code), text, number
		says := i.label
		if !everybody {
			name, label, says = nil, text.with(func(l *look) { l.fill, l.indent = pale, 3 }), say("sex.line.F")
			figure.fill = pale
		}
		p.put(1, label.with(func(l *look) { l.bold, l.indent = true, 1 }), name)
		p.put(2, label, says)
		for n, c := range codes {
			v := p.regional(i.code, c, sex)
			p.put(3+n, figure.shown(v, i.percent()), v)
		}
		nation := p.national(i.code, p.year, sex).value
		p.put(3+len(codes), figure.with(func(l *look) { l.bold = everybody }).shown(nation, i.percent()), nation)
		p.next(max(16, p.height(says, label, 2, 2)))
	}
}
