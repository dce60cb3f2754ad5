package receipt

import (
	"fmt"
	"path"
	"strings"

	"cp3/connectors/receipt/patch"
	"cp3/pipeline"
)

// layout is the answer's page, as the sheet of that name. copied says that the workbook comes with it, so
// that addresses can be links.
func layout(a Answer, list []*problem, copied bool, name string, lim Limits) *page {
	v := voiceOf(a.Lang)
	p := &page{voice: v, name: name, footer: footer(a, v).main + " — " + string(a.Received.Member),
		styles: map[look]int{}, fonts: map[font]string{}}
	p.banner(a)
	p.facts(a)
	jump := p.how(a, list, copied)
	p.published(a)
	p.bridge(a)
	p.same(a, copied)
	p.changes(a)
	p.moves(a, copied)
	header := p.problems(list, copied, lim)
	if jump > 0 {
		p.pointTo(jump, header)
	}
	return p
}

// footer names the answer at the foot of each printed page.
func footer(a Answer, v voice) phrase {
	if a.checked() {
		return v.say("receipt.checked.footer")
	}
	return v.say("receipt.footer", "number", a.Received.Seq)
}

// banner is the status and, below, what it means for the reader.
func (p *page) banner(a Answer) {
	t := toneOf(a.Status)
	status := p.voice.say("status." + string(a.Status))
	p.add(38, p.label(colSheet, colAction, look{font: font{size: 18, bold: true, colour: t.ink}, fill: t.paper, middle: true, indent: 1}, status))
	p.add(26, p.text(colSheet, colAction, look{font: font{size: 11.5, colour: t.ink}, fill: t.paper, middle: true, indent: 1}, p.lead(a)))
	if a.checked() {
		p.add(20, p.text(colSheet, colAction, look{font: font{size: 10.5, bold: true, colour: t.ink}, fill: t.paper, middle: true, indent: 1},
			p.voice.say("receipt.checked")))
	}
	if a.Replaces != nil {
		o := *a.Replaces
		p.add(20, p.text(colSheet, colAction, look{font: font{size: 10.5, colour: t.ink}, fill: t.paper, middle: true, indent: 1},
			p.voice.say("receipt.replaces", "date", o.At, "number", o.Number, "file", o.FileName)))
	}
	p.space(8)
}

// lead is the one sentence that says what became of the file and what to do.
func (p *page) lead(a Answer) phrase {
	about := func(key string, o *Other) phrase {
		if o == nil {
			return p.voice.say(key)
		}
		return p.voice.say(key+"_"+map[string]string{"receipt.lead.doublon": "of", "receipt.lead.remplacee": "by"}[key],
			"date", o.At, "number", o.Number, "file", o.FileName)
	}
	switch a.Status {
	case pipeline.Double:
		return about("receipt.lead.doublon", a.DoubleOf)
	case pipeline.Replaced:
		return about("receipt.lead.remplacee", a.ReplacedBy)
	case pipeline.Rejected:
		return p.voice.say("receipt.lead.rejetee")
	case pipeline.Reserved:
		for _, i := range a.Reading.Issues {
			if i.Severity == pipeline.Error {
				return p.voice.say("receipt.lead.errors")
			}
		}
		return p.voice.say("receipt.lead.warnings")
	}
	return p.voice.say("receipt.lead.acceptee")
}

// facts are who, what, when on the left, and the proof and counts on the right.
func (p *page) facts(a Answer) {
	v := p.voice
	known := func(s string) phrase {
		if s == "" {
			return v.say("receipt.fact.unknown")
		}
		return phrase{main: s}
	}
	member := v.text(a.MemberName)
	if member.main == "" {
		member = phrase{main: string(a.Received.Member)}
	} else {
		member.main += " (" + string(a.Received.Member) + ")"
	}
	receipt, at := phrase{main: fmt.Sprint(a.Received.Seq)}, "received"
	if a.checked() {
		receipt, at = v.say("receipt.checked.number"), "checked"
	}
	number := func(n int) phrase { return phrase{main: figure(v.lang, float64(n))} }
	for _, row := range []struct {
		left       string
		leftValue  phrase
		right      string
		rightValue phrase
	}{
		{"member", member, "number", receipt},
		{"structure", known(a.Reading.Structure), "read", number(a.Reading.RowsRead)},
		{"period", v.period(a.Reading.Period), "kept", number(a.Kept)},
		{"file", known(path.Base(a.Received.Path)), "refused", number(a.Refused)},
		{at, v.say("receipt.date", dateArgs(a.Received.At)...), "duplicates", number(a.Duplicates)},
	} {
		p.add(19,
			p.label(colSheet, 0, labelLook, v.say("receipt.fact."+row.left)),
			p.text(colCell, colValue, valueLook, row.leftValue),
			p.label(colProblem, 0, rightLabel, v.say("receipt.fact."+row.right)),
			p.text(colAction, 0, valueLook, row.rightValue))
	}
	p.add(19, p.label(colSheet, 0, labelLook, v.say("receipt.fact.sha256")),
		p.text(colCell, colAction, hashLook, phrase{main: a.Received.SHA256}))
	p.space(12)
}

// how says how to correct, when there is something to. It returns the line of the
// link to the problems, 0 without one.
func (p *page) how(a Answer, list []*problem, copied bool) int {
	if len(list) == 0 || a.Status == pipeline.Double || a.Status == pipeline.Replaced {
		return 0
	}
	key := "receipt.how.text"
	if !copied {
		key = "receipt.how.alone"
	}
	folder := "depot/" + path.Dir(a.Received.Path)
	p.add(22, p.label(colSheet, colAction, look{font: strongFont, fill: tint, middle: true, indent: 1}, p.voice.say("receipt.how.title")))
	p.add(30, p.text(colSheet, colAction, calloutLook, p.voice.say(key, "folder", folder)))
	jump := p.add(22,
		p.text(colSheet, 0, look{font: linkFont, fill: tint, middle: true, indent: 1, single: true}, phrase{main: " "}),
		p.label(colCell, colAction, look{font: bodyFont, fill: tint, middle: true}, p.voice.say("receipt.problems.go")))
	p.space(12)
	return jump
}

// pointTo writes the link to the problems, once their place is known.
func (p *page) pointTo(jump, header int) {
	l := &p.lines[jump-1]
	l.cells[0].runs[0].text = pipeline.Ref(colSheet, header)
	p.link(jump, colSheet, patch.Location(p.name, pipeline.Ref(colSheet, header)))
}

func (p *page) section(title phrase) {
	p.add(24, p.label(colSheet, colAction, titleLook, title))
}

func (p *page) note(t phrase) { p.add(20, p.text(colSheet, colAction, noteLook, t)) }

// published lists what the file contributes to each indicator.
func (p *page) published(a Answer) {
	if a.Status == pipeline.Double || a.Status == pipeline.Replaced {
		return
	}
	v := p.voice
	p.section(v.say("receipt.published.title"))
	switch {
	case a.Status == pipeline.Rejected:
		p.note(v.say("receipt.published.none"))
		p.space(12)
		return
	case len(a.Contributions) == 0:
		p.note(v.say("receipt.published.zero"))
		p.space(12)
		return
	}
	p.add(20, p.label(colSheet, colValue, headerLook, v.say("receipt.column.indicator")),
		p.label(colProblem, 0, headerLook, v.say("receipt.column.by_sex")),
		p.label(colAction, 0, headerLook, v.say("receipt.column.total")))
	for _, c := range a.Contributions {
		p.add(19, p.indicator(c.Code, c.Label), p.bySex(c), p.text(colAction, 0, totalLook, v.value(c.Total, c.Unit)))
	}
	p.note(v.say("receipt.published.note"))
	p.space(12)
}

// indicator is the cell that names an indicator.
func (p *page) indicator(code string, label pipeline.Text) cell {
	t := p.voice.text(label)
	t.main = code + "  " + t.main
	return p.text(colSheet, colValue, cellLook, t)
}

// bySex is the cell with an indicator's figures: bold numbers, quiet words.
func (p *page) bySex(c Contribution) cell {
	out := cell{col: colProblem, look: cellLook}
	if c.Women == nil && c.Men == nil && c.NotDeclared == nil {
		out.runs = []run{{"—", mutedFont}}
		return out
	}
	for i, part := range []struct {
		value *float64
		key   string
	}{{c.Women, "receipt.women"}, {c.Men, "receipt.men"}, {c.NotDeclared, "receipt.not_declared"}} {
		if i > 0 {
			out.runs = append(out.runs, run{"   ·   ", mutedFont})
		}
		word := p.voice.say(part.key).main
		if part.value == nil {
			out.runs = append(out.runs, run{word + " " + p.voice.value(nil, "").main, mutedFont})
			continue
		}
		out.runs = append(out.runs, run{p.voice.value(part.value, c.Unit).main, strongFont}, run{" " + word, mutedFont})
	}
	return out
}

// bridge leads from declared to published, one line an indicator and sex.
func (p *page) bridge(a Answer) {
	if len(a.Bridge) == 0 || a.Status == pipeline.Rejected {
		return
	}
	v := p.voice
	p.section(v.say("receipt.bridge.title"))
	for _, b := range a.Bridge {
		steps := v.say("receipt.bridge.rows", "n", b.Rows)
		for _, s := range []struct {
			key string
			n   int
		}{{"refused", b.Refused}, {"period", b.OutOfPeriod}, {"duplicates", b.Duplicates}, {"elsewhere", b.Elsewhere}} {
			if s.n != 0 {
				steps = steps.plus("  ·  ", v.say("receipt.bridge."+s.key, "n", s.n))
			}
		}
		declared := v.say("receipt.bridge.undeclared")
		if b.Declared != nil {
			declared = v.say("receipt.bridge.declared", "value", b.Declared)
		}
		name := p.indicator(b.Code, b.Label)
		name.runs = append(name.runs, run{"  " + v.say("receipt.sex."+string(b.Sex)).main, strongFont})
		p.add(19, name, p.text(colProblem, 0, cellLook, declared.plus("\n", steps)),
			p.text(colAction, 0, totalLook, v.say("receipt.bridge.published", "n", b.Published)))
	}
	p.space(12)
}

// changes says what a resubmission changed.
func (p *page) changes(a Answer) {
	c := a.Changes
	if c == nil {
		return
	}
	v := p.voice
	p.section(v.say("receipt.changes.title"))
	p.note(v.say("receipt.changes.since", "file", c.Since.FileName, "date", c.Since.At, "number", c.Since.Number,
		"added", c.Added, "removed", c.Removed, "changed", c.Changed))
	if len(c.Effects) == 0 {
		p.note(v.say("receipt.changes.none"))
	}
	for _, e := range c.Effects {
		effect := v.both(func(lang string) string {
			return voice{lang}.say("receipt.changes.effect", "before", value1(lang, e.Before, e.Unit), "after", value1(lang, e.After, e.Unit)).main
		})
		if effect.french != "" {
			// Figures alone have no direction: this says it.
			effect = phrase{main: "\u200f" + effect.main + "\u200f"}
		}
		p.add(19, p.indicator(e.Code, e.Label), p.text(colProblem, colAction, totalLook, effect))
	}
	p.space(12)
}

// moves says what the reader had to guess about the layout.
func (p *page) moves(a Answer, copied bool) {
	if len(a.Reading.Moves) == 0 {
		return
	}
	p.section(p.voice.say("receipt.moves.title"))
	p.note(p.voice.say("receipt.moves.intro"))
	for _, i := range a.Reading.Moves {
		m := &problem{Issue: i}
		if i.Sheet == "" {
			p.add(19, p.text(colSheet, colAction, cellLook, m.text(p.voice)))
			continue
		}
		row := p.add(19, p.text(colSheet, 0, cellLook, phrase{main: i.Sheet}), p.address(i.Cell, i.Sheet, copied),
			p.text(colSeverity, colAction, cellLook, m.text(p.voice)))
		p.linkCell(row, i.Sheet, i.Cell, copied)
	}
	p.space(12)
}

// address is the cell that names a place, looking like a link when it is one.
func (p *page) address(ref, sheet string, copied bool) cell {
	l := cellLook
	if copied && ref != "" && sheet != "" {
		l = linkLook
	}
	return p.text(colCell, 0, l, phrase{main: ref})
}

func (p *page) linkCell(row int, sheet, ref string, copied bool) {
	if _, _, err := pipeline.ParseRef(ref); copied && err == nil && sheet != "" {
		p.link(row, colCell, patch.Location(sheet, strings.ReplaceAll(ref, "$", "")))
	}
}
