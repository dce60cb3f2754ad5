package layout

import (
	"slices"
	"strings"

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
// that names about as many columns as any.
func (g *Guide) findHeader(s *Sheet) (rows []int, ok bool) {
	type candidate struct {
		rows []int
		hits int
	}
	var found []candidate
	best := 0
	for i, r := range s.Rows {
		if i >= searchRows || r.Number > 4*searchRows {
			break
		}
		if !textOnly(r, 1) {
			continue
		}
		c := candidate{[]int{i}, g.hits(s.columnTexts([]int{i}))}
		if i+1 < len(s.Rows) && s.Rows[i+1].Number == r.Number+1 && textOnly(s.Rows[i+1], 1) {
			next := g.hits(s.columnTexts([]int{i + 1}))
			both := g.hits(s.columnTexts([]int{i, i + 1}))
			if both > max(c.hits, next) || both == next && both > c.hits && s.besideGroups(r, s.Rows[i+1]) {
				c = candidate{[]int{i, i + 1}, both}
			}
		}
		found = append(found, c)
		best = max(best, c.hits)
	}
	for _, c := range found {
		if c.hits >= 2 && 10*c.hits >= 6*best || best == 1 && c.hits == 1 && g.small() {
			return c.rows, true
		}
	}
	return g.guessHeader(s)
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

// table gives a meaning to each column under a header.
func (g *Guide) table(s *Sheet, rows []int) Table {
	headings := s.columnTexts(rows)
	a := g.matcher.assign(headings)
	t := Table{Header: rows, Conflicts: a.conflicts}
	contested := map[int]bool{}
	for _, c := range a.conflicts {
		for _, col := range c.Cols {
			contested[col] = true
		}
	}
	for _, h := range headings {
		claim, ok := a.field[h.col]
		c := Column{Col: h.col, Title: strings.TrimRight(h.texts[len(h.texts)-1], " *")} // the template stars what is required
		if ok && slices.Contains(g.matcher.claims(h.said[0]), claim) {
			c.Title = strings.TrimRight(h.texts[0], " *")
		}
		switch {
		case ok:
			c.Field, c.Strength = g.matcher.Fields[claim.field], claim.strength
		case contested[h.col]:
			c.Why = "conflict"
		default:
			c = g.otherColumn(h, c)
		}
		t.Columns = append(t.Columns, c)
	}
	t.reindex()
	return t
}

// otherColumn understands a column that is no field's.
func (g *Guide) otherColumn(h heading, c Column) Column {
	if isRowNumber(h.texts[0]) {
		c.Why = "row_number"
		return c
	}
	switch {
	case g.Spec.Row == connectors.MeetingRow:
		if code, sex, ok := g.institutionOf(h); ok {
			c.Institution, c.Sex = code, sex
			return c
		}
		if g.sexOf(h.texts[0]) == pipeline.Total {
			c.Why = "total_column"
			return c
		}
	case g.Spec.Shape == connectors.Wide:
		if w, ok := g.groupColumn(h); ok {
			w.Col, w.Title = c.Col, c.Title
			return w
		}
	}
	c.Why = "unknown_column"
	return c
}

var rowNumberWords = wordSet("n° no num numéro nbr ordre rang # رقم ترتيب الرقم الترتيبي رت")

// isRowNumber reports whether a header says that its column only counts the rows.
func isRowNumber(text string) bool {
	key := fold.Key(text)
	if key == "" {
		return strings.ContainsAny(text, "#°")
	}
	if strings.Contains(text, "#") && key == "" {
		return true
	}
	for w := range strings.SplitSeq(key, " ") {
		if w != "n" && w != "d" && !rowNumberWords[w] && !rowNumberWords[stem(w)] {
			return false
		}
	}
	return true
}

// institutionOf reads the header of a meeting sheet's column: the institution, in
// the group's title or in the column's own, and whose count it is.
func (g *Guide) institutionOf(h heading) (code string, sex pipeline.Sex, ok bool) {
	for _, t := range h.texts {
		if c, found := g.institution(t); found {
			return c, g.under(h), true
		}
	}
	return "", "", false
}

// under is the sex a heading names below an institution's name.
func (g *Guide) under(h heading) pipeline.Sex {
	if _, itself := g.institutions.Find(h.texts[0]); itself {
		return ""
	}
	return g.sexOf(h.texts[0])
}

// institution finds an institution in a header, which may also say the sex ("EN
// Femmes") or hold both languages.
func (g *Guide) institution(text string) (string, bool) {
	if c, ok := g.institutions.Find(text); ok {
		return c.Code, true
	}
	latin, arabic := scripts(text)
	for _, t := range []string{latin, arabic, g.withoutSex(text)} {
		if t == "" || t == text {
			continue
		}
		if c, ok := g.institutions.Find(t); ok {
			return c.Code, true
		}
	}
	return "", false
}

// withoutSex drops the words of a header that name a sex.
func (g *Guide) withoutSex(text string) string {
	var kept []string
	for w := range strings.FieldsSeq(text) {
		k := fold.Key(w)
		if _, ok := g.sexes[k]; ok {
			continue
		}
		if _, ok := g.sexes[stem(k)]; !ok && k != "" {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// groupColumn reads the titles over a column of a wide sheet.
func (g *Guide) groupColumn(h heading) (Column, bool) {
	all := strings.Join(h.texts[len(h.texts)-1:], " ")
	year, quarter, ok := groupOf(all)
	sex := g.sexOf(h.texts[0])
	if !ok || sex == "" && len(h.texts) > 1 {
		return Column{}, false
	}
	if sex == "" {
		sex = pipeline.Total // a quarter's only column
	}
	return Column{Group: true, Year: year, Quarter: quarter, Sex: sex}, true
}
