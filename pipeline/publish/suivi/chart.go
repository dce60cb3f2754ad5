package suivi

import (
	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// series is one set of bars: a column of the page over some rows.
type series struct {
	col        int
	color      string
	labelColor string
}

// chart is a native Excel chart of the page's cells: categories in one column,
// one series a column, named by the header above them.
type chart struct {
	kind          excelize.ChartType
	title, alt    string
	header        int // row of the series' names
	first, last   int // rows of the bars
	categories    int // column of their names
	series        []series
	width, height uint // pixels
	format        string
	max           *float64
	gap, overlap  int
	legend        bool
}

// add anchors the chart at a cell.
func (p *page) add(c chart, col, row int) {
	small := excelize.Font{Family: font, Size: 9, Color: ink}
	gap := uint(c.gap)
	out := &excelize.Chart{
		Type:      c.kind,
		Dimension: excelize.ChartDimension{Width: c.width, Height: c.height},
		Format: excelize.GraphicOptions{
			AltText: c.alt, Name: c.title, Positioning: "oneCell", OffsetX: 2, OffsetY: 4,
		},
		Title:    excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.title, Font: &excelize.Font{Family: font, Size: 11, Bold: true, Color: deep}}}},
		Legend:   excelize.ChartLegend{Position: "none"},
		PlotArea: excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: c.format}},
		Border:   excelize.LineOptions{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{rule}}, Width: 0.75},
		XAxis:    excelize.ChartAxis{Font: small},
		YAxis: excelize.ChartAxis{
			Font: small, MajorGridLines: true, Maximum: c.max, NumFmt: excelize.ChartNumFmt{CustomNumFmt: c.format},
		},
		GapWidth:     &gap,
		Overlap:      &c.overlap,
		ShowBlanksAs: "gap",
	}
	if c.legend {
		out.Legend = excelize.ChartLegend{Position: "bottom", Font: &small}
	}
	if c.kind == excelize.BarStacked || c.kind == excelize.Bar || c.kind == excelize.BarPercentStacked {
		out.XAxis.ReverseOrder = true // bars are drawn upwards; the table reads downwards
	}
	zero := 0.0
	out.YAxis.Minimum = &zero
	for _, s := range c.series {
		label := small
		label.Size = 8
		if s.labelColor != "" {
			label.Color = s.labelColor
		}
		out.Series = append(out.Series, excelize.ChartSeries{
			Name:       p.cells(s.col, c.header, c.header),
			Categories: p.cells(c.categories, c.first, c.last),
			Values:     p.cells(s.col, c.first, c.last),
			Fill:       excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.color}},
			DataLabel:  excelize.ChartDataLabel{Font: label},
		})
	}
	p.keep(p.file.AddChart(p.name, pipeline.Ref(col, row), out))
}
