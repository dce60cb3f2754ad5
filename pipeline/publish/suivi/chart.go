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
	width, height uint   // pixels
	labels, axis  string // number formats
	gap, overlap  int
	legend        bool
	outside       bool // labels beyond the bars, not inside
}

// add anchors the chart at a cell.
func (p *page) add(c chart, col, row int) {
	small := excelize.Font{Family: font, Size: 9, Color: ink}
	gap, zero := uint(c.gap), 0.0
	out := &excelize.Chart{
		Type:      c.kind,
		Dimension: excelize.ChartDimension{Width: c.width, Height: c.height},
		Format: excelize.GraphicOptions{
			AltText: c.alt, Name: c.title, Positioning: "oneCell", OffsetX: 2, OffsetY: 4,
		},
		Title:    excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.title, Font: &excelize.Font{Family: font, Size: 11, Bold: true, Color: deep}}}},
		Legend:   excelize.ChartLegend{Position: "none"},
		PlotArea: excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: c.labels}},
		Border:   excelize.LineOptions{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{rule}}, Width: 0.75},
		XAxis:    excelize.ChartAxis{Font: small},
		YAxis: excelize.ChartAxis{
			Font: small, MajorGridLines: true, Minimum: &zero, NumFmt: excelize.ChartNumFmt{CustomNumFmt: c.axis},
		},
		GapWidth:     &gap,
		Overlap:      &c.overlap,
		VaryColors:   new(bool), // one colour a series, also when there is only one
		ShowBlanksAs: "gap",
	}
	if c.legend {
		out.Legend = excelize.ChartLegend{Position: "bottom", Font: &small}
	}
	out.XAxis.ReverseOrder = c.kind == excelize.Bar // bars are drawn upwards; the table reads downwards
	for _, s := range c.series {
		label := small
		label.Size = 8
		if s.labelColor != "" {
			label.Color = s.labelColor
		}
		one := excelize.ChartSeries{
			Name:       p.cells(s.col, c.header, c.header),
			Categories: p.cells(c.categories, c.first, c.last),
			Values:     p.cells(s.col, c.first, c.last),
			Fill:       excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.color}},
			DataLabel:  excelize.ChartDataLabel{Font: label},
		}
		if c.outside {
			one.DataLabelPosition = excelize.ChartDataLabelsPositionOutsideEnd
		}
		out.Series = append(out.Series, one)
	}
	p.keep(p.file.AddChart(p.name, pipeline.Ref(col, row), out))
}
