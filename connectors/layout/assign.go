package layout

import "slices"

// heading is the text over one column; with a two-row header, the lower text
// first, then both together.
type heading struct {
	col   int
	texts []string
	said  []*phrase // texts, prepared
}

// heading prepares the texts over a column.
func (s *Sheet) heading(col int, texts ...string) heading {
	h := heading{col: col, texts: texts}
	for _, t := range texts {
		h.said = append(h.said, s.phrase(t))
	}
	return h
}

// Conflict is a header that can be understood in two ways: one field and several
// columns, or one column and several fields.
type Conflict struct {
	Fields []int // of the matcher
	Cols   []int
}

// assignment gives columns to fields.
type assignment struct {
	field     map[int]claim // by column
	conflicts []Conflict
}

// assign settles which column is which field: the surest claims first, and at
// each strength only those nobody else makes.
func (m *Matcher) assign(headings []heading) assignment {
	a := assignment{field: map[int]claim{}}
	claims := make([][]claim, len(headings))
	for i, h := range headings {
		for _, p := range h.said {
			for _, c := range m.claims(p) {
				claims[i] = addClaim(slices.Clone(claims[i]), c)
			}
		}
	}
	takenCol, takenField := make([]bool, len(headings)), make([]bool, len(m.Fields))
	for s := Label; s > None; s-- {
		m.settle(s, headings, claims, takenCol, takenField, &a)
	}
	return a
}

// settle hands out the claims of one strength. What is contested is reported and
// left to nobody.
func (m *Matcher) settle(s Strength, headings []heading, claims [][]claim, takenCol, takenField []bool, a *assignment) {
	for again := true; again; {
		again = false
		byField := map[int][]int{}
		free := make([][]int, len(headings))
		for i := range headings {
			for _, c := range claims[i] {
				if c.strength == s && !takenCol[i] && !takenField[c.field] {
					free[i] = append(free[i], c.field)
					byField[c.field] = append(byField[c.field], i)
				}
			}
		}
		for i, fields := range free {
			if len(fields) == 1 && len(byField[fields[0]]) == 1 {
				a.field[headings[i].col] = claim{fields[0], s}
				takenCol[i], takenField[fields[0]] = true, true
				again = true
			}
		}
		if !again {
			m.contested(free, byField, headings, takenCol, takenField, a)
		}
	}
}

// contested records what one strength could not settle. A guess by a weak
// resemblance isn't a conflict: nobody said the column was that field.
func (m *Matcher) contested(free [][]int, byField map[int][]int, headings []heading, takenCol, takenField []bool, a *assignment) {
	for i, fields := range free {
		if len(fields) < 2 || takenCol[i] {
			continue
		}
		takenCol[i] = true
		slices.Sort(fields)
		a.conflicts = append(a.conflicts, Conflict{Fields: fields, Cols: []int{headings[i].col}})
	}
	for f := range m.Fields {
		var cols []int
		for _, i := range byField[f] {
			if !takenCol[i] {
				cols = append(cols, headings[i].col)
				takenCol[i] = true
			}
		}
		if len(cols) > 1 {
			takenField[f] = true
			a.conflicts = append(a.conflicts, Conflict{Fields: []int{f}, Cols: cols})
		}
	}
}
