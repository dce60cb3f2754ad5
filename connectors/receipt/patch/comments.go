package patch

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"cp3/pipeline"
)

// comments are a sheet's comments: their texts in one part, the boxes that show
// them in another, a VML drawing shared with buttons and the like.
type comments struct {
	w      *Workbook
	sheet  *sheet
	rels   *relations
	author string
	part   string // "" when the sheet has none
	doc    *document
	vml    string // "" when the sheet has none
}

// threaded is the author Excel gives the stand-in of a modern, threaded comment;
// whatever is written there Excel throws away.
const threaded = "tc="

// separator sets our text apart below somebody else's comment.
const separator = "— cp3 —"

func (w *Workbook) commentsOf(s *sheet, author string) (*comments, error) {
	rels, err := w.pack.relations(s.part)
	if err != nil {
		return nil, err
	}
	c := &comments{w: w, sheet: s, rels: rels, author: author}
	if r, ok := rels.byKind("/comments"); ok && w.pack.has(r.target) {
		c.part = r.target
		text, err := w.pack.read(c.part)
		if err != nil {
			return nil, err
		}
		if c.doc, err = parse(text); err != nil {
			return nil, fmt.Errorf("%s: %w", c.part, err)
		}
	}
	if r, ok := rels.byKind("/vmlDrawing"); ok && w.pack.has(r.target) {
		c.vml = r.target
	}
	return c, nil
}

// add writes the comments of the marks. It returns the id of the relationship to
// the drawing when that is new: the sheet has to point to it.
func (c *comments) add(marks []Mark) (drawing string, err error) {
	var written []Mark
	for _, m := range marks {
		if m.Comment != "" {
			written = append(written, m)
		}
	}
	if len(written) == 0 {
		return "", nil
	}
	if c.doc == nil {
		if err := c.create(); err != nil {
			return "", err
		}
	}
	boxes, err := c.write(written)
	if err != nil {
		return "", err
	}
	c.w.pack.set(c.part, c.doc.bytes())
	return c.draw(boxes)
}

func (c *comments) create() error {
	c.part = c.w.pack.free("xl/cp3comments%d.xml")
	text := `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<comments xmlns="` + c.w.ns.main + `"><authors></authors><commentList></commentList></comments>`
	c.w.pack.add(c.part, []byte(text))
	if err := c.w.pack.setType(c.part, commentsType); err != nil {
		return err
	}
	if _, err := c.rels.add(c.w.ns.relationships+"/comments", c.part); err != nil {
		return err
	}
	var err error
	c.doc, err = parse([]byte(text))
	return err
}

// write adds the texts, and returns the marks that still need a box.
func (c *comments) write(marks []Mark) (boxes []Mark, err error) {
	author, err := c.ourAuthor()
	if err != nil {
		return nil, err
	}
	list := c.doc.root.child("commentList")
	if list == nil {
		return nil, fmt.Errorf("%s: no list of comments", c.part)
	}
	if list.empty {
		c.doc.replaceInner(list, "")
		if err := c.doc.reload(); err != nil {
			return nil, err
		}
		list = c.doc.root.child("commentList")
	}
	there := map[string]*node{}
	for _, n := range list.children {
		there[c.doc.attr(n, "ref")] = n
	}
	var added strings.Builder
	const usual = 400 // bytes besides the text
	size := 0
	for _, m := range marks {
		size += usual + len(m.Comment)
	}
	added.Grow(size)
	for _, m := range marks {
		if n := there[m.Cell]; n != nil {
			c.append(n, m.Comment)
			continue
		}
		added.WriteString(`<comment ref="` + m.Cell + `" authorId="` + strconv.Itoa(author) + `"><text>`)
		addRuns(&added, m.Comment)
		added.WriteString(`</text></comment>`)
		boxes = append(boxes, m)
	}
	c.doc.insert(list.close, qualify(added.String(), c.doc.prefix()))
	return boxes, nil
}

// ourAuthor is the number of our author, added when needed.
func (c *comments) ourAuthor() (int, error) {
	authors := c.doc.root.child("authors")
	if authors == nil {
		c.doc.insert(c.doc.root.end, qualify("<authors><author>"+escape(c.author)+"</author></authors>", c.doc.prefix()))
		return 0, c.doc.reload()
	}
	for i, n := range authors.children {
		if unescape(c.doc.inner(n)) == c.author {
			return i, nil
		}
	}
	count := len(authors.children)
	element := qualify("<author>"+escape(c.author)+"</author>", c.doc.prefix())
	if authors.empty {
		c.doc.replaceInner(authors, element)
	} else {
		c.doc.insert(authors.close, element)
	}
	return count, c.doc.reload()
}

func (c *comments) authorOf(n *node) string {
	authors := c.doc.root.child("authors")
	i, err := strconv.Atoi(c.doc.attr(n, "authorId"))
	if authors == nil || err != nil || i < 0 || i >= len(authors.children) {
		return ""
	}
	return unescape(c.doc.inner(authors.children[i]))
}

// append puts our text below a comment somebody wrote.
func (c *comments) append(n *node, text string) {
	if strings.HasPrefix(c.authorOf(n), threaded) {
		return
	}
	ours := qualify(runs("\n"+separator+"\n"+text), c.doc.prefix())
	body := n.child("text")
	switch {
	case body == nil:
		c.doc.insert(n.end, qualify("<text>", c.doc.prefix())+ours+qualify("</text>", c.doc.prefix()))
	case body.empty:
		c.doc.replaceInner(body, ours)
	default:
		inner := c.doc.inner(body)
		if t := body.child("t"); t != nil {
			// A plain text has to become a run for another one to follow.
			p := c.doc.prefix()
			inner = "<" + p + "r>" + c.doc.text(t) + "</" + p + "r>"
		}
		c.doc.replaceInner(body, inner+ours)
	}
}

// runs is a comment's text, its first line bold.
func runs(text string) string {
	var b strings.Builder
	addRuns(&b, text)
	return b.String()
}

func addRuns(b *strings.Builder, text string) {
	first, rest, _ := strings.Cut(text, "\n")
	if rest == "" {
		addRun(b, "<b/>", first)
		return
	}
	addRun(b, "<b/>", text[:len(first)+1])
	addRun(b, "", rest)
}

func addRun(b *strings.Builder, bold, text string) {
	b.WriteString(`<r><rPr>`)
	b.WriteString(bold)
	b.WriteString(`<sz val="9"/><color rgb="FF1F2933"/><rFont val="Tahoma"/><family val="2"/></rPr><t xml:space="preserve">`)
	b.WriteString(Escape(text))
	b.WriteString(`</t></r>`)
}

// dropComments removes the comments ours recognises from a sheet, with their
// boxes, and cuts our text off the others.
func (w *Workbook) dropComments(s *sheet, ours func(author, text string) bool) error {
	if s.part == "" {
		return nil
	}
	c, err := w.commentsOf(s, "")
	if err != nil || c.doc == nil {
		return err
	}
	list := c.doc.root.child("commentList")
	if list == nil {
		return nil
	}
	gone := map[string]bool{}
	for _, n := range list.children {
		body := n.child("text")
		if body == nil {
			continue
		}
		text := c.doc.plain(body)
		switch {
		case strings.Contains(text, separator):
			c.cut(body, text)
		case ours(c.authorOf(n), text):
			c.doc.replace(n, "")
			gone[c.doc.attr(n, "ref")] = true
		}
	}
	w.pack.set(c.part, c.doc.bytes())
	return c.eraseBoxes(gone)
}

// plain is the text an element holds, without its formatting.
func (d *document) plain(n *node) string {
	if n.local() == "t" {
		return unescape(d.inner(n))
	}
	var b strings.Builder
	for _, c := range n.children {
		if c.local() != "rPh" {
			b.WriteString(d.plain(c))
		}
	}
	return b.String()
}

// cut keeps what stands above our separator. Runs before it stay as they are; the
// one that holds it is shortened.
func (c *comments) cut(body *node, text string) {
	keep := utf8.RuneCountInString(strings.TrimRight(text[:strings.Index(text, separator)], "\n\r "))
	var walk func(n *node)
	walk = func(n *node) {
		if n.local() != "t" {
			for _, child := range n.children {
				walk(child)
			}
			return
		}
		t := []rune(unescape(c.doc.inner(n)))
		if len(t) > keep {
			c.doc.replaceInner(n, escape(string(t[:keep])))
			t = t[:keep]
		}
		keep -= len(t)
	}
	walk(body)
}

// Escape makes s safe as text of a cell or a comment. Where Excel would read
// _x000D_ as a character, the underscore is spelt out.
func Escape(s string) string {
	if isSafeLine(s) {
		return s
	}
	if i := strings.Index(s, "_x"); i >= 0 {
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			if isEscape(s[i:]) {
				b.WriteString("_x005F")
			}
			b.WriteByte(s[i])
		}
		s = b.String()
	}
	return strings.ReplaceAll(escape(s), "&#10;", "\n")
}

// isSafeLine is isSafe for a text whose lines stay as they are.
func isSafeLine(s string) bool {
	for line := range strings.SplitSeq(s, "\n") {
		if !isSafe(line) || strings.Contains(line, "_x") {
			return false
		}
	}
	return true
}

// isEscape reports whether s starts with what Excel takes for a character: _x000D_.
func isEscape(s string) bool {
	if len(s) < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:6], 16, 16)
	return err == nil
}

// position is the row and column of a cell, both from 0, as drawings count.
func position(cell string) (row, col int) {
	c, r, err := pipeline.ParseRef(cell)
	if err != nil {
		return 0, 0
	}
	return r - 1, c - 1
}
