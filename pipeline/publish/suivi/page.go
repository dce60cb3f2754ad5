package suivi

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// page is one sheet being written, top to bottom. Its methods keep the first
// error, so that a page reads as what it shows; end returns it.
type page struct {
	*book
	name   string
	widths []float64
	row    int // the next row
	err    error
}

// notReported is shown where nobody reported a value.
func notReported() string { return say("not_reported") }

// newPage starts a sheet with columns of these widths, in characters.
func (b *book) newPage(key string, widths ...float64) *page {
	p := &page{book: b, name: say("sheet." + key), widths: widths, row: 1}
	_, err := b.file.NewSheet(p.name)
	p.keep(err)
	for i, w := range widths {
		c := pipeline.ColumnName(i + 1)
		p.keep(b.file.SetColWidth(p.name, c, c, w))
	}
	p.layout()
	b.pages++
	return p
}

func (p *page) keep(err error) {
	if p.err == nil && err != nil {
		p.err = fmt.Errorf("sheet %s: %w", p.name, err)
	}
}

// layout is the same for every sheet: A4 landscape, one page wide, the edition in
// the footer, no grid.
func (p *page) layout() {
	paper, orientation, wide, high := 9, "landscape", 1, 0
	p.keep(p.file.SetPageLayout(p.name, &excelize.PageLayoutOptions{Size: &paper, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high}))
	fit, tab := true, deep
	p.keep(p.file.SetSheetProps(p.name, &excelize.SheetPropsOptions{FitToPage: &fit, TabColorRGB: &tab}))
	side, top, foot, centered := 0.45, 0.55, 0.3, true
	p.keep(p.file.SetPageMargins(p.name, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &top, Bottom: &top, Header: &foot, Footer: &foot, Horizontally: &centered,
	}))
	p.keep(p.file.SetHeaderFooter(p.name, &excelize.HeaderFooterOptions{
		OddFooter: "&L&8" + footerText(say("footer")) + "&C&8" + footerText(p.origin()) + "&R&8" + say("page"),
	}))
	grid, zoom := false, 100.0
	p.keep(p.file.SetSheetView(p.name, 0, &excelize.ViewOptions{ShowGridLines: &grid, ZoomScale: &zoom}))
}

// footerText escapes what a footer would take for a command.
func footerText(s string) string { return strings.ReplaceAll(s, "&", "&&") }

// put writes a value in a cell: text, number, date, or nil and nil pointers as
// "n.d.".
func (p *page) put(col int, l look, v any) {
	cell := pipeline.Ref(col, p.row)
	switch x := v.(type) {
	case *float64:
		if x == nil {
			v, l = notReported(), absent(l)
		} else {
			v = *x
		}
	case time.Time:
		v = nil
		if !x.IsZero() {
			v, l = x, l.with(func(l *look) { l.format = "dd/mm/yyyy" })
		}
	}
	if v != nil {
		p.keep(p.file.SetCellValue(p.name, cell, v))
	}
	id, err := p.styleOf(l)
	p.keep(err)
	p.keep(p.file.SetCellStyle(p.name, cell, cell, id))
}

// absent is how "n.d." looks where a number would stand.
func absent(l look) look {
	return l.with(func(l *look) { l.format, l.color, l.italic, l.bold = "", muted, true, false })
}

// across writes one text over columns first to last of the row.
func (p *page) across(first, last int, l look, v any) {
	id, err := p.styleOf(l)
	p.keep(err)
	p.keep(p.file.SetCellStyle(p.name, pipeline.Ref(first, p.row), pipeline.Ref(last, p.row), id))
	if last > first {
		p.keep(p.file.MergeCell(p.name, pipeline.Ref(first, p.row), pipeline.Ref(last, p.row)))
	}
	p.put(first, l, v)
}

// line writes a paragraph over the whole width and goes to the next row.
func (p *page) line(l look, s string) {
	p.across(1, len(p.widths), l, s)
	p.next(p.height(s, l, 1, len(p.widths)))
}

// headed writes a row of headers and goes to the next row.
func (p *page) headed(labels ...string) {
	high := 0.0
	for i, s := range labels {
		p.put(i+1, header, s)
		high = max(high, p.height(s, header, i+1, i+1))
	}
	p.next(high + 4)
}

// breakPage starts a new printed page at the row.
func (p *page) breakPage() {
	p.keep(p.file.InsertPageBreak(p.name, pipeline.Ref(1, p.row)))
}

// titled writes a page's title and what it shows.
func (p *page) titled(name, about string) {
	p.across(1, len(p.widths), title.with(func(l *look) { l.size = 15 }), name)
	p.next(24)
	p.line(subtitle.with(func(l *look) { l.size, l.wrap = 10, true }), about)
}

// next ends the row, which is at least high points; 0 leaves the usual height.
func (p *page) next(high float64) {
	if high > 0 {
		p.keep(p.file.SetRowHeight(p.name, p.row, min(high, 400)))
	}
	p.row++
}

// height estimates the height of a text wrapped over columns first to last, in
// points: programs that open the file don't all measure it again.
func (p *page) height(s string, l look, first, last int) float64 {
	size := l.size
	if size == 0 {
		size = 10
	}
	width := -1.5 * float64(1+l.indent)
	for c := first; c <= last && c <= len(p.widths); c++ {
		width += p.widths[c-1]
	}
	perLine := width * 12.5 / size // a column's width is in digits of 11 points; letters are narrower
	if l.bold {
		perLine *= 0.94
	}
	return float64(wrappedLines(s, int(max(6, perLine))))*size*1.28 + 4
}

// wrappedLines is how many lines a text takes when wrapped between words.
func wrappedLines(s string, perLine int) int {
	lines := 0
	for _, paragraph := range strings.Split(s, "\n") {
		lines++
		at := 0
		for _, word := range strings.Fields(paragraph) {
			n := utf8.RuneCountInString(word)
			if at > 0 && at+1+n > perLine {
				lines, at = lines+1, 0
			}
			if at > 0 {
				at++
			}
			for at += n; at > perLine; at -= perLine {
				lines++
			}
		}
	}
	return lines
}

// printTitles repeats the rows of headers on every printed page that follows.
func (p *page) printTitles(first, last int) {
	p.keep(p.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: p.name, RefersTo: fmt.Sprintf("'%s'!$%d:$%d", p.name, first, last),
	}))
}

// freeze keeps on the screen the rows up to row and the columns left of col.
func (p *page) freeze(row, col int) {
	p.keep(p.file.SetPanes(p.name, &excelize.Panes{
		Freeze: true, XSplit: col - 1, YSplit: row, TopLeftCell: pipeline.Ref(col, row+1), ActivePane: "bottomRight",
	}))
}

// cells is an absolute range of one column of the page, for a chart.
func (p *page) cells(col, first, last int) string {
	c := pipeline.ColumnName(col)
	if first == last {
		return fmt.Sprintf("'%s'!$%s$%d", p.name, c, first)
	}
	return fmt.Sprintf("'%s'!$%s$%d:$%s$%d", p.name, c, first, c, last)
}

// end closes the page: what is printed, and the first error.
func (p *page) end(lastRow int) error {
	area := fmt.Sprintf("'%s'!$A$1:$%s$%d", p.name, pipeline.ColumnName(len(p.widths)), max(lastRow, 1))
	p.keep(p.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: p.name, RefersTo: area}))
	return p.err
}

// numberFormat shows a figure with the decimals it has, percentages with their
// sign.
func numberFormat(v *float64, percent bool) string {
	format := "#,##0"
	if v != nil && *v != math.Trunc(*v) {
		format += ".0"
	}
	if percent {
		format += `" %"`
	}
	return format
}
