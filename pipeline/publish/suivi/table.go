package suivi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/fold"
	"cp3/pipeline/wording"
)

// The columns of the follow-up table.
const (
	colCode = iota + 1
	colLabel
	colUnit
	colBase
	colPrevious
	colCurrent
	colTarget
	colRate
	colStatus
	colFinal
	colOrigin
	colNote
)

// table is the committee's follow-up table: one block a result, its notes below.
func (b *book) table() error {
	p := b.newPage("table", 6.5, 55, 6, 9.5, 9.5, 10.5, 10, 11, 14, 10, 10, 7)
	year := strconv.Itoa(b.year)
	p.titled(say("title", "year", year), say("subject")+" · "+b.origin())
	head := p.row
	p.headed(say("column.code"), say("column.label"), say("column.unit"), say("column.base"),
		say("column.value", "year", strconv.Itoa(b.year-1)), say("column.value", "year", year), say("column.target", "year", year),
		say("column.rate"), say("column.status"), say("column.final"), say("column.origin"), say("column.note"))
	p.printTitles(head, head)
	p.freeze(head, colUnit)
	for n, result := range b.results() {
		if n > 0 {
			p.breakPage()
		}
		p.result(result)
	}
	p.legend()
	return p.end(p.row - 1)
}

// result writes one result's indicators and, under them, the notes they call for.
func (p *page) result(result string) {
	p.across(1, len(p.widths), section, resultTitle(result))
	p.next(21)
	var notes []string
	for _, i := range p.indicators {
		if i.result != result {
			continue
		}
		var marks []string
		for _, said := range p.notesOn(i) {
			n := slices.Index(notes, said)
			if n < 0 {
				n, notes = len(notes), append(notes, said)
			}
			marks = append(marks, strconv.Itoa(n+1))
		}
		for _, sex := range p.shown(i, p.year) {
			p.indicatorLine(i, sex, strings.Join(marks, ", "))
		}
	}
	for n, said := range notes {
		p.line(note, fmt.Sprintf("(%d) %s", n+1, said))
	}
	p.next(9)
}

// resultTitle is the heading of a result: "Résultat 1" says what it is about.
func resultTitle(result string) string {
	key := "publication.result." + strings.ReplaceAll(fold.Key(result), " ", "_")
	if e, ok := wording.Lookup("fr", key); ok {
		return e.Text
	}
	return result
}

// indicatorLine writes one line of the table: everybody in bold, then each sex.
func (p *page) indicatorLine(i indicator, sex pipeline.Sex, mark string) {
	everybody := sex == pipeline.Total
	base, name := text, i.label
	if !everybody {
		base.fill, base.indent, name = pale, 3, say("sex.line."+string(sex))
	}
	centered := base.with(func(l *look) { l.align, l.indent = "center", 0 })
	p.put(colLabel, base, name)
	p.next(max(16, p.height(name, base, colLabel, colLabel)))
	p.row--
	for _, c := range []struct {
		col int
		l   look
		v   string
	}{{colCode, base.with(func(l *look) { l.bold, l.indent = true, 1 }), i.code}, {colUnit, centered, unitMark(i)}, {colNote, centered, mark}} {
		if !everybody {
			c.v = ""
		}
		p.put(c.col, c.l, emptyNil(c.v))
	}
	p.figures(i, p.Data.line(i.code, p.year, sex), sex, number.with(func(l *look) { l.bold, l.fill = everybody, base.fill }))
	origin := sayCode("origin", p.national(i.code, p.year, sex).origin)
	p.put(colOrigin, centered.with(func(l *look) { l.size = 9 }), emptyNil(origin))
	p.row++
}

// figures writes the figures of a line. Targets are set for everybody: on the
// lines by sex there is nothing to report, so those cells stay empty.
func (p *page) figures(i indicator, l line, sex pipeline.Sex, base look) {
	everybody := sex == pipeline.Total
	for _, c := range []struct {
		col   int
		v     *float64
		empty bool // when there is no value
	}{
		{colBase, l.base, false}, {colPrevious, l.previous, false}, {colCurrent, l.current, false},
		{colTarget, l.target, !everybody}, {colFinal, l.final, !everybody},
	} {
		if c.v == nil && c.empty {
			p.put(c.col, base, nil)
			continue
		}
		p.put(c.col, base.shown(c.v, i.percent()), c.v)
	}
	switch {
	case l.rate == nil && !everybody:
		p.put(colRate, base, nil)
	default:
		p.rate(colRate, l, base)
	}
	if everybody {
		p.put(colStatus, statusLook(l.status), sayCode("status", l.status))
	} else {
		p.put(colStatus, base, nil)
	}
}

// rate writes an achievement rate: not reported when the value isn't, and not
// applicable when there is a value but nothing to compare it with.
func (p *page) rate(col int, l line, base look) {
	if l.rate == nil && l.current != nil {
		p.put(col, absent(base), say("not_applicable"))
		return
	}
	p.put(col, base.shown(l.rate, true), l.rate)
}

func emptyNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// notesOn explains what a reader of the indicator's line must know: how a rate is
// made, what was flagged, why there is no rate. The same note serves several lines.
func (p *page) notesOn(i indicator) []string {
	var said []string
	v := p.national(i.code, p.year, pipeline.Total)
	if i.percent() && v.origin == "nominative" && v.numerator != nil && v.denominator != nil {
		said = append(said, say("note.ratio", "numerator", french(*v.numerator, 1), "denominator", french(*v.denominator, 1)))
	}
	for _, f := range v.flags {
		if f == "ecart_declare" && v.declared != nil {
			said = append(said, say("note.declared", "value", french(*v.declared, 1)))
			continue
		}
		said = append(said, sayCode("flag", f))
	}
	if l := p.Data.line(i.code, p.year, pipeline.Total); l.current != nil && l.target != nil && *l.target == 0 {
		said = append(said, say("note.no_target"))
	}
	return said
}

// legend explains the marks, once, under the last table.
func (p *page) legend() {
	p.line(note, say("legend", "mark", notReported(), "none", say("not_applicable")))
}

func unitMark(i indicator) string {
	if i.percent() {
		return "%"
	}
	return say("unit.count")
}

// statusLook colours a status; the word says the same.
func statusLook(status string) look {
	l := look{bold: true, align: "center", box: true, wrap: true, size: 9}
	switch status {
	case "atteint":
		l.color, l.fill = good, "E3F2EA"
	case "proche":
		l.color, l.fill = fair, "FBF0DD"
	case "insuffisant":
		l.color, l.fill = poor, "FAE6E4"
	default:
		l.color, l.bold, l.italic = muted, false, true
	}
	return l
}
