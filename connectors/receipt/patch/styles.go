package patch

import (
	"fmt"
	"strconv"
	"strings"
)

// Look is how cells of the page appear, as fragments of the style sheet. Equal
// looks share one style.
type Look struct {
	Font   string // <font>...</font>; "" is the workbook's default font
	Fill   string // RRGGBB; "" is none
	Border string // <border>...</border>; "" is none
	Align  string // attributes of <alignment>: `wrapText="1" vertical="top"`
	Format int    // built-in number format: 3 is #,##0; 0 is general
	// Quoted keeps a text that looks like a formula a text when the cell is edited.
	Quoted bool
}

// styles is the style sheet: lists of fonts, fills, borders, and of formats that
// point to them by position.
type styles struct {
	part    string
	doc     *document
	fonts   *list
	fills   *list
	borders *list
	formats *list // cellXfs
	looks   map[Look]int
	derived map[tint]int
}

// tint is a format given another fill.
type tint struct {
	format int
	rgb    string
}

// list is one list of the style sheet, and what is added at its end.
type list struct {
	node  *node
	size  int
	added []string
	known map[string]int
}

const blankStyles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="%s"><fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

func (w *Workbook) loadStyles() error {
	rels, err := w.pack.relations(w.main)
	if err != nil {
		return err
	}
	s := &styles{looks: map[Look]int{}, derived: map[tint]int{}}
	if r, ok := rels.byKind("/styles"); ok && w.pack.has(r.target) {
		s.part = r.target
	} else {
		s.part = "xl/styles.xml" // the one name every program looks at
		if w.pack.has(s.part) {
			s.part = w.pack.free("xl/styles%d.xml")
		}
		w.pack.add(s.part, []byte(fmt.Sprintf(blankStyles, w.ns.main)))
		if err := w.pack.setType(s.part, stylesType); err != nil {
			return err
		}
		if _, err := rels.add(w.ns.relationships+"/styles", s.part); err != nil {
			return err
		}
	}
	w.styles = s
	return s.load(w.pack)
}

func (s *styles) load(p *pack) error {
	text, err := p.read(s.part)
	if err != nil {
		return err
	}
	if s.doc, err = parse(text); err != nil {
		return fmt.Errorf("%s: %w", s.part, err)
	}
	if err := s.complete(); err != nil {
		return fmt.Errorf("%s: %w", s.part, err)
	}
	s.fonts, s.fills, s.borders, s.formats = s.list("fonts"), s.list("fills"), s.list("borders"), s.list("cellXfs")
	return nil
}

// sections is the order of the style sheet's lists, with what an absent or empty
// one has to hold for the others to stand on.
var sections = []struct{ name, content string }{
	{"numFmts", ""},
	{"fonts", `<font><sz val="11"/><name val="Calibri"/></font>`},
	{"fills", `<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>`},
	{"borders", `<border><left/><right/><top/><bottom/><diagonal/></border>`},
	{"cellStyleXfs", `<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>`},
	{"cellXfs", `<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`},
}

// complete adds the lists a frugal writer left out.
func (s *styles) complete() error {
	if s.doc.root.empty {
		s.doc.replaceInner(s.doc.root, "")
		if err := s.doc.reload(); err != nil {
			return err
		}
	}
	at := s.doc.root.end
	for _, section := range sections {
		n := s.doc.root.child(section.name)
		switch {
		case n != nil && (section.content == "" || len(n.children) > 0):
			at = n.after
		case section.content == "":
		case n != nil:
			s.doc.replaceInner(n, qualify(section.content, s.doc.prefix()))
			at = n.after
		default:
			s.doc.insert(at, qualify("<"+section.name+">"+section.content+"</"+section.name+">", s.doc.prefix()))
		}
	}
	return s.doc.reload()
}

func (s *styles) list(name string) *list {
	n := s.doc.root.child(name)
	return &list{node: n, size: len(n.children), known: map[string]int{}}
}

func (l *list) add(fragment string) int {
	if i, ok := l.known[fragment]; ok {
		return i
	}
	l.added = append(l.added, fragment)
	i := l.size + len(l.added) - 1
	l.known[fragment] = i
	return i
}

// style is the number of the format that gives cells that look.
func (s *styles) style(l Look) int {
	if i, ok := s.looks[l]; ok {
		return i
	}
	font, fill, border := 0, 0, 0
	attrs := `numFmtId="` + strconv.Itoa(l.Format) + `"`
	if l.Font != "" {
		font = s.fonts.add(l.Font)
	}
	if l.Fill != "" {
		fill = s.fills.add(solid(l.Fill))
	}
	if l.Border != "" {
		border = s.borders.add(l.Border)
	}
	attrs += fmt.Sprintf(` fontId="%d" fillId="%d" borderId="%d" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"`, font, fill, border)
	if l.Quoted {
		attrs += ` quotePrefix="1"`
	}
	s.looks[l] = s.formats.add("<xf " + attrs + "><alignment " + l.Align + "/></xf>")
	return s.looks[l]
}

func solid(rgb string) string {
	return `<fill><patternFill patternType="solid"><fgColor rgb="FF` + rgb + `"/><bgColor indexed="64"/></patternFill></fill>`
}

// format is the format of that number; the first one when there is no such number.
func (s *styles) format(i int) *node {
	if i < 0 || i >= len(s.formats.node.children) {
		i = 0
	}
	return s.formats.node.children[i]
}

// fillOf is the fill a format gives its cells; nil when it points nowhere.
func (s *styles) fillOf(format int) *node {
	i, err := strconv.Atoi(s.doc.attr(s.format(format), "fillId"))
	if err != nil || i < 0 || i >= len(s.fills.node.children) {
		return nil
	}
	return s.fills.node.children[i]
}

// withFill is the number of a format that is another one with a solid fill: number
// format, font, borders, alignment and protection stay.
func (s *styles) withFill(format int, rgb string) int {
	id := tint{format, rgb}
	if i, ok := s.derived[id]; ok {
		return i
	}
	fill := s.fills.add(solid(rgb))
	n := s.format(format)
	text := withAttrs(s.doc.src, n.tag, "fillId", strconv.Itoa(fill), "applyFill", "1")
	// Added formats are written without a prefix and qualified together.
	text += string(s.doc.src[n.end:n.after])
	s.derived[id] = s.formats.add(strings.ReplaceAll(strings.ReplaceAll(text, "<"+s.doc.prefix(), "<"), "</"+s.doc.prefix(), "</"))
	return s.derived[id]
}

func (w *Workbook) saveStyles() {
	s := w.styles
	for _, l := range []*list{s.fonts, s.fills, s.borders, s.formats} {
		if len(l.added) == 0 {
			continue
		}
		inner := s.doc.inner(l.node) + qualify(strings.Join(l.added, ""), s.doc.prefix())
		head := withAttrs(s.doc.src, l.node.tag, "count", strconv.Itoa(l.size+len(l.added)))
		s.doc.replace(l.node, strings.TrimSuffix(strings.TrimSuffix(head, ">"), "/")+">"+inner+"</"+l.node.name+">")
	}
	w.pack.set(s.part, s.doc.bytes())
}
