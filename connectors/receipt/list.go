package receipt

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cp3/connectors/receipt/patch"
	"cp3/pipeline"
)

// RowsListed is how many persons found several times, or rows of such, are listed.
const RowsListed = 60

// valueLength is how much of a value read is shown, in characters.
const valueLength = 300

func dateArgs(t time.Time) []any {
	return []any{"day", t.Format("02"), "month", t.Format("01"), "year", t.Format("2006"), "hour", t.Format("15"), "minute", t.Format("04")}
}

// same says which rows are one person. Twice on one sheet is worth a look, a line
// each; on several sheets (received, then enrolled) is what one hopes for: a
// paragraph. Of other members' lists, only that it is so.
func (p *page) same(a Answer, copied bool) {
	if len(a.SamePerson) == 0 && len(a.Elsewhere) == 0 {
		return
	}
	v := p.voice
	p.section(v.say("receipt.same.title"))
	var twice []Same
	var across []string
	for _, s := range a.SamePerson {
		switch {
		case len(s.Rows) < 2:
		case onOneSheetTwice(s):
			twice = append(twice, s)
		default:
			across = append(across, rowsText(s.Rows, "", " = "))
		}
	}
	if len(twice) > 0 {
		p.note(v.say("receipt.same.intro"))
	}
	for i, s := range twice {
		if i == RowsListed {
			p.note(v.say("receipt.same.more", "n", len(twice)-RowsListed))
			break
		}
		first := s.Rows[0]
		ref := pipeline.Ref(1, first.Row)
		row := p.add(19, p.text(colSheet, 0, cellLook, phrase{main: first.Sheet}), p.address(ref, first.Sheet, copied),
			p.text(colSeverity, colAction, cellLook, v.say("receipt.same.rows", "rows", rowsText(s.Rows, first.Sheet, ", "))))
		p.linkCell(row, first.Sheet, ref, copied)
	}
	if len(across) > 0 {
		p.rowsNote(v.say("receipt.same.across", "n", len(across)), strings.Join(shortened(across), " ; "))
	}
	if n := max(len(a.Elsewhere), a.ElsewhereRows); n > 0 {
		where := rowsText(a.Elsewhere[:min(len(a.Elsewhere), RowsListed)], "", ", ")
		if n > RowsListed {
			where += " …"
		}
		p.rowsNote(v.say("receipt.same.elsewhere", "n", n), where)
	}
	p.space(12)
}

// rowsNote is a remark with the rows it is about below it.
func (p *page) rowsNote(t phrase, rows string) {
	c := p.text(colSheet, colAction, noteLook, t)
	c.runs = append(c.runs, run{"\n" + rows, bodyFont})
	p.add(20, c)
}

func shortened(list []string) []string {
	if len(list) > RowsListed {
		return append(slices.Clone(list[:RowsListed]), "…")
	}
	return list
}

func onOneSheetTwice(s Same) bool {
	seen := map[string]bool{}
	for _, o := range s.Rows {
		if seen[o.Sheet] {
			return true
		}
		seen[o.Sheet] = true
	}
	return false
}

// rowsText names rows, sheet by sheet: "Accueil 12, 45, Formation 7". The sheet is
// not named when all are on the one said already.
func rowsText(rows []pipeline.Origin, said, separator string) string {
	var sheets []string
	bySheet := map[string][]string{}
	for _, o := range rows {
		if _, ok := bySheet[o.Sheet]; !ok {
			sheets = append(sheets, o.Sheet)
		}
		bySheet[o.Sheet] = append(bySheet[o.Sheet], strconv.Itoa(o.Row))
	}
	for i, s := range sheets {
		text := strings.Join(bySheet[s], ", ")
		if s != said || len(sheets) > 1 {
			text = s + " " + text
		}
		sheets[i] = text
	}
	return strings.Join(sheets, separator)
}

// problems lists what is wrong, and returns the line of its header.
func (p *page) problems(list []*problem, copied bool, lim Limits) int {
	v := p.voice
	p.section(v.say("receipt.problems.title").plus(" — ", p.counts(list)))
	if len(list) == 0 {
		p.note(v.say("receipt.problems.none"))
		return 0
	}
	p.note(v.say("receipt.problems.order"))
	var header []cell
	for i, key := range []string{"sheet", "cell", "severity", "value", "problem", "action"} {
		l := headerLook
		if i+1 == colSeverity {
			l.indent = 1 // as the coloured cells below
		}
		header = append(header, p.text(i+1, 0, l, v.say("receipt.column."+key)))
	}
	p.title = p.add(20, header...)
	for i, one := range list {
		if i == lim.Lines {
			p.note(v.say("receipt.problems.more", "n", len(list)-lim.Lines))
			break
		}
		p.problem(one, copied)
	}
	return p.title
}

// counts is "Erreur : 3 · Avertissement : 12".
func (p *page) counts(list []*problem) phrase {
	n := map[pipeline.Severity]int{}
	for _, one := range list {
		n[one.Severity]++
	}
	var out phrase
	for _, s := range []pipeline.Severity{pipeline.Blocking, pipeline.Error, pipeline.Warning} {
		switch t := p.voice.say("receipt.problems.count", "severity", s, "n", n[s]); {
		case n[s] == 0:
		case out.empty():
			out = t
		default:
			out = out.plus("  ·  ", t)
		}
	}
	return out
}

func (p *page) problem(one *problem, copied bool) {
	v := p.voice
	sheet := phrase{main: one.Sheet}
	if one.Sheet == "" {
		sheet = v.say("receipt.whole.file")
	}
	value := p.text(colValue, 0, valueRead, phrase{main: clip(one.Value, valueLength)})
	if one.Value == "" && one.Cell != "" {
		value = p.label(colValue, 0, look{font: font{size: 10.5, italic: true, colour: muted}, border: "below", middle: true}, v.say("receipt.value.empty"))
	}
	what := p.text(colProblem, 0, cellLook, one.text(v))
	if one.Field != "" {
		what.runs = append([]run{{one.field(v) + "\n", strongFont}}, what.runs...)
	}
	if one.repeated {
		again := v.say("receipt.repeated")
		what.runs = append(what.runs, run{"\n" + again.main, font{size: 9.5, italic: true, colour: amberInk}})
	}
	severity := p.text(colSeverity, 0, look{font: strongFont, fill: markColour(one.Severity), border: "below", middle: true, indent: 1}, one.severity(v))
	row := p.add(19, p.text(colSheet, 0, cellLook, sheet), p.address(one.Cell, one.Sheet, copied), severity, value, what,
		p.text(colAction, 0, cellLook, one.action(v)))
	p.linkCell(row, one.Sheet, one.Cell, copied)
}

// marks are the marks of each sheet: a cell with several problems takes the colour
// of the worst and the words of all.
func marks(list []*problem, v voice, signature string, lim Limits) map[string][]patch.Mark {
	type place struct{ sheet, cell string }
	index := map[place]int{}
	out := map[string][]patch.Mark{}
	comments := 0
	for _, one := range list {
		if one.Sheet == "" || one.row == 0 {
			continue
		}
		at := place{one.Sheet, pipeline.Ref(one.col, one.row)}
		if i, ok := index[at]; ok {
			if m := &out[one.Sheet][i]; m.Comment != "" {
				m.Comment += "\n\n" + one.comment(v)
			}
			continue
		}
		m := patch.Mark{Cell: at.cell, Colour: markColour(one.Severity)}
		if comments < lim.Comments {
			m.Comment = one.comment(v)
			comments++
		}
		index[at] = len(out[one.Sheet])
		out[one.Sheet] = append(out[one.Sheet], m)
	}
	for sheet := range out {
		for i := range out[sheet] {
			if m := &out[sheet][i]; m.Comment != "" {
				m.Comment = clip(m.Comment, 2000) + "\n" + signature
			}
		}
	}
	return out
}
