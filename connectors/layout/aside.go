package layout

import "cp3/pipeline"

// setAside corrects what rows seem to be one by one by what stands around them: a
// lone text above a header is a title; a block of thin rows below a list, under a
// title of its own or of some length, is another table (a count by country, say)
// and not a list of nameless persons.
func (l *ListSheet) setAside(s *Sheet) {
	for i := range l.Rows[:max(len(l.Rows)-1, 0)] {
		if l.Rows[i].Kind == Note && l.Rows[i+1].Kind == Header {
			l.Rows[i] = Row{Title, -1}
		}
	}
	for i := 0; i < len(l.Rows); {
		n := l.block(s, i)
		if n == 0 {
			i++
			continue
		}
		for ; n > 0; n, i = n-1, i+1 {
			if l.Rows[i].Kind == Data {
				l.Rows[i].Kind = Other
			}
		}
	}
}

// block is the length of another table's rows from i on; 0 when none starts
// there. It starts after an empty row or a lone text, and ends before the next
// empty row, text or header.
func (l *ListSheet) block(s *Sheet, i int) int {
	titled := i > 0 && (l.Rows[i-1].Kind == Note || l.Rows[i-1].Kind == Void && loneText(s.Rows[i-1]))
	apart := i > 0 && s.Rows[i].Number > s.Rows[i-1].Number+1
	if l.Rows[i].Kind != Data || !titled && !apart {
		return 0
	}
	n, data := 0, 0
	for ; i+n < len(l.Rows); n++ {
		row := l.Rows[i+n]
		if n > 0 && s.Rows[i+n].Number > s.Rows[i+n-1].Number+1 || row.Kind != Data && row.Kind != Totals {
			break
		}
		if row.Kind == Data {
			if !l.thin(s.Rows[i+n], &l.Tables[row.Table]) {
				return 0
			}
			data++
		}
	}
	if titled || data >= 3 {
		return n
	}
	return 0
}

// loneText reports whether a row holds one text and nothing else: a title, even
// where no column means anything.
func loneText(r pipeline.Row) bool {
	n := 0
	for _, c := range r.Cells {
		if c.IsBlank() {
			continue
		}
		if n++; n > 1 || c.Kind != pipeline.TextCell {
			return false
		}
	}
	return n == 1
}

// thin reports whether a row fills few of its table's columns and not all those
// it can't do without.
func (l *ListSheet) thin(r pipeline.Row, t *Table) bool {
	meant := 0
	for i := range t.Columns {
		if t.Columns[i].meaningful() {
			meant++
		}
	}
	if meant < 8 {
		return false
	}
	filled := 0
	has := map[string]bool{}
	for _, c := range r.Cells {
		if col := t.Column(c.Col); col != nil && col.Field != nil && !c.IsBlank() {
			filled++
			has[col.Field.Name] = true
		}
	}
	if filled > max(2, meant/4) {
		return false
	}
	for i := range t.Columns {
		if f := t.Columns[i].Field; f != nil && f.Required && !has[f.Name] && (f.Instead == "" || !has[f.Instead]) {
			return true
		}
	}
	return false
}
