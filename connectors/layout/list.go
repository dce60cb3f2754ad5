package layout

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// Kind is what a row of a list is.
type Kind uint8

// The kinds of rows.
const (
	Title   Kind = iota // above the first header
	Header              // names the columns
	Data                // one record
	Totals              // a total or subtotal of rows
	Example             // the template's example
	Note                // one lone text: a section title, a remark, a signature
	Void                // nothing in any column that means something
	Other               // of another table, whose header says nothing to the declaration
)

// Row is a row of a list, in the sheet's order.
type Row struct {
	Kind  Kind
	Table int16 // index in Tables; -1 above the first header
}

// ListSheet is a list or a wide sheet, understood.
type ListSheet struct {
	Guide  *Guide
	Tables []Table
	Rows   []Row                    // one for each of the sheet's
	Filled map[[2]int]pipeline.Cell // row number, column -> the value of the merged range that covers an empty cell

	titles map[string]bool // the texts of the first header, in whatever words they are
}

// head finds the first header of a sheet and what its columns mean; ok is false
// when there is none, or none of its columns means anything.
func (g *Guide) head(s *Sheet) (t Table, ok bool) {
	header, ok := g.findHeader(s)
	if !ok {
		return t, false
	}
	t, known := s.tables[g]
	if !known {
		t = g.table(s, header)
		if s.tables == nil {
			s.tables = map[*Guide]Table{}
		}
		s.tables[g] = t
	}
	return t, slices.ContainsFunc(t.Columns, func(c Column) bool { return c.meaningful() })
}

// List understands a sheet as a list or a wide table; ok is false when it has no
// header that the declaration knows.
func (g *Guide) List(s *Sheet) (_ *ListSheet, ok bool) {
	t, ok := g.head(s)
	if !ok {
		return nil, false
	}
	return g.list(s, t), true
}

// list says what each row is, given the first header.
func (g *Guide) list(s *Sheet, t Table) *ListSheet {
	l := &ListSheet{Guide: g, Tables: []Table{t}, Rows: make([]Row, len(s.Rows)), titles: map[string]bool{}}
	for i := range s.Rows[:t.Header[0]] {
		l.Rows[i] = Row{Title, -1}
	}
	for i := range t.Columns {
		l.titles[fold.Key(t.Columns[i].Title)] = true
	}
	for i := t.Header[0]; i < len(s.Rows); {
		i += l.classify(s, i, t.Header)
	}
	l.setAside(s)
	l.Filled = l.mergedValues(s)
	return l
}

// Missing are the required fields a table has no column for.
func (g *Guide) Missing(t *Table) []*connectors.Field {
	var out []*connectors.Field
	for _, f := range g.matcher.Fields {
		if f.Required && t.Of(f.Name) == nil && (f.Instead == "" || t.Of(f.Instead) == nil) {
			out = append(out, f)
		}
	}
	return out
}

// classify says what row i is, and returns how many rows that settles.
func (l *ListSheet) classify(s *Sheet, i int, first []int) int {
	if i == first[0] {
		for _, j := range first {
			l.Rows[j] = Row{Header, 0}
		}
		n := len(first)
		if i+n < len(s.Rows) && numbersColumns(s.Rows[i+n]) {
			l.Rows[i+n] = Row{Header, 0}
			n++
		}
		return n
	}
	if again := l.headerAt(s, i, first); len(again) > 0 {
		t := l.Guide.table(s, again)
		l.Tables = append(l.Tables, t)
		for _, j := range again {
			l.Rows[j] = Row{Header, int16(len(l.Tables) - 1)}
		}
		return len(again)
	}
	n := len(l.Tables) - 1
	l.Rows[i] = Row{l.kind(s.Rows[i], &l.Tables[n]), int16(n)}
	return 1
}

// numbersColumns reports whether a row under a header counts the columns, as
// administrative forms do: 1, 2, 3, or (1), (2), (3).
func numbersColumns(r pipeline.Row) bool {
	n := 0
	for _, c := range r.Cells {
		if c.IsBlank() {
			continue
		}
		n++
		if strings.Trim(c.Display(), "() ") != strconv.Itoa(n) {
			return false
		}
	}
	return n >= 4
}

// headerAt returns the rows of a header that starts at row i, below the first:
// the header again, or that of a second table.
func (l *ListSheet) headerAt(s *Sheet, i int, first []int) []int {
	r := s.Rows[i]
	if !textOnly(r, 2) || !l.startsLikeHeader(r) {
		return nil
	}
	if len(first) == 2 && i+1 < len(s.Rows) && s.Rows[i+1].Number == r.Number+1 && textOnly(s.Rows[i+1], 1) {
		pair := []int{i, i + 1}
		h := s.columnTexts(pair)
		if n := l.Guide.hits(h); n >= 2 && 2*n >= len(h) && n > l.Guide.hits(s.columnTexts(pair[:1])) {
			return pair
		}
	}
	h := s.columnTexts([]int{i})
	if n := l.Guide.hits(h); n >= 2 && 2*n >= len(h) || len(first) == 1 && l.repeats(h) {
		return []int{i}
	}
	return nil
}

// repeats reports whether a row says what the first header says, nearly word for
// word, be it in another order.
func (l *ListSheet) repeats(h []heading) bool {
	same := 0
	for _, c := range h {
		if l.titles[c.said[0].keys[0]] {
			same++
		}
	}
	return same >= 3 && 4*same >= 3*len(h)
}

// startsLikeHeader looks at the first texts of a row only: it is asked of every
// row that holds nothing but texts.
func (l *ListSheet) startsLikeHeader(r pipeline.Row) bool {
	looked := 0
	for _, c := range r.Cells {
		if c.Kind != pipeline.TextCell || c.IsBlank() {
			continue
		}
		key := fold.Key(c.Text)
		if l.titles[key] || len(l.Guide.matcher.exact[key]) > 0 {
			return true
		}
		if parted(c.Text) && len(l.Guide.matcher.exactly(newPhrase(c.Text))) > 0 {
			return true
		}
		if l.Guide.special(heading{col: c.Col, texts: []string{c.Text}}) {
			return true
		}
		if looked++; looked == 3 {
			break
		}
	}
	return false
}

// kind says what a row below a header is.
func (l *ListSheet) kind(r pipeline.Row, t *Table) Kind {
	filled, texts, meant, formulas, signs := 0, 0, 0, 0, 0
	var head [2]string // the first two texts
	var lone pipeline.Cell
	marked := false
	for _, c := range r.Cells {
		if c.IsBlank() {
			continue
		}
		col := t.Column(c.Col)
		if c.Kind == pipeline.TextCell && (filled == 0 || col != nil && col.Why == "row_number") && marksExample(c.Text) {
			marked = true
		}
		filled++
		lone = c
		if c.Kind == pipeline.TextCell {
			if texts < len(head) {
				head[texts] = c.Text
			}
			texts++
		}
		if col != nil && col.meaningful() {
			meant++
			if c.Formula {
				formulas++
			}
			if c.Kind == pipeline.TextCell && isSign(c.Text) {
				signs++
			}
		}
	}
	switch {
	case marked && filled > 1:
		return Example
	case l.isTotal(head, texts):
		return Totals
	case meant == signs:
		return Void // nothing, or a line of dashes
	case filled == 1 && lone.Kind == pipeline.TextCell && len(t.Columns) >= 3, startsNote(head[0], filled):
		return Note
	case formulas == meant && texts == 0:
		return Void // formulas pulled down below the last record
	}
	return Data
}

// isSign reports whether a text has neither a letter nor a digit: "-", "/", "…".
func isSign(text string) bool {
	return len(text) < 20 && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// marksExample reports whether the first cell of a row, or the one under N°
// wherever that column was moved, says it is the template's example.
func marksExample(text string) bool {
	return len(text) < 40 && exampleStart[firstByte(text)] && connectors.IsExampleMark(text)
}

// isTotal reports whether a row adds up others. A wide sheet's row that names its
// indicator and has "Total" for a province is a record of its own.
func (l *ListSheet) isTotal(head [2]string, texts int) bool {
	if l.Guide.Spec.Shape == connectors.Wide {
		return texts == 1 && IsTotal(head[0])
	}
	return texts <= 3 && (IsTotal(head[0]) || IsTotal(head[1]))
}

var totalWords = map[string]bool{"total": true, "totaux": true, "soustotal": true, "soustotaux": true, "somme": true, "subtotal": true,
	"مجموع": true, "المجموع": true, "اجمالي": true, "الاجمالي": true}

// IsTotal reports whether a text names a total: "Total", "TOTAL GÉNÉRAL",
// "Sous-total Rabat", "المجموع".
func IsTotal(text string) bool {
	if len(text) == 0 || len(text) > 80 || !totalStart[firstByte(text)] {
		return false
	}
	words := strings.Fields(fold.Key(text))
	if len(words) == 0 || len(words) > 6 {
		return false
	}
	switch words[0] {
	case "sous", "grand", "sub", "nombre", "nb", "nbre", "effectif":
		return len(words) > 1 && totalWords[words[1]]
	case "dont":
		return len(words) > 1 // what is under a total: "dont femmes"
	}
	return totalWords[words[0]] || len(words) == 1 && (words[0] == "ensemble" || words[0] == "t")
}

// totalStart and exampleStart spare folding the first text of every row.
var (
	totalStart   = [256]bool{'t': true, 's': true, 'e': true, 'g': true, 'd': true, 'n': true, 0xD8: true, 0xD9: true}
	exampleStart = [256]bool{'e': true, 0xD9: true}
)

func firstByte(text string) byte {
	text = strings.TrimLeft(text, " \t\n*.-:=\u00a0\u200b\ufeff")
	if text == "" {
		return 0
	}
	if c := text[0]; c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return text[0]
}

// noteWords start a remark or a signature below a table.
var noteWords = map[string]bool{"nb": true, "note": true, "source": true, "signature": true, "cachet": true, "visa": true, "fait": true,
	"observation": true, "observations": true, "remarque": true, "remarques": true, "ملاحظه": true, "توقيع": true, "التوقيع": true, "حرر": true}

// startsNote reports whether a row of one or two cells is a remark or a signature.
func startsNote(text string, filled int) bool {
	if text == "" || filled > 2 {
		return false
	}
	word, _, _ := strings.Cut(fold.Key(text), " ")
	return noteWords[word] && utf8.RuneCountInString(text) > 1
}

// Cells lays the cells of a data row out by column of its table: cells[i] is the
// cell of Columns[i]. It reuses buf. A cell covered by a merged range has the
// range's value.
func (l *ListSheet) Cells(r pipeline.Row, t *Table, buf []pipeline.Cell) []pipeline.Cell {
	buf = buf[:0]
	for i := range t.Columns {
		buf = append(buf, pipeline.Cell{Col: t.Columns[i].Col})
	}
	for _, c := range r.Cells {
		if c.Col < len(t.index) && t.index[c.Col] > 0 {
			buf[t.index[c.Col]-1] = c
		}
	}
	if len(l.Filled) == 0 {
		return buf
	}
	for i, c := range buf {
		if c.IsBlank() {
			if v, ok := l.Filled[[2]int{r.Number, c.Col}]; ok {
				v.Col = c.Col
				buf[i] = v
			}
		}
	}
	return buf
}

// maxFilled bounds the cells that merged ranges may fill: beyond, the merge is a
// decoration.
const maxFilled = 100_000

// mergedValues gives the rows under a merged range of one column its value: a
// centre written once for its ten trainees. Only for data rows.
func (l *ListSheet) mergedValues(s *Sheet) map[[2]int]pipeline.Cell {
	tops := map[int]int{} // row number -> index, of rows that start a range
	for _, m := range s.Merged {
		if m.FirstCol == m.LastCol && m.LastRow > m.FirstRow {
			tops[m.FirstRow] = -1
		}
	}
	if len(tops) == 0 {
		return nil
	}
	for i, r := range s.Rows {
		if _, ok := tops[r.Number]; ok && l.Rows[i].Kind == Data {
			tops[r.Number] = i
		}
	}
	filled := map[[2]int]pipeline.Cell{}
	for _, m := range s.Merged {
		i, ok := tops[m.FirstRow]
		if !ok || i < 0 || m.FirstCol != m.LastCol {
			continue
		}
		c := s.Rows[i].Cell(m.FirstCol)
		if c.IsBlank() {
			continue
		}
		for row := m.FirstRow + 1; row <= m.LastRow && len(filled) < maxFilled; row++ {
			filled[[2]int{row, m.FirstCol}] = c
		}
	}
	return filled
}
