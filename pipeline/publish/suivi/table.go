package suivi

import (
	"fmt"
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
	p := b.newPage("table", 6.5, 55, 6, 9, 9, 10, 9, 11, 15, 9, 10, 6)
	year := strconv.Itoa(b.year)
	p.across(1, len(p.widths), title.with(func(l *look) { l.size = 15 }), say("title", "year", year))
	p.next(24)
	p.across(1, len(p.widths), subtitle.with(func(l *look) { l.size = 10 }), say("subject")+" · "+b.origin())
	p.next(18)
	first := p.row
	p.headed(say("column.code"), say("column.label"), say("column.unit"), say("column.base"),
		say("column.value", "year", strconv.Itoa(b.year-1)), say("column.value", "year", year), say("column.target", "year", year),
		say("column.rate"), say("column.status"), say("column.final"), say("column.origin"), say("column.note"))
	p.printTitles(first, first, colUnit)
	var breaks []int
	for n, result := range b.results() {
		if n > 0 {
			breaks = append(breaks, p.row)
		}
		p.result(result)
	}
	p.legend()
	for _, row := range breaks {
		p.keep(p.file.InsertPageBreak(p.name, pipeline.Ref(1, row)))
	}
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
		mark := ""
		if said := p.notesOn(i); said != "" {
			mark = fmt.Sprintf("(%d)", len(notes)+1)
			notes = append(notes, mark+" "+i.code+" : "+said)
		}
		for _, sex := range p.shown(i, p.year) {
			p.indicatorLine(i, sex, mark)
		}
	}
	for _, n := range notes {
		p.line(note, n)
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
	l := p.Data.line(i.code, p.year, sex)
	base := look{box: true, wrap: true}
	label := i.label
	if sex == pipeline.Total {
		base.bold = true
		p.put(colCode, base, i.code)
		p.put(colUnit, base.with(func(l *look) { l.align, l.bold = "center", false }), unitMark(i))
		p.put(colNote, base.with(func(l *look) { l.align, l.bold = "center", false }), mark)
	} else {
		base.fill = pale
		label = say("sex.line." + string(sex))
		for _, col := range []int{colCode, colUnit, colNote} {
			p.put(col, base, nil)
		}
	}
	p.put(colLabel, base.with(func(l *look) {
		if sex != pipeline.Total {
			l.indent = 2
		}
		l.bold = false
	}), label)
	p.figures(i, l, base, sex)
	p.next(max(16, p.height(label, base.with(func(l *look) { l.bold = false }), colLabel, colLabel)))
}

// figures writes the figures of a line. Targets are set for everybody: on the
// lines by sex there is nothing to report, so those cells stay empty.
func (p *page) figures(i indicator, l line, base look, sex pipeline.Sex) {
	number := func(col int, v *float64, percent bool) {
		p.put(col, base.with(func(l *look) { l.align, l.format, l.wrap = "right", numberFormat(v, percent), false }), v)
	}
	number(colBase, l.base, i.percent())
	number(colPrevious, l.previous, i.percent())
	number(colCurrent, l.current, i.percent())
	for _, c := range []struct {
		col     int
		v       *float64
		percent bool
	}{{colTarget, l.target, i.percent()}, {colFinal, l.final, i.percent()}} {
		if sex != pipeline.Total && c.v == nil {
			p.put(c.col, base, nil)
			continue
		}
		number(c.col, c.v, c.percent)
	}
	switch {
	case l.rate != nil:
		number(colRate, l.rate, true)
	case sex != pipeline.Total:
		p.put(colRate, base, nil)
	case l.current != nil:
		p.put(colRate, absent(base.with(func(l *look) { l.align = "right" })), say("not_applicable"))
	default:
		number(colRate, nil, true)
	}
	if sex == pipeline.Total {
		p.put(colStatus, statusLook(l.status), sayCode("status", l.status))
	} else {
		p.put(colStatus, base, nil)
	}
	origin := p.national(i.code, p.year, sex).origin
	p.put(colOrigin, base.with(func(l *look) { l.bold, l.size, l.align = false, 9, "center" }), emptyNil(sayCode("origin", origin)))
}

func emptyNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// notesOn explains what a reader of the indicator's line must know: how a rate is
// made, and what was flagged.
func (p *page) notesOn(i indicator) string {
	var said []string
	v := p.national(i.code, p.year, pipeline.Total)
	if i.percent() && v.numerator != nil && v.denominator != nil {
		said = append(said, say("note.ratio", "numerator", french(*v.numerator, 1), "denominator", french(*v.denominator, 1)))
	}
	for _, f := range v.flags {
		said = append(said, sayCode("flag", f))
	}
	if l := p.Data.line(i.code, p.year, pipeline.Total); l.current != nil && l.target != nil && *l.target == 0 {
		said = append(said, say("note.no_target"))
	}
	return strings.Join(said, " ")
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
	case "en_cours":
		l.color, l.fill = fair, "FBF0DD"
	case "non_atteint":
		l.color, l.fill = poor, "FAE6E4"
	default:
		l.color, l.bold, l.italic = muted, false, true
	}
	return l
}
