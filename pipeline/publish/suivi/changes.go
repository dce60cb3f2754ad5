package suivi

import (
	"strconv"
	"strings"
	"time"

	"cp3/pipeline"
)

// changes is the page of the values of the year that aren't what the edition
// before said.
func (b *book) changes() error {
	p := b.newPage("changes", 7, 44, 10, 22, 12, 12, 12, 34)
	changed := b.lastChanges()
	about := say("changes.note", "day", longDay(b.edition.Day))
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

// lastChanges are the values of the year that this edition changed.
func (b *book) lastChanges() []revision {
	var changed []revision
	for _, r := range b.revisions {
		ours := r.edition == b.edition.Number
		if r.edition == 0 { // a table that only has days
			ours = pipeline.DateOf(r.published.In(time.UTC)) == b.edition.Day
		}
		if r.year == b.year && ours {
			changed = append(changed, r)
		}
	}
	return changed
}

// causes names the files behind a change.
func (b *book) causes(r revision) string {
	var files []string
	for _, id := range r.causes {
		name := id
		for _, s := range b.received {
			if s.id == id {
				name = s.member + " : " + s.file
			}
		}
		files = append(files, name)
	}
	if len(files) == 0 {
		return say("changes.rules")
	}
	return strings.Join(files, "\n")
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
			span{8, 8, text, p.causes(r)})
	}
	p.others(len(changed), "revisions")
}
