package suivi

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cp3/pipeline"
)

// shownRows bounds each list of the quality page; the published tables have all.
const shownRows = 30

// longBlock is how many lines may begin anywhere on a printed page.
const longBlock = 8

// quality is the page of what was received and what was found wrong with it.
func (b *book) quality() error {
	p := b.newPage("quality", 15, 15, 15, 15, 15, 15, 15, 15, 15)
	p.titled(say("quality.title", "year", strconv.Itoa(b.year)), say("quality.note"))
	p.completeness()
	p.missingReports()
	p.filesReceived()
	p.findings()
	p.gapsFound()
	p.bridge()
	return p.end(p.row - 1)
}

// span is one cell of a block's line, over some columns.
type span struct {
	first, last int
	look        look
	value       any
}

// spans writes a line of cells and goes to the next row.
func (p *page) spans(cells ...span) {
	high := 16.0
	for _, c := range cells {
		p.across(c.first, c.last, c.look, c.value)
		if s, isText := c.value.(string); isText {
			high = max(high, p.height(s, c.look, c.first, c.last))
		}
	}
	p.next(high)
}

// block starts a part of the page: what it says, or that there is nothing to say.
// What is long starts a printed page: a head is repeated at the top of a page for a
// page's one table only.
func (p *page) block(key string, lines int) (any bool) {
	if lines > longBlock && p.row > longBlock { // not right under the title
		p.breakPage()
	}
	year := strconv.Itoa(p.year)
	p.next(8)
	p.across(1, len(p.widths), heading, say("quality."+key, "year", year))
	p.next(22)
	if lines == 0 {
		p.line(plain, say("quality."+key+".none", "year", year))
	}
	return lines > 0
}

func (p *page) thisYear(period string) bool { return strings.HasPrefix(period, strconv.Itoa(p.year)) }

// others says how many lines of a list aren't shown, and where they are.
func (p *page) others(n int, table string) {
	if n > shownRows {
		p.line(note, say("quality.others", "count", strconv.Itoa(n-shownRows), "table", table))
	}
}

// completeness counts, per member, the reports expected, in time, late, missing.
func (p *page) completeness() {
	tally := map[string]map[string]int{}
	for _, e := range p.complete {
		if !p.thisYear(e.period) {
			continue
		}
		if tally[e.member] == nil {
			tally[e.member] = map[string]int{}
		}
		tally[e.member][e.status]++
		tally[e.member]["total"]++
	}
	if !p.block("completeness", len(tally)) {
		return
	}
	statuses := []string{"total", "a_temps", "en_retard", "manquant", "attendu"}
	cells := []span{{1, 2, header, say("column.member")}}
	for n, s := range statuses {
		cells = append(cells, span{3 + n, 3 + n, header, sayCode("reports", s)})
	}
	p.spans(cells...)
	for _, m := range slices.Sorted(maps.Keys(tally)) {
		cells := []span{{1, 2, strong, m}}
		for n, s := range statuses {
			l := count
			if tally[m][s] > 0 && s == "manquant" {
				l.color, l.bold = poor, true
			}
			cells = append(cells, span{3 + n, 3 + n, l, tally[m][s]})
		}
		p.spans(cells...)
	}
}

// missingReports lists the reports late or missing.
func (p *page) missingReports() {
	var late []expected
	for _, e := range p.complete {
		if p.thisYear(e.period) && (e.status == "en_retard" || e.status == "manquant") {
			late = append(late, e)
		}
	}
	if !p.block("late", len(late)) {
		return
	}
	p.spans(span{1, 2, header, say("column.member")}, span{3, 5, header, say("column.structure")}, span{6, 6, header, say("column.period")},
		span{7, 7, header, say("column.due")}, span{8, 8, header, say("column.received")}, span{9, 9, header, say("column.status")})
	for _, e := range late[:min(len(late), shownRows)] {
		p.spans(span{1, 2, strong, e.member}, span{3, 5, text, emptyNil(e.structure)}, span{6, 6, count, e.period},
			span{7, 7, count, e.due}, span{8, 8, count, e.received}, span{9, 9, count, sayCode("completeness", e.status)})
	}
	p.others(len(late), "completude")
}

// sums are what a member's files of the year add up to.
type sums struct {
	files, accepted, reserved, rejected, read, kept, refused int64
}

// add counts a file; the rows of a file that another replaced are counted with
// that one.
func (t *sums) add(s submission) {
	t.files++
	switch s.status {
	case "acceptee":
		t.accepted++
	case "reserves":
		t.reserved++
	case "rejetee":
		t.rejected++
		return
	default:
		return
	}
	t.read, t.kept, t.refused = t.read+s.read, t.kept+s.kept, t.refused+s.refused
}

// filesReceived sums, per member, the files and their rows.
func (p *page) filesReceived() {
	of := map[string]*sums{}
	for _, s := range p.received {
		if !p.thisYear(s.period) {
			continue
		}
		if of[s.member] == nil {
			of[s.member] = &sums{}
		}
		of[s.member].add(s)
	}
	if !p.block("received", len(of)) {
		return
	}
	cells := []span{{1, 2, header, say("column.member")}}
	for n, key := range []string{"files", "accepted", "reserved", "rejected", "read", "kept", "refused"} {
		cells = append(cells, span{3 + n, 3 + n, header, say("quality." + key)})
	}
	p.spans(cells...)
	for _, m := range slices.Sorted(maps.Keys(of)) {
		t := of[m]
		cells := []span{{1, 2, strong, m}}
		for n, v := range []int64{t.files, t.accepted, t.reserved, t.rejected, t.read, t.kept, t.refused} {
			cells = append(cells, span{3 + n, 3 + n, count, v})
		}
		p.spans(cells...)
	}
}

// finding is a quality rule that found something, with its first case.
type finding struct {
	anomaly
	count int
}

// found counts the year's anomalies by rule, the worst first; those of no year
// are every year's.
func (p *page) found() []*finding {
	byRule := map[[2]string]*finding{}
	for _, a := range p.anomalies {
		if a.period != "" && !p.thisYear(a.period) {
			continue
		}
		key := [2]string{a.severity, a.rule}
		if byRule[key] == nil {
			byRule[key] = &finding{anomaly: a}
		}
		byRule[key].count++
	}
	return slices.SortedFunc(maps.Values(byRule), func(a, b *finding) int {
		return cmp.Or(severityRank(a.severity)-severityRank(b.severity), b.count-a.count, strings.Compare(a.rule, b.rule))
	})
}

func severityRank(s string) int {
	return max(0, slices.Index([]string{"bloquant", "erreur", "avertissement"}, s))
}

// findings lists the rules that found something, with an example each.
func (p *page) findings() {
	rules := p.found()
	if !p.block("findings", len(rules)) {
		return
	}
	p.spans(span{1, 1, header, say("column.severity")}, span{2, 5, header, say("column.finding")},
		span{6, 6, header, say("column.count")}, span{7, 9, header, say("column.example")})
	for _, r := range rules[:min(len(rules), shownRows)] {
		p.spans(span{1, 1, text, sayCode("severity", r.severity)}, span{2, 5, text, r.message},
			span{6, 6, count, r.count}, span{7, 9, text, emptyNil(r.place())})
	}
	p.others(len(rules), "anomalies")
}

// place is where an anomaly is, as far as known.
func (a anomaly) place() string {
	parts := slices.DeleteFunc([]string{a.member, a.sheet, a.cell}, func(s string) bool { return s == "" })
	return strings.Join(parts, " · ")
}

// gapsFound lists the declared totals that don't match their list; the gaps of
// each sex are in the table.
func (p *page) gapsFound() {
	var far []gap
	for _, g := range p.gaps {
		if p.thisYear(g.period) && g.sex == pipeline.Total && some(g.distance) {
			far = append(far, g)
		}
	}
	if !p.block("gaps", len(far)) {
		return
	}
	p.spans(span{1, 1, header, say("column.member")}, span{2, 5, header, say("column.label")}, span{6, 6, header, say("column.period")},
		span{7, 7, header, say("quality.declared")}, span{8, 8, header, say("quality.listed")},
		span{9, 9, header, say("quality.gap")})
	for _, g := range far[:min(len(far), shownRows)] {
		i, _ := p.indicator(g.code)
		p.spans(span{1, 1, strong, g.member}, span{2, 5, text, strings.TrimSpace(g.code + " " + i.label)}, span{6, 6, count, g.period},
			span{7, 7, number.shown(g.declared, false), g.declared},
			span{8, 8, number.shown(g.listed, false), g.listed}, span{9, 9, number.shown(g.distance, false), g.distance})
	}
	p.others(len(far), "rapprochements")
}

// bridge leads from what each member declared for the year to what its list adds to
// the published figure; quarters and sexes are in the table.
func (p *page) bridge() {
	var whole []gap
	for _, g := range p.gaps {
		if g.period == strconv.Itoa(p.year) && g.sex == pipeline.Total && g.published != nil {
			whole = append(whole, g)
		}
	}
	if len(whole) == 0 {
		return
	}
	p.block("bridge", len(whole))
	p.line(plain, say("quality.bridge.note"))
	heads := []string{"column.member", "column.code", "quality.declared", "quality.bridge.rows", "quality.bridge.repeated", "quality.bridge.again",
		"quality.listed", "quality.bridge.elsewhere", "quality.bridge.published"}
	var cells []span
	for n, key := range heads {
		cells = append(cells, span{n + 1, n + 1, header, say(key)})
	}
	p.spans(cells...)
	for _, g := range whole[:min(len(whole), shownRows)] {
		cells := []span{{1, 1, strong, g.member}, {2, 2, text, g.code}}
		for n, v := range []*float64{g.declared, g.rows, g.repeated, g.again, g.listed, g.elsewhere, g.published} {
			cells = append(cells, span{n + 3, n + 3, number.shown(v, false), v})
		}
		p.spans(cells...)
	}
	p.others(len(whole), "rapprochements")
}
