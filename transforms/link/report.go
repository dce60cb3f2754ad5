package link

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"

	"cp3/pipeline/wording"
)

//go:embed report.html
var reportPage string

// WriteHTML writes the diagnostics as one page that needs nothing else, in lang,
// under a title.
func (d Diagnostics) WriteHTML(w io.Writer, lang, title string) error {
	say := func(key string) string { return wording.Text(lang, "link.report."+key, nil) }
	page, err := template.New("report").Funcs(template.FuncMap{
		"say":     say,
		"part":    func(part string) string { return say("part." + part) },
		"lang":    func() string { return lang },
		"dir":     func() string { return map[bool]string{true: "rtl", false: "ltr"}[lang == "ar"] },
		"p":       probability,
		"bits":    func(f float64) string { return fmt.Sprintf("%+.1f", f) },
		"one":     func(f float64) string { return fmt.Sprintf("%.1f", f) },
		"percent": func(f float64) string { return fmt.Sprintf("%.2f %%", 100*f) },
		"level":   levelName(lang),
		"bar":     func(b float64) bar { return newBar(b) },
	}).Parse(reportPage)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return page.Execute(w, struct {
		Diagnostics
		Title   string
		Columns []column
	}{d, title, d.columns()})
}

// probability keeps the digits that matter of a probability, however small.
func probability(p float64) string {
	switch {
	case p >= 0.0095:
		return fmt.Sprintf("%.3f", p)
	case p == 0:
		return "0"
	}
	return fmt.Sprintf("%.1e", p)
}

func levelName(lang string) func(Field, Level) string {
	return func(f Field, l Level) string {
		return Evidence{Column: f.Column, Kind: f.Kind, Aspect: f.Aspect, Level: l.Name}.Text(lang)
	}
}

// bar is a weight drawn as a bar from the middle of a 200 wide box.
type bar struct {
	X, Width float64
	For      bool
}

func newBar(bits float64) bar {
	const widest = 16 // bits
	w := min(math.Abs(bits), widest) / widest * 100
	if bits < 0 {
		return bar{100 - w, w, false}
	}
	return bar{100, w, true}
}

// column is one bar of the distribution of weights, on a scale of square roots, so
// that the few pairs between the two humps can be seen.
type column struct {
	Bits, N      int
	X, Y, Height float64
	Above        bool
}

func (d Diagnostics) columns() []column {
	most := 1
	for _, c := range d.Weights {
		most = max(most, c.N)
	}
	const low, width, height = -10, 14, 160
	var columns []column
	for _, c := range d.Weights {
		h := math.Sqrt(float64(c.N)/float64(most)) * height
		columns = append(columns, column{c.Value, c.N, float64((c.Value - low) * width), height - h, h, float64(c.Value) >= d.Threshold})
	}
	return columns
}
