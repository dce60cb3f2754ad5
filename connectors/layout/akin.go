package layout

import (
	"slices"

	"cp3/connectors"
	"cp3/pipeline"
)

// generalWords stand in headers of all kinds: sharing one says nothing.
var generalWords = wordSet(`nom noms prénom date type nombre nb nbre code lieu jour mois année autre autres total liste détail
	تاريخ نوع رقم عدد اسم الاسم سنة يوم شهر`)

// otherWords turn a header to somebody or something else: the mother's country, the
// stream a person wished for.
var otherWords = wordSet(`naissance mère père conjoint conjointe époux épouse tuteur tutrice enfant enfants parent parents urgence garant précédent précédente ancien ancienne
	antérieur antérieure souhaité souhaitée demandé demandée prévu prévue prévisionnel prévisionnelle saisie impression montant
	الازدياد الولادة الأم الأب الزوج الزوجة الولي السابق السابقة المرغوب المطلوب`)

// Akin reports whether a header and a field's labels share a word that says what a
// column holds, and nothing turns it to something else. It is a resemblance, too
// weak to read the column by.
func (g *Guide) Akin(f *connectors.Field, header string) bool {
	i := slices.Index(g.matcher.Fields, f)
	return i >= 0 && g.matcher.akin(i, newPhrase(header))
}

func (m *Matcher) akin(field int, p *phrase) bool {
	var words []string
	for i := range p.keys {
		words = append(words, p.wordsOf(i)...)
	}
	if slices.ContainsFunc(words, func(w string) bool { return otherWords[w] }) {
		return false
	}
	for i := range m.labels {
		if m.labels[i].field != field {
			continue
		}
		for _, w := range m.labels[i].stems {
			if !generalWords[w] && !fillerWords[w] && slices.Contains(words, w) {
				return true
			}
		}
	}
	return false
}

// byValues gives a column that no header claims surely enough to the one field it
// is akin to whose code list knows its values: heading and values together leave
// one reading. Columns and fields that could be exchanged are left alone.
func (g *Guide) byValues(s *Sheet, t *Table) {
	column, field := map[int]int{}, map[int]int{} // field -> column and back; -1 for several
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Why != "unknown_column" {
			continue
		}
		p := s.phrase(c.Title)
		for j, f := range g.matcher.Fields {
			list := g.lists[f.List]
			if list == nil || f.Unlisted || t.Of(f.Name) != nil || t.contested(j) || !g.matcher.akin(j, p) || !s.listed(t, c.Col, list) {
				continue
			}
			if _, twice := column[j]; twice {
				column[j] = -1
			} else {
				column[j] = i
			}
			if _, twice := field[i]; twice {
				field[i] = -1
			} else {
				field[i] = j
			}
		}
	}
	for j, i := range column {
		if i >= 0 && field[i] == j {
			c := &t.Columns[i]
			c.Field, c.Strength, c.Why = g.matcher.Fields[j], Partial, ""
		}
	}
}

// contested reports whether a conflict is about a field.
func (t *Table) contested(field int) bool {
	return slices.ContainsFunc(t.Conflicts, func(c Conflict) bool { return slices.Contains(c.Fields, field) })
}

// listed reports whether nearly all values of a column, of those looked at, are in
// a code list.
func (s *Sheet) listed(t *Table, col int, list *connectors.CodeList) bool {
	filled, known, last := 0, 0, 0
	for _, r := range s.Rows[t.Header[len(t.Header)-1]+1:] {
		if filled >= 3 && r.Number > last+1 {
			break // what comes after a gap may be another table
		}
		last = r.Number
		c := r.Cell(col)
		if c.IsBlank() || c.Kind == pipeline.TextCell && isSign(c.Text) {
			continue
		}
		filled++
		if _, ok := list.Find(c.Display()); ok {
			known++
		}
		if filled == 60 {
			break
		}
	}
	return known > 0 && 5*known >= 4*filled
}
