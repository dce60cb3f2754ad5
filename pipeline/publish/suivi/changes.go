package suivi

import (
	"strconv"
	"time"

	"cp3/pipeline"
)

// changes is the page of the values of the year that aren't what the edition
// before said.
func (b *book) changes() error {
	p := b.newPage("changes", 7, 44, 10, 22, 12, 12, 12, 24)
	p.across(1, len(p.widths), title.with(func(l *look) { l.size = 15 }), say("changes.title", "year", strconv.Itoa(b.year)))
	p.next(24)
	day, changed := b.lastChanges()
	switch {
	case !b.revised:
		p.line(plain, say("changes.unknown"))
	case len(changed) == 0:
		p.line(plain, say("changes.none", "year", strconv.Itoa(b.year)))
	default:
		p.line(note, say("changes.note", "day", longDay(day)))
		p.revisionsTable(changed)
	}
	return p.end(p.row - 1)
}

// lastChanges are the revisions of the year published with this edition, or, when
// it changed nothing, none.
func (b *book) lastChanges() (pipeline.Date, []revision) {
	day := b.edition.Day
	var changed []revision
	for _, r := range b.revisions {
		if r.year == b.year && pipeline.DateOf(r.published.In(time.UTC)) == day {
			changed = append(changed, r)
		}
	}
	return day, changed
}

func (p *page) revisionsTable(changed []revision) {
	head := p.row
	p.headed(say("column.code"), say("column.label"), say("column.period"), say("column.region"), say("column.sex"),
		say("changes.before"), say("changes.after"), say("changes.cause"))
	p.printTitles(head, head, 3)
	for _, r := range changed[:min(len(changed), shownRows)] {
		i, _ := p.indicator(r.code)
		region := say("regions.nation")
		if r.region != "" {
			region = sayCode("region", r.region)
		}
		p.texts(r.code, i.label, pipeline.Period{Year: r.year, Quarter: r.quarter}.String(), region, say("sex."+string(r.sex)))
		for n, v := range []*float64{r.before, r.after} {
			p.put(6+n, look{box: true, align: "right", format: numberFormat(v, i.percent())}, v)
		}
		p.put(8, text.with(func(l *look) { l.size = 9 }), emptyNil(r.cause))
		p.next(max(16, p.height(i.label, text, 2, 2), p.height(region, text, 4, 4), p.height(r.cause, text, 8, 8)))
	}
	p.others(len(changed), "revisions")
}
