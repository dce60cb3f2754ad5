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
	day, changed := b.lastChanges()
	about := say("changes.note", "day", longDay(day))
	switch {
	case !b.revised:
		about = say("changes.unknown")
	case len(changed) == 0:
		about = say("changes.none", "year", strconv.Itoa(b.year))
	}
	p.titled(say("changes.title", "year", strconv.Itoa(b.year)), about)
	if len(changed) > 0 {
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
	p.printTitles(head)
	p.freeze(head, 3)
	for _, r := range changed[:min(len(changed), shownRows)] {
		i, _ := p.indicator(r.code)
		region := say("regions.nation")
		if r.region != "" {
			region = sayCode("region", r.region)
		}
		p.spans(span{1, 1, strong, r.code}, span{2, 2, text, i.label}, span{3, 3, count, pipeline.Period{Year: r.year, Quarter: r.quarter}.String()},
			span{4, 4, text, region}, span{5, 5, count, say("sex." + string(r.sex))},
			span{6, 6, number.shown(r.before, i.percent()), r.before}, span{7, 7, number.shown(r.after, i.percent()), r.after},
			span{8, 8, text, emptyNil(r.cause)})
	}
	p.others(len(changed), "revisions")
}
