package receipt

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"cp3/connectors/receipt/patch"
	"cp3/pipeline"
)

// page is the sheet being laid out: lines from top to bottom, over six columns.
type page struct {
	voice  voice
	name   string // of the sheet
	lines  []line
	merges []string
	links  []link
	title  int // the line of the problems' header, repeated on each printed page
	footer string
	styles map[look]int    // the workbook's, once asked for
	fonts  map[font]string // what a run in that font starts with
}

type line struct {
	height float64 // points
	cells  []cell
}

type cell struct {
	col  int // 1 to 6
	last int // of a merged range; 0 or col for a single cell
	look look
	runs []run
}

type link struct {
	ref      string
	location string // 'Formation'!C14
}

// The columns, and their widths in characters of the default font: together they
// fill a landscape A4 page.
const (
	colSheet = iota + 1
	colCell
	colSeverity
	colValue
	colProblem
	colAction
)

var widths = map[int]float64{colSheet: 19, colCell: 10, colSeverity: 15, colValue: 23, colProblem: 46, colAction: 46}

// add puts a line at the end, as high as its texts need, and returns its number.
func (p *page) add(least float64, cells ...cell) int {
	l := line{height: least, cells: cells}
	for _, c := range cells {
		l.height = math.Max(l.height, c.height())
	}
	p.lines = append(p.lines, l)
	row := len(p.lines)
	for _, c := range cells {
		if c.last > c.col {
			p.merges = append(p.merges, pipeline.Ref(c.col, row)+":"+pipeline.Ref(c.last, row))
		}
	}
	return row
}

func (p *page) space(height float64) { p.lines = append(p.lines, line{height: height}) }

// text is a cell holding a phrase; the French of a bilingual page stands below,
// smaller.
func (p *page) text(col, last int, l look, t phrase) cell {
	return cell{col: col, last: last, look: l, runs: p.runs(t, l.font, "\n")}
}

// label is a cell holding a short phrase, both languages on one line.
func (p *page) label(col, last int, l look, t phrase) cell {
	return cell{col: col, last: last, look: l, runs: p.runs(t, l.font, "  ·  ")}
}

func (p *page) runs(t phrase, f font, between string) []run {
	if p.voice.bilingual() && f.name == "" && strings.ContainsFunc(t.main, isArabic) {
		f.name = arabic
	}
	if t.french == "" || t.french == t.main {
		return []run{{t.main, f}}
	}
	below := f
	below.name = ""
	below.size, below.bold, below.colour = math.Max(f.size-1.5, 8.5), false, muted
	return []run{{t.main, f}, {between + leftToRight(t.french), below}}
}

// leftToRight keeps the full stops of a French sentence at its end when the cell
// reads from right to left.
func leftToRight(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = "\u200e" + l + "\u200e"
	}
	return strings.Join(lines, "\n")
}

func (p *page) link(row, col int, location string) {
	p.links = append(p.links, link{pipeline.Ref(col, row), location})
}

// height is what the cell's text takes, estimated: nobody measures text when a
// workbook is written, and Excel does not for merged cells when it opens one.
func (c cell) height() float64 {
	width := 0.0
	for col := c.col; col <= max(c.col, c.last); col++ {
		width += widths[col]
	}
	width = width*0.86 - float64(c.look.indent)*1.5 // where Calibri is missing, what stands in for it is up to a tenth wider
	size, lines, used := 0.0, 1, 0.0
	for _, r := range c.runs {
		size = math.Max(size, r.font.size)
		first := true
		for part := range strings.SplitSeq(r.text, "\n") {
			if !first {
				lines, used = lines+1, 0
			}
			first = false
			for word := range strings.SplitAfterSeq(part, " ") {
				w := wordWidth(word, r.font)
				if used > 0 && used+w > width {
					lines, used = lines+1, 0
				}
				used += w
				for used > width { // a word longer than the column
					lines, used = lines+1, used-width
				}
			}
		}
	}
	if size == 0 {
		return 0
	}
	return float64(lines)*size*1.32 + 5
}

// wordWidth is a word's width in characters of the default font, 11 points.
func wordWidth(word string, f font) float64 {
	w := 0.0
	for _, r := range word {
		if int(r) < len(glyphs) {
			w += glyphs[r]
		} else {
			w += glyphWidth(r)
		}
	}
	if f.bold {
		w *= 1.07
	}
	if f.name == mono {
		w *= 1.25
	}
	return w * f.size / 11 * 1.02
}

// glyphs are the widths of the characters most texts are made of: Latin and Arabic.
var glyphs = func() (widths [0x700]float64) {
	for r := range widths {
		widths[r] = glyphWidth(rune(r))
	}
	return widths
}()

// glyphWidth is a character's width, relative to a digit's.
func glyphWidth(r rune) float64 {
	switch {
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		return 0
	case strings.ContainsRune("mwMWQO@%…—", r):
		return 1.4
	case strings.ContainsRune("ijl.,:;'’!|()f tr", r):
		return 0.52
	case unicode.IsUpper(r):
		return 1.12
	}
	return 0.9
}

// xml is the page as a worksheet part.
func (p *page) xml(w *patch.Workbook) []byte {
	main, relationships := w.Namespaces()
	rtl := p.voice.bilingual()
	var b bytes.Buffer
	const usual = 1400 // bytes of a line
	b.Grow(usual * (len(p.lines) + 2))
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
	fmt.Fprintf(&b, `<worksheet xmlns="%s" xmlns:r="%s"><sheetPr><tabColor rgb="FF%s"/><pageSetUpPr fitToPage="1"/></sheetPr>`, main, relationships, slateInk)
	fmt.Fprintf(&b, `<dimension ref="A1:F%d"/>`, len(p.lines))
	b.WriteString(`<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"`)
	if rtl {
		b.WriteString(` rightToLeft="1"`)
	}
	b.WriteString(`><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>`)
	b.WriteString(`<sheetFormatPr defaultRowHeight="16"/><cols>`)
	for col := colSheet; col <= colAction; col++ {
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%g" customWidth="1"/>`, col, col, widths[col])
	}
	b.WriteString(`</cols><sheetData>`)
	for i, l := range p.lines {
		b.WriteString(`<row r="` + strconv.Itoa(i+1) + `" ht="` + strconv.FormatFloat(math.Min(l.height, 409), 'f', 2, 64) + `" customHeight="1">`)
		for _, c := range l.cells {
			p.cell(&b, w, i+1, c)
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData>`)
	p.tail(&b)
	b.WriteString(`</worksheet>`)
	return b.Bytes()
}

func (p *page) cell(b *bytes.Buffer, w *patch.Workbook, row int, c cell) {
	style := strconv.Itoa(p.style(w, c.look))
	b.WriteString(`<c r="`)
	b.WriteString(pipeline.Ref(c.col, row))
	b.WriteString(`" s="`)
	b.WriteString(style)
	b.WriteString(`" t="inlineStr"><is>`)
	for _, r := range c.runs {
		if len(c.runs) > 1 {
			b.WriteString(`<r>`)
			b.WriteString(p.font(r.font))
		}
		b.WriteString(`<t xml:space="preserve">`)
		b.WriteString(patch.Escape(r.text))
		b.WriteString(`</t>`)
		if len(c.runs) > 1 {
			b.WriteString(`</r>`)
		}
	}
	b.WriteString(`</is></c>`)
	for col := c.col + 1; col <= c.last; col++ {
		b.WriteString(`<c r="`)
		b.WriteString(pipeline.Ref(col, row))
		b.WriteString(`" s="`)
		b.WriteString(style)
		b.WriteString(`"/>`)
	}
}

// style is the number of a look in the workbook.
func (p *page) style(w *patch.Workbook, l look) int {
	style, ok := p.styles[l]
	if !ok {
		style = w.Style(l.patch(p.voice.bilingual()))
		p.styles[l] = style
	}
	return style
}

// font is a font as a rich text has it.
func (p *page) font(f font) string {
	text, ok := p.fonts[f]
	if !ok {
		text = f.runXML()
		p.fonts[f] = text
	}
	return text
}

// tail is what follows the cells, in the order the format wants.
func (p *page) tail(b *bytes.Buffer) {
	if len(p.merges) > 0 {
		fmt.Fprintf(b, `<mergeCells count="%d">`, len(p.merges))
		for _, m := range p.merges {
			b.WriteString(`<mergeCell ref="` + m + `"/>`)
		}
		b.WriteString(`</mergeCells>`)
	}
	if len(p.links) > 0 {
		b.WriteString(`<hyperlinks>`)
		for _, l := range p.links {
			b.WriteString(`<hyperlink ref="` + l.ref + `" location="` + patch.Escape(l.location) + `"/>`)
		}
		b.WriteString(`</hyperlinks>`)
	}
	b.WriteString(`<printOptions horizontalCentered="1"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>`)
	b.WriteString(`<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>`)
	fmt.Fprintf(b, `<headerFooter><oddFooter>%s</oddFooter></headerFooter>`, patch.Escape("&L&8"+strings.ReplaceAll(p.footer, "&", "&&")+"&R&8&P / &N"))
}
