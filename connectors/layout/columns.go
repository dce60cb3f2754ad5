package layout

import (
	"slices"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

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
	g.byValues(s, &t)
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
