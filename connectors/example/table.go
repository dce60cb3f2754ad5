package example

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"cp3/pipeline"
)

// column is one column of a list: the field it is, and the words above it.
type column struct {
	field string
	head  string
	group string // the merged title above, when the header takes two rows
	width float64
}

// layout is how a list lies on its sheet.
type layout struct {
	sheet  string
	titles []string // rows above the header
	at     int      // the header's row; 0: right below the titles and one blank row
	left   int      // columns left empty on the left
	logo   bool
	groups bool // two header rows
	filter bool
	freeze bool
	hide   []string // fields whose column is hidden
	blanks int      // an empty row after each so many rows
}

// table is a list being written.
type table struct {
	b    *book
	l    layout
	cols []column
	top  int // last header row
	row  int // next row
	n    int // rows written
}

// table starts a sheet with a list on it.
func (b *book) table(l layout, cols []column) *table {
	b.sheet(l.sheet)
	if l.logo {
		b.logo(l.sheet)
	}
	row, first := 1, 1+l.left
	if l.logo {
		first += 2 // the picture lies over the first columns
	}
	for _, t := range l.titles {
		at := pipeline.Ref(first, row)
		b.put(l.sheet, first, row, str(t))
		b.heading(l.sheet, at, at, "title")
		b.try(func() error { return b.x.MergeCell(l.sheet, at, pipeline.Ref(first+5, row)) })
		b.habit(TitleRows)
		row++
	}
	switch {
	case l.at > 0:
		row = l.at
	case len(l.titles) > 0:
		row++
	}
	switch {
	case row == 1:
		b.habit(TopHeader)
	case row > 10:
		b.habit(LowHeader)
	}
	t := &table{b: b, l: l, cols: cols}
	t.header(row)
	t.dress()
	return t
}

// header writes the header from a row on.
func (t *table) header(row int) {
	b, s := t.b, t.l.sheet
	if t.l.groups {
		b.habit(TwoRowHeader)
		t.groupTitles(row)
		row++
	}
	for i, c := range t.cols {
		col := t.col(i)
		at := row
		if t.l.groups && c.group == "" { // one cell over both rows
			at = row - 1
			b.try(func() error { return b.x.MergeCell(s, pipeline.Ref(col, row-1), pipeline.Ref(col, row)) })
		}
		b.put(s, col, at, str(c.head))
		b.heading(s, pipeline.Ref(col, at), pipeline.Ref(col, row), "header")
	}
	b.try(func() error { return b.x.SetRowHeight(s, row, 32) })
	t.top, t.row = row, row+1
}

// groupTitles merges the titles that several columns share.
func (t *table) groupTitles(row int) {
	for i := 0; i < len(t.cols); {
		j := i
		for j+1 < len(t.cols) && t.cols[j+1].group == t.cols[i].group {
			j++
		}
		if g := t.cols[i].group; g != "" {
			from, to := pipeline.Ref(t.col(i), row), pipeline.Ref(t.col(j), row)
			t.b.put(t.l.sheet, t.col(i), row, str(g))
			t.b.try(func() error { return t.b.x.MergeCell(t.l.sheet, from, to) })
			t.b.heading(t.l.sheet, from, to, "header")
		}
		i = j + 1
	}
}

// dress sets widths, hidden columns and frozen panes.
func (t *table) dress() {
	b, s := t.b, t.l.sheet
	for i, c := range t.cols {
		name := pipeline.ColumnName(t.col(i))
		w := c.width
		if w == 0 {
			w = 15
		}
		b.try(func() error { return b.x.SetColWidth(s, name, name, w) })
		for _, h := range t.l.hide {
			if h == c.field {
				b.habit(HiddenColumns)
				b.try(func() error { return b.x.SetColVisible(s, name, false) })
			}
		}
	}
	if t.l.freeze {
		b.habit(FrozenPanes)
		b.try(func() error {
			return b.x.SetPanes(s, &excelize.Panes{Freeze: true, YSplit: t.top, TopLeftCell: pipeline.Ref(1, t.top+1), ActivePane: "bottomLeft"})
		})
	}
}

func (t *table) col(i int) int { return i + 1 + t.l.left }

// colOf is the column of a field; 0 when the list has none.
func (t *table) colOf(field string) int {
	for i, c := range t.cols {
		if c.field == field {
			return t.col(i)
		}
	}
	return 0
}

// add writes a row, of a person or of none, and returns its number.
func (t *table) add(p *Person, v map[string]value) int {
	if t.l.blanks > 0 && t.n > 0 && t.n%t.l.blanks == 0 {
		t.row++
		t.b.habit(EmptyRows)
	}
	t.n++
	row := t.row
	t.row++
	for i, c := range t.cols {
		x := v[c.field]
		if c.field == "n" {
			x = whole(t.n)
		}
		t.b.put(t.l.sheet, t.col(i), row, x)
	}
	if p != nil {
		t.b.list(t.l.sheet, row, p, v)
	}
	return row
}

// list notes in the truth who a row is.
func (b *book) list(sheet string, row int, p *Person, v map[string]value) {
	b.file.Rows++
	as := strings.Join(strings.Fields(v["family_name"].text+" "+v["given_name"].text), " ")
	b.log.Truth = append(b.log.Truth, Truth{Spot{b.file.Path, sheet, row}, p.ID, as})
	if b.seen[sheet] == nil {
		b.seen[sheet] = map[*Person][]int{}
	}
	b.seen[sheet][p] = append(b.seen[sheet][p], row)
}

// total writes a totals row that counts the n rows from one row on.
func (t *table) total(label string, h Habit, from, n int) {
	t.b.put(t.l.sheet, t.col(0), t.row, str(label, h))
	t.b.put(t.l.sheet, t.col(3), t.row, sum(fmt.Sprintf("COUNTA(%s:%s)", pipeline.Ref(t.col(2), from), pipeline.Ref(t.col(2), t.row-1)), n))
	t.b.heading(t.l.sheet, pipeline.Ref(t.col(0), t.row), pipeline.Ref(t.col(len(t.cols)-1), t.row), "total")
	t.row++
}

// again starts the same list over, under a title, below what is there.
func (t *table) again(title string) {
	t.b.habit(SecondTable)
	t.row += 2
	t.b.put(t.l.sheet, t.col(0), t.row, str(title))
	t.header(t.row + 1)
}

// end puts the filter on, hiding the rows that show returns false for.
func (t *table) end() {
	if !t.l.filter {
		return
	}
	t.b.habit(Filtered)
	area := pipeline.Ref(t.col(0), t.top) + ":" + pipeline.Ref(t.col(len(t.cols)-1), t.row-1)
	t.b.try(func() error { return t.b.x.AutoFilter(t.l.sheet, area, nil) })
}

// hideRows hides some of the rows written, as a filter left on does.
func (t *table) hideRows(every int) {
	t.b.habit(HiddenRows)
	for row := t.top + 1; row < t.row; row++ {
		if (row-t.top)%every == 0 {
			t.b.try(func() error { return t.b.x.SetRowVisible(t.l.sheet, row, false) })
		}
	}
}
