package suivi

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// shownRows bounds each list of the quality page; the published tables have all.
const shownRows = 30

// quality is the page of what was received and what was found wrong with it.
func (b *book) quality() error {
	p := b.newPage("quality", 16, 34, 12, 14, 14, 16, 12, 12, 12)
	year := strconv.Itoa(b.year)
	p.across(1, len(p.widths), title.with(func(l *look) { l.size = 15 }), say("quality.title", "year", year))
	p.next(24)
	p.line(note, say("quality.note"))
	p.completeness()
	p.missingReports()
	p.filesReceived()
	p.findings()
	p.gapsFound()
	return p.end(p.row - 1)
}

// block starts a part of the page: its heading and what it says.
func (p *page) block(key string) {
	p.next(8)
	p.across(1, len(p.widths), heading, say("quality."+key, "year", strconv.Itoa(p.year)))
	p.next(22)
}

// nothing says that a block has no line.
func (p *page) nothing(key string) {
	p.line(plain, say("quality."+key+".none", "year", strconv.Itoa(p.year)))
}

func (p *page) thisYear(period string) bool { return strings.HasPrefix(period, strconv.Itoa(p.year)) }

// completeness counts, per member, reports expected, in time, late, missing.
func (p *page) completeness() {
	p.block("completeness")
	count := map[string]map[string]int{}
	for _, e := range p.complete {
		if !p.thisYear(e.period) {
			continue
		}
		if count[e.member] == nil {
			count[e.member] = map[string]int{}
		}
		count[e.member][e.status]++
		count[e.member]["attendu"]++
	}
	if len(count) == 0 {
		p.nothing("completeness")
		return
	}
	statuses := []string{"attendu", "a_temps", "en_retard", "manquant"}
	p.put(1, header, say("column.member"))
	for n, s := range statuses {
		p.put(2+n, header, sayCode("completeness", s))
	}
	p.next(20)
	for _, m := range slices.Sorted(maps.Keys(count)) {
		p.put(1, text.with(func(l *look) { l.bold = true }), m)
		for n, s := range statuses {
			v := count[m][s]
			l := look{box: true, align: "center"}
			if v > 0 && s == "manquant" {
				l.color, l.bold = poor, true
			}
			p.put(2+n, l, v)
		}
		p.next(16)
	}
}

// missingReports lists the reports late or missing.
func (p *page) missingReports() {
	var late []expected
	for _, e := range p.complete {
		if p.thisYear(e.period) && e.status != "a_temps" {
			late = append(late, e)
		}
	}
	p.block("late")
	if len(late) == 0 {
		p.nothing("late")
		return
	}
	p.headed(say("column.member"), say("column.structure"), say("column.period"), say("column.due"), say("column.received"), say("column.status"))
	for _, e := range late[:min(len(late), shownRows)] {
		p.texts(e.member, e.structure, e.period)
		p.put(4, text, e.due)
		p.put(5, text, e.received)
		p.put(6, text, sayCode("completeness", e.status))
		p.next(16)
	}
	p.others(len(late), "completude")
}

// others says how many lines of a list aren't shown, and where they are.
func (p *page) others(n int, table string) {
	if n > shownRows {
		p.line(note, say("quality.others", "count", strconv.Itoa(n-shownRows), "table", table))
	}
}

func (p *page) texts(values ...string) {
	for n, v := range values {
		p.put(1+n, text, emptyNil(v))
	}
}

// filesReceived sums, per member, the files and their rows.
func (p *page) filesReceived() {
	p.block("received")
	type sums struct {
		files, accepted, reserved, rejected int
		read, kept, refused                 int64
	}
	of := map[string]*sums{}
	for _, s := range p.received {
		if !p.thisYear(s.period) {
			continue
		}
		if of[s.member] == nil {
			of[s.member] = &sums{}
		}
		t := of[s.member]
		t.files++
		switch s.status {
		case "acceptee":
			t.accepted++
		case "reserves":
			t.reserved++
		case "rejetee":
			t.rejected++
		}
		if s.status == "acceptee" || s.status == "reserves" { // what replaced files held isn't counted twice
			t.read, t.kept, t.refused = t.read+s.read, t.kept+s.kept, t.refused+s.refused
		}
	}
	if len(of) == 0 {
		p.nothing("received")
		return
	}
	p.headed(say("column.member"), say("quality.files"), say("quality.accepted"), say("quality.reserved"), say("quality.rejected"),
		say("quality.read"), say("quality.kept"), say("quality.refused"))
	for _, m := range slices.Sorted(maps.Keys(of)) {
		t := of[m]
		p.put(1, text.with(func(l *look) { l.bold = true }), m)
		for n, v := range []int64{int64(t.files), int64(t.accepted), int64(t.reserved), int64(t.rejected), t.read, t.kept, t.refused} {
			p.put(2+n, look{box: true, align: "center", format: "#,##0"}, v)
		}
		p.next(16)
	}
}

// findings counts the anomalies by rule, the worst first, with an example each.
func (p *page) findings() {
	p.block("findings")
	type found struct {
		anomaly
		count int
	}
	byRule := map[string]*found{}
	for _, a := range p.anomalies {
		key := a.severity + "\x00" + a.rule
		if byRule[key] == nil {
			byRule[key] = &found{anomaly: a}
		}
		byRule[key].count++
	}
	if len(byRule) == 0 {
		p.nothing("findings")
		return
	}
	rules := slices.SortedFunc(maps.Values(byRule), func(a, b *found) int {
		return cmp.Or(severityRank(a.severity)-severityRank(b.severity), b.count-a.count, strings.Compare(a.rule, b.rule))
	})
	p.put(1, header, say("column.severity"))
	p.across(2, 4, header, say("column.finding"))
	p.put(5, header, say("column.count"))
	p.across(6, 9, header, say("column.example"))
	p.next(20)
	for _, r := range rules[:min(len(rules), shownRows)] {
		p.put(1, text, sayCode("severity", r.severity))
		p.across(2, 4, text, r.message)
		p.put(5, look{box: true, align: "center"}, r.count)
		example := placeOf(r.anomaly)
		p.across(6, 9, text.with(func(l *look) { l.size = 9 }), example)
		p.next(max(16, p.height(r.message, text, 2, 4), p.height(example, text, 6, 9)))
	}
	p.others(len(rules), "anomalies")
}

func severityRank(s string) int {
	return max(0, slices.Index([]string{"bloquant", "erreur", "avertissement"}, s))
}

// placeOf is where an anomaly is: member, sheet, cell, as far as known.
func placeOf(a anomaly) string {
	var parts []string
	for _, s := range []string{a.member, a.sheet, a.cell} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

// gapsFound lists the declared totals that don't match their list.
func (p *page) gapsFound() {
	p.block("gaps")
	var far []gap
	for _, g := range p.gaps {
		if p.thisYear(g.period) && some(g.distance) {
			far = append(far, g)
		}
	}
	if len(far) == 0 {
		p.nothing("gaps")
		return
	}
	p.headed(say("column.member"), say("column.label"), say("column.period"), say("column.sex"), say("quality.declared"), say("quality.listed"), say("quality.gap"))
	for _, g := range far[:min(len(far), shownRows)] {
		label := g.code
		if i, ok := p.indicator(g.code); ok {
			label += " " + i.label
		}
		p.texts(g.member, label, g.period, say("sex."+string(g.sex)))
		for n, v := range []*float64{g.declared, g.listed, g.distance} {
			p.put(5+n, look{box: true, align: "right", format: numberFormat(v, false)}, v)
		}
		p.next(max(16, p.height(label, text, 2, 2)))
	}
	p.others(len(far), "rapprochements")
}
