package layout

import (
	"slices"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// Entry is a line of a form: a field, its label and its value.
type Entry struct {
	Field    *connectors.Field
	Title    string // the label, as read
	Strength Strength
	Row, Col int           // of the label
	Value    pipeline.Cell // an empty one, at the place where the value is expected, when nothing is filled
	ValueRow int
	Inline   bool // label and value are in one cell, "Année : 2020"
}

// FormSheet is a form, understood.
type FormSheet struct {
	Entries []Entry // in the order of the declaration's fields
}

// Entry returns the entry of the field that means m; nil when the form has none.
func (f *FormSheet) Entry(m string) *Entry {
	for i := range f.Entries {
		if f.Entries[i].Field.Meaning() == m {
			return &f.Entries[i]
		}
	}
	return nil
}

// grid finds cells of a small sheet by address.
type grid map[[2]int]pipeline.Cell

// formCells bounds what is searched for a form's labels: a form is one page.
const formCells = 4000

func gridOf(s *Sheet) (g grid, order []pipeline.Range) {
	g = grid{}
	for _, r := range s.Rows {
		for _, c := range r.Cells {
			if !c.IsBlank() && len(order) < formCells {
				g[[2]int{r.Number, c.Col}] = c
				order = append(order, pipeline.Range{FirstRow: r.Number, FirstCol: c.Col})
			}
		}
	}
	return g, order
}

// Form understands a sheet as a form; ok is false when it has none of its labels.
func (g *Guide) Form(s *Sheet) (_ *FormSheet, ok bool) {
	f := s.forms[g]
	if f == nil {
		f = g.form(s)
		if s.forms == nil {
			s.forms = map[*Guide]*FormSheet{}
		}
		s.forms[g] = f
	}
	return f, len(f.Entries) > 0
}

func (g *Guide) form(s *Sheet) *FormSheet {
	cells, order := gridOf(s)
	labels := g.formLabels(s, cells, order)
	f := &FormSheet{}
	for i, field := range g.matcher.Fields {
		at := labels.of[i]
		if at == nil {
			continue
		}
		e := Entry{Field: field, Strength: at.strength, Row: at.row, Col: at.col, Title: title(cells[[2]int{at.row, at.col}].Text)}
		g.formValue(s, cells, labels, &e)
		f.Entries = append(f.Entries, e)
	}
	return f
}

// formLabels is which cells of a form are labels.
type formLabels struct {
	of []*labelAt // by field; nil when it has none
	is map[[2]int]bool
}

type labelAt struct {
	row, col int
	strength Strength
	inline   bool
}

// formLabels finds the label of each field: of several cells that could be, the
// surest; of equals the first.
func (g *Guide) formLabels(s *Sheet, cells grid, order []pipeline.Range) formLabels {
	out := formLabels{of: make([]*labelAt, len(g.matcher.Fields)), is: map[[2]int]bool{}}
	for _, at := range order {
		pos := [2]int{at.FirstRow, at.FirstCol}
		c := cells[pos]
		if c.Kind != pipeline.TextCell || len(c.Text) > 200 {
			continue
		}
		claims := g.matcher.claims(s.phrase(labelPart(c.Text)))
		if len(claims) != 1 || claims[0].strength <= Partial {
			continue
		}
		cl := claims[0]
		out.is[pos] = true
		_, value, split := strings.Cut(c.Text, ":")
		l := &labelAt{at.FirstRow, at.FirstCol, cl.strength, split && fold.Tidy(value) != ""}
		if best := out.of[cl.field]; best == nil || cl.strength > best.strength {
			out.of[cl.field] = l
		}
	}
	return out
}

// labelPart is what stands before the colon of "Année : 2020".
func labelPart(text string) string {
	label, _, _ := strings.Cut(text, ":")
	return label
}

// title is a label as it is shown.
func title(text string) string { return shown(labelPart(text)) }

// formValue finds the value of a label: after its colon, to its right, or below.
func (g *Guide) formValue(s *Sheet, cells grid, labels formLabels, e *Entry) {
	c := cells[[2]int{e.Row, e.Col}]
	if _, after, ok := strings.Cut(c.Text, ":"); ok && fold.Tidy(after) != "" {
		c.Text = fold.Tidy(after)
		e.Value, e.ValueRow, e.Inline = c, e.Row, true
		return
	}
	right := e.Col + 1
	below := e.Row + 1
	for _, m := range s.Merged {
		if m.FirstRow <= e.Row && e.Row <= m.LastRow && m.FirstCol <= e.Col && e.Col <= m.LastCol {
			right, below = m.LastCol+1, m.LastRow+1
		}
	}
	e.Value, e.ValueRow = pipeline.Cell{Col: right}, e.Row
	for col := right; col <= right+formGap; col++ {
		pos := [2]int{e.Row, col}
		v, ok := cells[pos]
		if !ok {
			continue
		}
		if !labels.is[pos] && !isHelp(v, e.Field) && (col <= right+1 || !inParentheses(v.Text)) {
			e.Value, e.ValueRow = v, e.Row
		}
		break
	}
	if !e.Value.IsBlank() {
		return
	}
	pos := [2]int{below, e.Col}
	if v, ok := cells[pos]; ok && !labels.is[pos] && !isHelp(v, e.Field) && g.stacked(labels, e) {
		e.Value, e.ValueRow = v, below
	}
}

// formGap is how many empty columns may stand between a label and its value.
const formGap = 5

// inParentheses reports whether a text is a remark: far from a label that nobody
// answered, it is no value.
func inParentheses(text string) bool {
	return strings.HasPrefix(strings.TrimSpace(text), "(")
}

// stacked reports whether the form has its labels side by side, with the values
// below: another label on the same row, none right below.
func (g *Guide) stacked(labels formLabels, e *Entry) bool {
	return slices.ContainsFunc(labels.of, func(l *labelAt) bool { return l != nil && l.row == e.Row && l.col != e.Col }) ||
		!slices.ContainsFunc(labels.of, func(l *labelAt) bool { return l != nil && l.row != e.Row && l.col == e.Col })
}

// isHelp reports whether a cell is the field's own line of help.
func isHelp(c pipeline.Cell, f *connectors.Field) bool {
	if c.Kind != pipeline.TextCell {
		return false
	}
	k := fold.Key(c.Text)
	return k != "" && (k == fold.Key(f.Help.FR) || k == fold.Key(f.Help.AR))
}
