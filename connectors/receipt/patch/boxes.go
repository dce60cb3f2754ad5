package patch

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// draw adds the boxes of comments to the sheet's drawing. It makes one when there
// is none, and returns the id of the relationship to it.
func (c *comments) draw(boxes []Mark) (id string, err error) {
	if len(boxes) == 0 {
		return "", nil
	}
	if c.vml != "" {
		text, err := c.w.pack.read(c.vml)
		if err != nil {
			return "", err
		}
		end := bytes.LastIndex(text, []byte("</xml>"))
		if end < 0 {
			return "", fmt.Errorf("%s: %w", c.vml, errMalformed)
		}
		var b strings.Builder
		if !bytes.Contains(text, []byte(`id="_x0000_t202"`)) {
			b.WriteString(boxType)
		}
		addShapes(&b, boxes, highestShape(text)+1)
		c.w.pack.set(c.vml, apply(text, []edit{{end, end, b.String()}}))
		return "", nil
	}
	c.vml = c.w.pack.free("xl/drawings/cp3comments%d.vml")
	block := 1
	if n, err := strconv.Atoi(c.sheet.id); err == nil && n > 0 {
		block = n
	}
	var b bytes.Buffer
	b.WriteString(`<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">`)
	fmt.Fprintf(&b, `<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout>`, block)
	b.WriteString(boxType)
	addShapes(&b, boxes, block*1024+1)
	b.WriteString(`</xml>`)
	c.w.pack.add(c.vml, b.Bytes())
	if err := c.w.pack.setDefault("vml", vmlType); err != nil {
		return "", err
	}
	return c.rels.add(c.w.ns.relationships+"/vmlDrawing", c.vml)
}

const boxType = `<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">` +
	`<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>`

// writer is what builds a part.
type writer interface {
	Grow(int)
	WriteString(string) (int, error)
}

// addShapes writes the hidden boxes: beside their cell, high enough for their text.
func addShapes(b writer, boxes []Mark, id int) {
	const usual = 900 // bytes
	b.Grow(usual * (len(boxes) + 1))
	n := strconv.Itoa
	for i, m := range boxes {
		row, col := position(m.Cell)
		lines := 1
		for l := range strings.SplitSeq(m.Comment, "\n") {
			lines += 1 + utf8.RuneCountInString(l)/48
		}
		height := min(lines, 24)
		b.WriteString(`<v:shape id="_x0000_s` + n(id+i) + `" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:230pt;height:` + n(height*12+6) +
			`pt;z-index:` + n(i+1) + `;visibility:hidden" fillcolor="#fffdf5" strokecolor="#b8b2a2" o:insetmode="auto">`)
		b.WriteString(`<v:fill color2="#fffdf5"/><v:shadow on="t" color="#c9c9c9" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>`)
		b.WriteString(`<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>` + n(col+1) + `, 12, ` + n(row) + `, 4, ` + n(col+4) + `, 20, ` +
			n(row+max(4, (height*16)/20+1)) + `, 6</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>` + n(row) + `</x:Row><x:Column>` + n(col) + `</x:Column></x:ClientData></v:shape>`)
	}
}

var shapeID = regexp.MustCompile(`_x0000_s(\d+)`)

func highestShape(vml []byte) int {
	highest := 1024
	for _, m := range shapeID.FindAllSubmatch(vml, -1) {
		if n, err := strconv.Atoi(string(m[1])); err == nil {
			highest = max(highest, n)
		}
	}
	return highest
}

// after are the elements of a sheet that follow its legacyDrawing.
var after = map[string]bool{"legacyDrawingHF": true, "drawingHF": true, "picture": true, "oleObjects": true, "controls": true,
	"webPublishItems": true, "tableParts": true, "extLst": true}

// pointToDrawing adds the legacyDrawing element where the format wants it. from is
// the end of the sheet's data, where the elements around are again the sheet's own.
func pointToDrawing(text []byte, from int, relationships, id string) (edit, error) {
	scan := scanner{src: text, pos: from}
	for depth := 0; ; {
		t, ok, err := scan.next()
		if err != nil || !ok {
			return edit{}, fmt.Errorf("%w: the sheet ends too early", errMalformed)
		}
		if depth == 0 && (t.closing || after[t.local()]) {
			prefix := strings.TrimSuffix(t.name, t.local())
			element := fmt.Sprintf(`<%slegacyDrawing xmlns:cp3r="%s" cp3r:id="%s"/>`, prefix, relationships, id)
			return edit{t.start, t.start, element}, nil
		}
		switch {
		case t.closing:
			depth--
		case !t.empty:
			depth++
		}
	}
}

var (
	shapeRow    = regexp.MustCompile(`<x:Row>\s*(\d+)\s*</x:Row>`)
	shapeColumn = regexp.MustCompile(`<x:Column>\s*(\d+)\s*</x:Column>`)
)

// eraseBoxes removes the boxes of the comments gone.
func (c *comments) eraseBoxes(gone map[string]bool) error {
	if c.vml == "" || len(gone) == 0 {
		return nil
	}
	text, err := c.w.pack.read(c.vml)
	if err != nil {
		return err
	}
	at := map[[2]int]bool{}
	for cell := range gone {
		row, col := position(cell)
		at[[2]int{row, col}] = true
	}
	var edits []edit
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("<v:shape "))
		if i < 0 {
			break
		}
		start := from + i
		length := bytes.Index(text[start:], []byte("</v:shape>"))
		if length < 0 {
			break
		}
		end := start + length + len("</v:shape>")
		shape := text[start:end]
		row, col := shapeRow.FindSubmatch(shape), shapeColumn.FindSubmatch(shape)
		if row != nil && col != nil && bytes.Contains(shape, []byte(`ObjectType="Note"`)) {
			r, _ := strconv.Atoi(string(row[1]))
			k, _ := strconv.Atoi(string(col[1]))
			if at[[2]int{r, k}] {
				edits = append(edits, edit{start, end, ""})
			}
		}
		from = end
	}
	c.w.pack.set(c.vml, apply(text, edits))
	return nil
}
