package layout

import (
	"math"
	"slices"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// searchRows bounds the rows looked at for a first header: titles and logos take
// some, never more.
const searchRows = 60

// columnTexts is the text over each column that a header of one or two rows
// gives.
func (s *Sheet) columnTexts(rows []int) []heading {
	lower := s.Rows[rows[len(rows)-1]]
	if len(rows) == 1 {
		var out []heading
		for _, c := range lower.Cells {
			if t := headerText(c); t != "" {
				out = append(out, s.heading(c.Col, t))
			}
		}
		return out
	}
	upper := s.Rows[rows[0]]
	var out []heading
	groups := s.groupTexts(upper, lower)
	for _, c := range lower.Cells {
		t := headerText(c)
		if t == "" {
			continue
		}
		if g := groups[c.Col]; g != "" {
			out = append(out, s.heading(c.Col, t, g+" "+t))
		} else {
			out = append(out, s.heading(c.Col, t))
		}
	}
	for _, c := range upper.Cells { // a header cell that takes both rows
		t := headerText(c)
		if t != "" && headerText(lower.Cell(c.Col)) == "" && !s.mergedAcross(c.Col, upper.Number) {
			out = append(out, s.heading(c.Col, t))
		}
	}
	slices.SortStableFunc(out, func(a, b heading) int { return a.col - b.col })
	return out
}

// groupTexts is the title of the upper row over each column: its own cell's, that
// of the merged range it is in, or, since merges get lost when a sheet is copied,
// the nearest to the left over columns that have a header below.
func (s *Sheet) groupTexts(upper, lower pipeline.Row) map[int]string {
	groups := map[int]string{}
	last, lastCol := "", 0
	covered := map[int]bool{}
	for _, c := range upper.Cells {
		t := headerText(c)
		if t == "" {
			continue
		}
		groups[c.Col] = t
		for _, m := range s.Merged {
			if m.FirstRow <= upper.Number && upper.Number <= m.LastRow && m.FirstCol == c.Col {
				for col := m.FirstCol; col <= min(m.LastCol, m.FirstCol+64); col++ {
					groups[col], covered[col] = t, true
				}
			}
		}
	}
	for _, c := range lower.Cells {
		if t, ok := groups[c.Col]; ok {
			last, lastCol = t, c.Col
			if covered[c.Col] {
				last = "" // a merged title covers its own columns, no more
			}
			continue
		}
		if last != "" && headerText(c) != "" && c.Col == lastCol+1 {
			groups[c.Col], lastCol = last, c.Col
		}
	}
	return groups
}

// mergedAcross reports whether a title covers several columns.
func (s *Sheet) mergedAcross(col, row int) bool {
	return slices.ContainsFunc(s.Merged, func(m pipeline.Range) bool {
		return m.FirstCol == col && m.FirstRow == row && m.LastCol > m.FirstCol
	})
}

// headerText is what a header cell says: a year typed as a number is a header too.
func headerText(c pipeline.Cell) string {
	switch c.Kind {
	case pipeline.TextCell:
		return fold.Tidy(c.Text)
	case pipeline.NumberCell:
		return c.Display()
	}
	return ""
}

// textOnly reports whether a row holds at least n texts and nothing but texts.
func textOnly(r pipeline.Row, n int) bool {
	texts := 0
	for _, c := range r.Cells {
		switch {
		case c.IsBlank():
		case c.Kind == pipeline.TextCell:
			texts++
		case c.Kind == pipeline.NumberCell && c.Number >= 2000 && c.Number < 2100:
		default:
			return false
		}
	}
	return texts >= n
}

// mostlyText reports whether a row holds two texts or more for each other cell: a
// header, and a count or a date somebody wrote beside it.
func mostlyText(r pipeline.Row) bool {
	texts, others := 0, 0
	for _, c := range r.Cells {
		switch {
		case c.IsBlank():
		case c.Kind == pipeline.TextCell:
			texts++
		default:
			others++
		}
	}
	return texts >= 4 && texts >= 2*others
}

// hits counts the columns that headings name beyond doubt: fields, each once, and
// columns of a meeting or wide sheet. A row of a list whose values happen to be
// labels hits one field, hardly two.
func (g *Guide) hits(headings []heading) int {
	fields := map[int]bool{}
	n := 0
	for _, h := range headings {
		found := false
		for _, p := range h.said {
			for _, c := range g.matcher.exactly(p) {
				fields[c.field] = true
				found = true
			}
		}
		if !found && g.special(h) {
			n++
		}
	}
	return n + len(fields)
}

// special reports whether a heading is one of an institution or of a quarter.
func (g *Guide) special(h heading) bool {
	switch {
	case g.Spec.Row == connectors.MeetingRow:
		_, _, ok := g.institutionOf(h)
		return ok
	case g.Spec.Shape == connectors.Wide:
		_, ok := g.groupColumn(h)
		return ok
	}
	return false
}

// findHeader finds the first header of a sheet: the first row, or pair of rows,
// that names about as many columns as any. It is asked several times of a sheet,
// and remembered there.
func (g *Guide) findHeader(s *Sheet) (rows []int, ok bool) {
	rows, ok = s.headers[g]
	if !ok {
		rows, ok = g.searchHeader(s)
		if !ok {
			rows = nil
		}
		if s.headers == nil {
			s.headers = map[*Guide][]int{}
		}
		s.headers[g] = rows
	}
	return rows, rows != nil
}

func (g *Guide) searchHeader(s *Sheet) (rows []int, ok bool) {
	type candidate struct {
		rows []int
		hits int
	}
	var found []candidate
	best, first := 0, -1 // first: of those found, the one to take should no row name more than best
	most := g.mostHits()
	known, knownAt := 0, -1 // hits of a row already counted
	alone := func(i int) int {
		if knownAt != i {
			known, knownAt = g.hits(s.columnTexts([]int{i})), i
		}
		return known
	}
	for i, r := range s.Rows {
		if i >= searchRows || r.Number > 4*searchRows {
			break
		}
		if !textOnly(r, 1) && !mostlyText(r) {
			continue
		}
		c := candidate{[]int{i}, alone(i)}
		if i+1 < len(s.Rows) && s.Rows[i+1].Number == r.Number+1 && textOnly(s.Rows[i+1], 1) {
			next := alone(i + 1)
			both := g.hits(s.columnTexts([]int{i, i + 1}))
			if both > max(c.hits, next) || both == next && both > c.hits && s.besideGroups(r, s.Rows[i+1]) {
				c = candidate{[]int{i, i + 1}, both}
			}
		}
		found = append(found, c)
		best = max(best, c.hits)
		if first < 0 || 10*found[first].hits < 6*best {
			first = slices.IndexFunc(found, func(c candidate) bool { return c.hits >= 2 && 10*c.hits >= 6*best })
		}
		if first >= 0 && 10*found[first].hits >= 6*most {
			break // whatever the rows below name
		}
	}
	switch {
	case first >= 0:
		return found[first].rows, true
	case best == 1 && g.small():
		return found[slices.IndexFunc(found, func(c candidate) bool { return c.hits == 1 })].rows, true
	}
	return g.guessHeader(s)
}

// mostHits is more columns than any row names.
func (g *Guide) mostHits() int {
	if g.institutions != nil || g.sexes != nil {
		return math.MaxInt32
	}
	return len(g.matcher.Fields)
}

// besideGroups reports whether a row holds titles of groups of columns and, beside
// them, a title of a column of its own, with nothing below it. Without one the row
// above a header is only a remark.
func (s *Sheet) besideGroups(upper, lower pipeline.Row) bool {
	across, alone := false, false
	for _, c := range upper.Cells {
		switch {
		case c.IsBlank():
		case s.mergedAcross(c.Col, upper.Number):
			across = true
		case lower.Cell(c.Col).IsBlank():
			alone = true
		}
	}
	return across && alone
}

// small reports whether a sheet has so few columns that one is enough to know it.
func (g *Guide) small() bool { return len(g.Spec.Fields) == 1 && g.Spec.Shape == connectors.List }

// guessHeader looks for a header none of whose texts is known as it stands: the
// row of texts most of which resemble labels.
func (g *Guide) guessHeader(s *Sheet) ([]int, bool) {
	best, at := 1, -1
	for i, r := range s.Rows[:min(len(s.Rows), searchRows)] {
		if !textOnly(r, 2) {
			continue
		}
		h := s.columnTexts([]int{i})
		a := g.matcher.assign(h)
		if n := len(a.field); n > best && 2*n >= len(h) {
			best, at = n, i
		}
	}
	return []int{at}, at >= 0
}
