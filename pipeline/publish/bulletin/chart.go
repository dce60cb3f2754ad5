package bulletin

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// Charts are SVG in the page. Each stands beside the figures it draws, and is
// hidden from readers that speak: they have the figures.

// fullBar is how many percent of a target the whole width of a bar stands for; what
// is beyond is cut, its figure is beside it.
const fullBar = 200

// progressBar draws a rate of achievement, with a mark at the target.
func progressBar(rate *float64, status string) template.HTML {
	var b strings.Builder
	b.WriteString(`<svg class="bar" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="200" height="12"/>`)
	if rate != nil {
		fmt.Fprintf(&b, `<rect class="fill-%s" width="%s" height="12"/>`, className(status), short(math.Min(fullBar, math.Max(0, *rate))))
	}
	b.WriteString(`<rect class="mark" x="99" width="2" height="12"/></svg>`)
	return template.HTML(b.String()) // numbers and class names only
}

// sexBar draws how a total divides.
func sexBar(women, men, unknown *float64) template.HTML {
	var total float64
	for _, v := range []*float64{women, men, unknown} {
		if v != nil {
			total += *v
		}
	}
	var b strings.Builder
	b.WriteString(`<svg class="bar" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="200" height="12"/>`)
	at := 0.0
	for _, part := range []struct {
		class string
		value *float64
	}{{"women", women}, {"men", men}, {"unknown", unknown}} {
		if part.value == nil || *part.value == 0 {
			continue
		}
		width := 200 * *part.value / total
		fmt.Fprintf(&b, `<rect class="fill-%s" x="%s" width="%s" height="12"/>`, part.class, short(at), short(width))
		at += width
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// column is one of a column chart.
type column struct {
	label string
	said  string // the value in words, or why there is none
	value *float64
	here  bool // the issue's own
}

// columns draws a small chart of columns, each with its figure on it. alt says the
// same in words.
func columns(s speaker, all []column, alt string) template.HTML {
	const width, height, base = 220, 132, 108
	top := 1.0
	for _, c := range all {
		if c.value != nil {
			top = math.Max(top, *c.value)
		}
	}
	step := float64(width) / float64(len(all))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="columns" viewBox="0 0 %d %d" role="img" aria-label="%s"><rect class="axis" y="%d" width="%d" height="1"/>`,
		width, height, template.HTMLEscapeString(alt), base, width)
	for n, c := range all {
		if s.Dir() == "rtl" {
			n = len(all) - 1 - n // time goes from right to left
		}
		middle, class := step*(float64(n)+0.5), "other"
		if c.here {
			class = "here"
		}
		y := float64(base)
		if c.value != nil {
			tall := 84 * *c.value / top
			y -= tall
			fmt.Fprintf(&b, `<rect class="fill-%s" x="%s" y="%s" width="%s" height="%s"/>`, class, short(middle-step*0.32), short(y), short(step*0.64), short(tall))
		}
		fmt.Fprintf(&b, `<text x="%s" y="%s" class="figure">%s</text><text x="%s" y="%d">%s</text>`,
			short(middle), short(y-5), template.HTMLEscapeString(c.said), short(middle), base+17, template.HTMLEscapeString(c.label))
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// short writes a length with at most two decimals.
func short(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}

// className is a status the style sheet knows.
func className(status string) string {
	switch status {
	case "atteint", "proche", "insuffisant":
		return status
	}
	return "none"
}
