package suivi

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cp3/pipeline"
)

// shownCauses bounds the files named beside a change.
const shownCauses = 4

// changes is the page of the values of the year that aren't what the edition
// before said: the nation's, and how many quarters' and regions' changed with them.
func (b *book) changes() error {
	p := b.newPage("changes", 6.5, 46, 10, 10, 10, 10, 10, 10, 46)
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
		p.changesTable(changed)
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

// change is what became of one indicator's national value of the year.
type change struct {
	indicator
	bySex  map[pipeline.Sex]revision
	causes []string
}

// nationalChanges splits revisions: the nation's year, by indicator in the committee's
// order, and how many others there are.
func (b *book) nationalChanges(revisions []revision) (national []change, others int) {
	for _, i := range b.indicators {
		c := change{indicator: i, bySex: map[pipeline.Sex]revision{}}
		for _, r := range revisions {
			if r.code == i.code && r.quarter == 0 && r.region == "" {
				c.bySex[r.sex] = r
				c.causes = append(c.causes, r.causes...)
			}
		}
		if len(c.bySex) > 0 {
			national = append(national, c)
		}
	}
	for _, r := range revisions {
		if r.quarter != 0 || r.region != "" {
			others++
		}
	}
	return national, others
}

func (p *page) changesTable(revisions []revision) {
	national, others := p.nationalChanges(revisions)
	sexes := []pipeline.Sex{pipeline.Total, pipeline.Women, pipeline.Men}
	head := p.row
	over := []span{{1, 1, header, nil}, {2, 2, header, nil}}
	under := []span{{1, 1, header, say("column.code")}, {2, 2, header, say("column.label")}}
	for n, sex := range sexes {
		col := 3 + 2*n
		over = append(over, span{col, col + 1, header, say("sex." + string(sex))})
		under = append(under, span{col, col, header, say("changes.before")}, span{col + 1, col + 1, header, say("changes.after")})
	}
	p.spans(append(over, span{9, 9, header, nil})...)
	p.spans(append(under, span{9, 9, header, say("changes.cause")})...)
	p.printTitles(head, head+1)
	p.freeze(head+1, 3)
	for _, c := range national {
		cells := []span{{1, 1, strong, c.code}, {2, 2, text, c.label}}
		for n, sex := range sexes {
			col := 3 + 2*n
			r, has := c.bySex[sex]
			if !has {
				same := emptyNil(p.unchanged(c.indicator, sex))
				cells = append(cells, span{col, col, count, same}, span{col + 1, col + 1, count, same})
				continue
			}
			cells = append(cells, span{col, col, number.shown(r.before, c.percent()), r.before},
				span{col + 1, col + 1, number.with(func(l *look) { l.bold = true }).shown(r.after, c.percent()), r.after})
		}
		p.spans(append(cells, span{9, 9, text.with(func(l *look) { l.size = 9 }), p.namesOf(c.causes)})...)
	}
	p.line(note, say("changes.others", "count", strconv.Itoa(others), "same", say("changes.same")))
}

// unchanged is the mark of a value that stayed as it was; none where there is no
// such value.
func (b *book) unchanged(i indicator, sex pipeline.Sex) string {
	if b.current(i.code, b.year, sex) == nil {
		return ""
	}
	return say("changes.same")
}

// namesOf names the files behind a change, the first few.
func (b *book) namesOf(ids []string) string {
	var files []string
	for _, id := range ids {
		name := id
		for _, s := range b.received {
			if s.id == id {
				name = s.member + " : " + s.file
			}
		}
		if !slices.Contains(files, name) {
			files = append(files, name)
		}
	}
	if len(files) == 0 {
		return say("changes.rules")
	}
	slices.Sort(files)
	if n := len(files) - shownCauses; n > 1 { // one more takes no more room than saying so
		files = append(files[:shownCauses], say("changes.more", "count", strconv.Itoa(n)))
	}
	return strings.Join(files, "\n")
}
