package template

import (
	"strings"

	"cp3/pipeline"
)

// header names the columns; under a group's title when there is one.
func (g *grid) header() {
	for i := 0; i < len(g.cols); i++ {
		c := g.cols[i]
		col := i + 1
		if g.grouped() && c.group == (pipeline.Text{}) {
			g.span(g.sheet, col, col, g.head-1, g.head, c.header())
			g.do(func() error {
				return g.f.MergeCell(g.sheet, pipeline.Ref(col, g.head-1), pipeline.Ref(col, g.head))
			})
			g.label(c, col, g.head-1)
			continue
		}
		g.label(c, col, g.head)
		if c.group != (pipeline.Text{}) && (i == 0 || g.cols[i-1].group != c.group) {
			g.groupTitle(c, i)
		}
	}
	g.do(func() error { return g.f.SetRowHeight(g.sheet, g.head, g.headerHeight()) })
	if g.grouped() {
		g.height(g.sheet, g.head-1, g.groupHeight())
	}
}

func (g *grid) label(c column, col, row int) {
	below := ""
	if g.rightToLeft() {
		below = c.label.FR
	}
	s := c.header()
	if c.group != (pipeline.Text{}) {
		s.role = groupHeader
	}
	if col == 1 && !c.required() {
		below = ""
	}
	g.rich(g.sheet, col, row, c.title(c.label.In(g.lang)), below, s)
}

func (g *grid) groupTitle(c column, i int) {
	last := i
	for last+1 < len(g.cols) && g.cols[last+1].group == c.group {
		last++
	}
	s := style{role: groupHeader, turned: c.turn}
	g.span(g.sheet, i+1, last+1, g.head-1, g.head-1, s)
	below := ""
	if g.rightToLeft() && !c.turn {
		below = c.group.FR
	}
	g.rich(g.sheet, i+1, g.head-1, c.group.In(g.lang), below, s)
}

func (g *grid) headerHeight() float64 {
	if g.grouped() {
		if g.rightToLeft() && !g.cols[len(g.cols)-1].turn {
			return 32
		}
		return 20
	}
	lines := 1
	for _, c := range g.cols {
		n := wrapped(c.title(c.label.In(g.lang)), c.width)
		if g.rightToLeft() {
			n += wrapped(c.label.FR, c.width)
		}
		lines = max(lines, n)
	}
	return float64(lines)*14 + 8
}

func (g *grid) groupHeight() float64 {
	if !g.cols[len(g.cols)-1].turn {
		if g.rightToLeft() {
			return 34
		}
		return 22
	}
	longest := 0
	for _, c := range g.cols {
		longest = max(longest, len([]rune(c.group.In(g.lang))))
	}
	return min(190, float64(longest)*4.6+16)
}

// wrapped is how many lines a text takes in a column.
func wrapped(text string, width float64) int {
	lines, used := 1, 0.0
	for word := range strings.FieldsSeq(text) {
		w := float64(len([]rune(word)))*1.05 + 0.7
		if used > 0 && used+w > width {
			lines, used = lines+1, 0
		}
		used += w
	}
	return lines
}
