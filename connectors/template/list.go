package template

import (
	"fmt"

	"cp3/connectors"
	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// grid is a list sheet being laid out: where things are.
type grid struct {
	*book
	sheet   string
	spec    *connectors.Sheet
	cols    []column
	head    int // the header's last row
	totals  int // the row of totals; 0 without one
	example int
	first   int // the first row to fill
	last    int // the last ruled row

	noteHeight float64
}

// rowHeight is high enough to write on by hand.
const rowHeight = 18.5

// list writes a list, wide or meeting sheet.
func (b *book) list(s *connectors.Sheet) {
	g := &grid{book: b, sheet: b.add(s), spec: s, cols: b.columns(s)}
	g.place()
	g.columnStyles()
	g.title()
	g.rule()
	g.header()
	g.sums()
	g.exampleRow()
	g.lines()
	g.tints()
	g.finish()
}

// place decides the rows: title, note, totals when there are some, header, example,
// then what is to be filled.
func (g *grid) place() {
	row := 2
	for _, c := range g.cols {
		if c.numeric() || c.sum[0] > 0 && c.field == nil {
			g.totals = row + 1
		}
	}
	if g.totals > 0 {
		row = g.totals
	}
	row++
	if g.grouped() {
		row++
	}
	g.head, g.example, g.first = row, row+1, row+2
}

// rule decides how many lines are ruled: those carried over and some more, as many
// as fill a printed page when there are none.
func (g *grid) rule() {
	lines := g.o.Lines
	if lines == 0 {
		lines = g.pageLines()
	}
	g.last = g.first + max(len(g.o.CarryOver[g.spec.Name])+min(lines, 12), lines) - 1
}

// A landscape A4 page within its margins, in points, and a character's width.
const (
	pageAcross = 784.0
	pageDown   = 512.0
	character  = 5.35
)

// pageLines is how many lines fit on a printed page, scaled so that the list is as
// wide as its pages.
func (g *grid) pageLines() int {
	total := 0.0
	for _, c := range g.cols {
		total += c.width
	}
	pages := float64(g.pagesAcross())
	repeated := 0.0
	for _, c := range g.cols[:g.kept()] {
		repeated += c.width
	}
	scale := min(1, pages*pageAcross/((total+(pages-1)*repeated)*character))
	above := 32 + g.noteHeight + g.headerHeight() + rowHeight
	if g.grouped() {
		above += g.groupHeight()
	}
	if g.totals > 0 {
		above += rowHeight
	}
	return max(5, int((pageDown/scale-above)/rowHeight)-1)
}

func (g *grid) pagesAcross() int {
	total := 0.0
	for _, c := range g.cols {
		total += c.width
	}
	return 1 + int(total/pageWidth)
}

// grouped reports whether the header has two rows.
func (g *grid) grouped() bool { return g.cols[len(g.cols)-1].group != (pipeline.Text{}) }

func (g *grid) lastColumn() string { return pipeline.ColumnName(len(g.cols)) }

// columnStyles makes whole columns ready to be filled, however far down: unlocked,
// and written the right way.
func (g *grid) columnStyles() {
	g.do(func() error {
		height, custom := rowHeight, true
		return g.f.SetSheetProps(g.sheet, &excelize.SheetPropsOptions{DefaultRowHeight: &height, CustomHeight: &custom})
	})
	for i, c := range g.cols {
		letter := pipeline.ColumnName(i + 1)
		s := style{role: plain, format: c.format(), centre: c.centred()}
		g.do(func() error { return g.f.SetColStyle(g.sheet, letter, g.style(s)) })
		g.width(g.sheet, i+1, c.width)
	}
}

// title is what the sheet is, what to write on it, and how much is written.
func (g *grid) title() {
	main, below := g.spec.Title.In(g.lang), ""
	if g.rightToLeft() {
		below = g.spec.Title.FR
	}
	span := min(len(g.cols), g.reach(72))
	g.span(g.sheet, 1, span, 1, 1, style{role: titleRole})
	g.set(g.sheet, 1, 1, main, style{role: titleRole})
	g.height(g.sheet, 1, 32)
	note := capital(g.spec.Note.In(g.lang))
	if note != "" {
		note += ".  "
	}
	note += g.say("sheet.required")
	g.span(g.sheet, 1, span, 2, 2, style{role: noteRole})
	g.rich(g.sheet, 1, 2, note, below, style{role: noteRole})
	width := 0.0
	for _, c := range g.cols[:span] {
		width += c.width
	}
	lines := wrapped(note, width)
	if below != "" {
		lines++
	}
	g.noteHeight = float64(lines)*14 + 6
	g.height(g.sheet, 2, g.noteHeight)
	g.count(span)
}

// reach is how many columns make up a width, at least three.
func (g *grid) reach(width float64) int {
	for i, c := range g.cols {
		if width -= c.width; width <= 0 {
			return max(3, i+1)
		}
	}
	return len(g.cols)
}

// count shows how many rows are filled, beside the note.
func (g *grid) count(after int) {
	key := g.keyColumn()
	wide, last := 0.0, after
	for last < len(g.cols) && wide < 26 {
		wide += g.cols[last].width
		last++
	}
	if key == 0 || wide < 20 {
		return
	}
	letter := pipeline.ColumnName(key)
	g.span(g.sheet, after+1, last, 2, 2, style{role: countRole})
	g.formula(g.sheet, after+1, 2, fmt.Sprintf(`"%s : "&COUNTA(%s%d:%s%d)`, g.say("count"), letter, g.first, letter, lastRow), style{role: countRole})
}

// keyColumn is the first required column: a row begun has it.
func (g *grid) keyColumn() int {
	for i, c := range g.cols {
		if c.required() && c.sum[0] == 0 {
			return i + 1
		}
	}
	return 0
}

// sums writes the totals of the columns that add up.
func (g *grid) sums() {
	if g.totals == 0 {
		return
	}
	g.height(g.sheet, g.totals, rowHeight)
	for i, c := range g.cols {
		col := i + 1
		s := style{role: totalRole, format: "#,##0", centre: true}
		switch {
		case c.numeric() || c.sum[0] > 0 && c.field == nil:
			letter := pipeline.ColumnName(col)
			g.formula(g.sheet, col, g.totals, fmt.Sprintf("SUM(%s%d:%s%d)", letter, g.first, letter, lastRow), s)
		case col == 1:
			g.set(g.sheet, col, g.totals, g.say("totals"), style{role: totalRole})
		default:
			g.set(g.sheet, col, g.totals, nil, s)
		}
	}
}

// exampleRow shows how to write; its first cell says that it is not data.
func (g *grid) exampleRow() {
	mark := connectors.ExampleFR
	if g.rightToLeft() {
		mark = connectors.ExampleAR
	}
	for i, c := range g.cols {
		s := style{role: exampleRole, format: c.format(), centre: c.centred()}
		var value any
		switch {
		case i == 0:
			value, s = mark, style{role: exampleRole, centre: true, arabic: g.rightToLeft()}
		case c.field != nil:
			value = g.value(c.field, c.field.Example)
		}
		g.set(g.sheet, i+1, g.example, value, s)
	}
	g.height(g.sheet, g.example, rowHeight)
}

// lines rules the rows to fill, with what is carried over, and checks them.
func (g *grid) lines() {
	carried := g.o.CarryOver[g.spec.Name]
	for row := g.first; row <= g.last; row++ {
		var record Row
		if n := row - g.first; n < len(carried) {
			record = carried[n]
		}
		for i, c := range g.cols {
			col := i + 1
			if c.sum[0] > 0 {
				g.formula(g.sheet, col, row, sumFormula(c, row), c.input())
				continue
			}
			var value any
			if c.field != nil && record != nil {
				value = g.value(c.field, record[c.field.Name])
			}
			g.set(g.sheet, col, row, value, c.input())
		}
	}
	for i, c := range g.cols[1:] {
		col := i + 2
		g.check(g.sheet, c, pipeline.Ref(col, g.first), pipeline.Ref(col, lastRow))
	}
}

// sumFormula adds women and men, and stays empty while both are.
func sumFormula(c column, row int) string {
	women, men := pipeline.Ref(c.sum[0], row), pipeline.Ref(c.sum[1], row)
	return fmt.Sprintf(`IF(COUNT(%s,%s)=0,"",SUM(%s,%s))`, women, men, women, men)
}

// tints mark what a row begun still misses, and rule rows filled below the ruled
// ones.
func (g *grid) tints() {
	begun := fmt.Sprintf("COUNTA($B%d:$%s%d)>0", g.first, pipeline.ColumnName(g.lastTyped()), g.first)
	g.do(func() error {
		warn, err := g.f.NewConditionalStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{missing}}})
		if err != nil {
			return err
		}
		rule, err := g.f.NewConditionalStyle(&excelize.Style{Border: style{role: input}.border()})
		if err != nil {
			return err
		}
		for i, c := range g.cols {
			if !c.required() || c.sum[0] > 0 {
				continue
			}
			letter := pipeline.ColumnName(i + 1)
			empty := fmt.Sprintf("AND(%s,LEN(TRIM(%s%d))=0)", begun, letter, g.first)
			if err := g.f.SetConditionalFormat(g.sheet, fmt.Sprintf("%s%d:%s%d", letter, g.first, letter, lastRow),
				[]excelize.ConditionalFormatOptions{{Type: "formula", Criteria: empty, Format: &warn}}); err != nil {
				return err
			}
		}
		below := g.last + 1
		begun := fmt.Sprintf("COUNTA($B%d:$%s%d)>0", below, pipeline.ColumnName(g.lastTyped()), below)
		return g.f.SetConditionalFormat(g.sheet, fmt.Sprintf("A%d:%s%d", below, g.lastColumn(), lastRow),
			[]excelize.ConditionalFormatOptions{{Type: "formula", Criteria: begun, Format: &rule}})
	})
}

// lastTyped is the last column before the first computed one.
func (g *grid) lastTyped() int {
	for i, c := range g.cols {
		if c.sum[0] > 0 {
			return max(2, i)
		}
	}
	return len(g.cols)
}

// pageWidth is what one printed page takes in width, in characters, before its text
// gets too small to read.
const pageWidth = 235.0

// finish freezes the header and who the row is about, sets what each printed page
// repeats, and protects the sheet.
func (g *grid) finish() {
	keep := g.kept()
	g.tab(g.sheet, deep)
	g.do(func() error {
		corner := pipeline.Ref(keep+1, g.first)
		return g.f.SetPanes(g.sheet, &excelize.Panes{Freeze: true, XSplit: keep, YSplit: g.first - 1, TopLeftCell: corner, ActivePane: "bottomRight",
			Selection: []excelize.Selection{{SQRef: pipeline.Ref(2, g.first), ActiveCell: pipeline.Ref(2, g.first), Pane: "bottomRight"}}})
	})
	g.do(func() error {
		wide, high := g.pagesAcross(), 0
		if err := g.f.SetPageLayout(g.sheet, &excelize.PageLayoutOptions{FitToWidth: &wide, FitToHeight: &high}); err != nil {
			return err
		}
		s := quoted(g.sheet)
		titles := fmt.Sprintf("%s!$A:$%s,%s!$%d:$%d", s, pipeline.ColumnName(keep), s, g.headerFirst(), g.head)
		return g.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: titles, Scope: g.sheet})
	})
	g.protect(g.sheet)
}

func (g *grid) headerFirst() int {
	if g.grouped() {
		return g.head - 1
	}
	return g.head
}

// kept is how many columns stay in sight: the mark, and who or what the row is
// about.
func (g *grid) kept() int {
	keep := 1
	for i, c := range g.cols {
		if c.field == nil {
			continue
		}
		switch c.field.Type {
		case connectors.FamilyName, connectors.GivenName, connectors.FullName:
			keep = i + 1
		case connectors.Indicator:
			if c.field.Name == "code" {
				keep = i + 1
			}
		}
	}
	if keep == 1 && g.grouped() && len(g.cols) > 1 {
		return 2
	}
	return keep
}
