package patch

import (
	"fmt"
	"strconv"
	"strings"
)

// Colours of the marks, by severity. Their lowest two bits are zero in each
// channel: they number the fill that was there before.
const (
	Red    = "F4B8B0"
	Orange = "F8D0B0"
	Yellow = "FCF0B4"
)

var markColours = []string{Red, Orange, Yellow}

// maxFills is how many earlier fills six bits can number, 0 being none.
const maxFills = 63

// withNumber hides a number in a colour.
func withNumber(rgb string, i int) string {
	v, _ := strconv.ParseUint(rgb, 16, 32)
	v |= uint64(i&3)<<16 | uint64(i>>2&3)<<8 | uint64(i>>4&3)
	return fmt.Sprintf("%06X", v)
}

// markNumber is the number in a marking colour, given as AARRGGBB; ok is false for
// any other colour.
func markNumber(colour string) (i int, ok bool) {
	if len(colour) != 8 {
		return 0, false
	}
	v, err := strconv.ParseUint(colour[2:], 16, 32)
	if err != nil {
		return 0, false
	}
	base := fmt.Sprintf("%06X", v&^0x030303)
	for _, c := range markColours {
		if c == base {
			return int(v>>16&3 | v>>8&3<<2 | v&3<<4), true
		}
	}
	return 0, false
}

// fill is a pattern fill, its colours as attributes: "rgb:FFEEEEEE" or
// "theme:4,tint:0.59".
type fill struct {
	pattern    string
	fore, back string // the rgb value alone when the colour is one
	foreAttrs  string
	backAttrs  string
}

func (s *styles) readFill(n *node) fill {
	p := n.child("patternFill")
	if p == nil {
		return fill{}
	}
	f := fill{pattern: s.doc.attr(p, "patternType")}
	f.fore, f.foreAttrs = s.colour(p.child("fgColor"))
	f.back, f.backAttrs = s.colour(p.child("bgColor"))
	return f
}

func (s *styles) colour(n *node) (rgb, attrs string) {
	if n == nil {
		return "", ""
	}
	var parts []string
	for _, name := range []string{"rgb", "theme", "indexed", "auto", "tint"} {
		if v := s.doc.attr(n, name); v != "" {
			parts = append(parts, name+":"+v)
		}
	}
	return s.doc.attr(n, "rgb"), strings.Join(parts, ",")
}

// String is the form kept in a hidden name: "solid|theme:4,tint:0.59|indexed:64".
func (f fill) String() string { return f.pattern + "|" + f.foreAttrs + "|" + f.backAttrs }

// parseFill is the inverse of String; no fill for anything else.
func parseFill(text string) fill {
	parts := strings.Split(text, "|")
	if len(parts) != 3 || strings.ContainsAny(text, "<>&\"") {
		return fill{}
	}
	return fill{pattern: parts[0], foreAttrs: parts[1], backAttrs: parts[2]}
}

func (f fill) xml() string {
	if f.pattern == "" {
		return `<fill><patternFill patternType="none"/></fill>`
	}
	return `<fill><patternFill patternType="` + f.pattern + `">` + colourXML("fgColor", f.foreAttrs) + colourXML("bgColor", f.backAttrs) + `</patternFill></fill>`
}

func colourXML(element, attrs string) string {
	if attrs == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("<" + element)
	for _, a := range strings.Split(attrs, ",") {
		name, value, _ := strings.Cut(a, ":")
		b.WriteString(" " + name + `="` + value + `"`)
	}
	b.WriteString("/>")
	return b.String()
}

// markStyle is the number of the style that shows a colour over another style, and
// remembers that one's fill; ok is false when the fill can't be remembered, so
// must not be covered: a gradient, or one too many.
func (w *Workbook) markStyle(format int, rgb string) (style int, ok bool) {
	m, known := w.marks[tint{format, rgb}]
	if !known {
		m.style, m.ok = w.newMarkStyle(format, rgb)
		w.marks[tint{format, rgb}] = m
	}
	return m.style, m.ok
}

// markedStyle is what markStyle gave.
type markedStyle struct {
	style int
	ok    bool
}

func (w *Workbook) newMarkStyle(format int, rgb string) (style int, ok bool) {
	number := 0
	if n := w.styles.fillOf(format); n != nil {
		f := w.styles.readFill(n)
		switch {
		case n.child("gradientFill") != nil:
			return 0, false
		case f.pattern != "" && f.pattern != "none":
			if number, ok = w.remember(f.String()); !ok {
				return 0, false
			}
		}
	}
	return w.styles.withFill(format, withNumber(rgb, number)), true
}

func (w *Workbook) remember(fill string) (number int, ok bool) {
	for i, f := range w.fills {
		if f == fill {
			return i + 1, true
		}
	}
	if len(w.fills) == maxFills {
		return 0, false
	}
	w.fills = append(w.fills, fill)
	return len(w.fills), true
}
