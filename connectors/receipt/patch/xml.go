package patch

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

var errMalformed = errors.New("malformed XML")

// tag is one start or end tag, by its offsets in the text.
type tag struct {
	start, end int    // from '<' to just past '>'
	name       string // with its prefix
	closing    bool   // </a>
	empty      bool   // <a/>
}

func (t tag) local() string { return local(t.name) }

func local(name string) string {
	return name[strings.IndexByte(name, ':')+1:]
}

// scanner goes from tag to tag. Comments, processing instructions and CDATA are
// stepped over; a document type is refused, for the entities it could define.
type scanner struct {
	src []byte
	pos int
}

// next is the next tag; ok is false at the end of the text.
func (s *scanner) next() (t tag, ok bool, err error) {
	for {
		i := bytes.IndexByte(s.src[s.pos:], '<')
		if i < 0 {
			s.pos = len(s.src)
			return tag{}, false, nil
		}
		start := s.pos + i
		rest := s.src[start:]
		switch {
		case len(rest) == 1 || rest[1] != '!' && rest[1] != '?':
			t, err = s.tag(start)
			return t, err == nil, err
		case bytes.HasPrefix(rest, []byte("<!--")):
			err = s.skip(start, 4, "-->")
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			err = s.skip(start, 9, "]]>")
		case rest[1] == '?':
			err = s.skip(start, 2, "?>")
		default:
			err = fmt.Errorf("%w: document type at byte %d", errMalformed, start)
		}
		if err != nil {
			return tag{}, false, err
		}
	}
}

func (s *scanner) skip(start, opening int, closing string) error {
	i := bytes.Index(s.src[start+opening:], []byte(closing))
	if i < 0 {
		return fmt.Errorf("%w: no %s after byte %d", errMalformed, closing, start)
	}
	s.pos = start + opening + i + len(closing)
	return nil
}

func (s *scanner) tag(start int) (tag, error) {
	t := tag{start: start}
	i := start + 1
	if i < len(s.src) && s.src[i] == '/' {
		t.closing = true
		i++
	}
	from := i
	for i < len(s.src) && !isSpace(s.src[i]) && s.src[i] != '>' && s.src[i] != '/' {
		i++
	}
	t.name = nameOf(s.src[from:i])
	end := tagEnd(s.src, i)
	if end < 0 || t.name == "" {
		return tag{}, fmt.Errorf("%w: unfinished tag at byte %d", errMalformed, start)
	}
	t.end = end
	t.empty = !t.closing && s.src[end-2] == '/'
	s.pos = end
	return t, nil
}

// nameOf is a name as a string; one of those a sheet is full of costs no memory.
func nameOf(b []byte) string {
	switch string(b) {
	case "c":
		return "c"
	case "v":
		return "v"
	case "t":
		return "t"
	case "is":
		return "is"
	case "row":
		return "row"
	}
	return string(b)
}

// tagEnd is the offset just past the '>' that ends the tag, quotes respected; -1
// when there is none.
func tagEnd(src []byte, i int) int {
	for i < len(src) {
		switch src[i] {
		case '>':
			return i + 1
		case '"', '\'':
			j := bytes.IndexByte(src[i+1:], src[i])
			if j < 0 {
				return -1
			}
			i += j + 1
		}
		i++
	}
	return -1
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// findAttr finds an attribute of a start tag by its local name; from and to hold
// the offsets of its value between the quotes, in src.
func findAttr(src []byte, t tag, name string) (from, to int, ok bool) {
	i := t.start + 1 + len(t.name)
	for i < t.end-1 {
		for i < t.end && isSpace(src[i]) {
			i++
		}
		start := i
		for i < t.end && src[i] != '=' && !isSpace(src[i]) && src[i] != '>' && src[i] != '/' {
			i++
		}
		key := src[start:i]
		for i < t.end && isSpace(src[i]) {
			i++
		}
		if i >= t.end || src[i] != '=' {
			i++
			continue
		}
		i++
		for i < t.end && isSpace(src[i]) {
			i++
		}
		if i >= t.end || (src[i] != '"' && src[i] != '\'') {
			return 0, 0, false
		}
		j := bytes.IndexByte(src[i+1:t.end], src[i])
		if j < 0 {
			return 0, 0, false
		}
		if string(key) == name || (local(string(key)) == name && !bytes.HasPrefix(key, []byte("xmlns"))) {
			return i + 1, i + 1 + j, true
		}
		i += j + 2
	}
	return 0, 0, false
}

// withAttrs is the text of a start tag with attributes set: name, value, name,
// value...
func withAttrs(src []byte, t tag, pairs ...string) string {
	text := src[t.start:t.end]
	for i := 0; i+1 < len(pairs); i += 2 {
		name, value := pairs[i], escape(pairs[i+1])
		here := tag{end: len(text), name: t.name}
		var next string
		if from, to, ok := findAttr(text, here, name); ok {
			next = string(text[:from]) + value + string(text[to:])
		} else {
			at := 1 + len(t.name)
			next = string(text[:at]) + " " + name + `="` + value + `"` + string(text[at:])
		}
		text = []byte(next)
	}
	return string(text)
}

// edit replaces src[from:to] by text.
type edit struct {
	from, to int
	text     string
}

// apply makes the edits; those at one place keep their order.
func apply(src []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return src
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	size := len(src)
	for _, e := range edits {
		size += len(e.text)
	}
	out := make([]byte, 0, size)
	at := 0
	for _, e := range edits {
		if e.from < at { // inside a range already replaced
			continue
		}
		out = append(out, src[at:e.from]...)
		out = append(out, e.text...)
		at = e.to
	}
	return append(out, src[at:]...)
}

// node is an element of a part small enough to be looked at as a tree.
type node struct {
	tag          // the start tag
	close    int // where the end tag starts; the end of an empty element
	after    int // just past the element
	children []*node
}

func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.local() == name {
			return c
		}
	}
	return nil
}

// document is a small part as a tree, with pending edits.
type document struct {
	src   []byte
	root  *node
	edits []edit
}

const maxDepth = 64

func parse(src []byte) (*document, error) {
	d := &document{src: src}
	s := scanner{src: src}
	var open []*node
	for {
		t, ok, err := s.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if t.closing {
			if len(open) == 0 || open[len(open)-1].name != t.name {
				return nil, fmt.Errorf("%w: unexpected </%s> at byte %d", errMalformed, t.name, t.start)
			}
			n := open[len(open)-1]
			n.close, n.after = t.start, t.end
			open = open[:len(open)-1]
			continue
		}
		n := &node{tag: t, close: t.end, after: t.end}
		switch {
		case len(open) > 0:
			parent := open[len(open)-1]
			parent.children = append(parent.children, n)
		case d.root != nil:
			return nil, fmt.Errorf("%w: a second root at byte %d", errMalformed, t.start)
		default:
			d.root = n
		}
		if !t.empty {
			if len(open) == maxDepth {
				return nil, fmt.Errorf("%w: elements nested more than %d deep", errMalformed, maxDepth)
			}
			open = append(open, n)
		}
	}
	if d.root == nil || len(open) > 0 {
		return nil, fmt.Errorf("%w: it ends too early", errMalformed)
	}
	return d, nil
}

// attr is the value of an attribute, by its local name; "" without one.
func (d *document) attr(n *node, name string) string {
	from, to, ok := findAttr(d.src, n.tag, name)
	if !ok {
		return ""
	}
	return unescape(string(d.src[from:to]))
}

// text is the whole element as written.
func (d *document) text(n *node) string { return string(d.src[n.start:n.after]) }

// inner is what the element holds, as written.
func (d *document) inner(n *node) string {
	if n.empty {
		return ""
	}
	return string(d.src[n.end:n.close])
}

// prefix is the name space prefix the document writes its own elements with,
// colon included.
func (d *document) prefix() string {
	return strings.TrimSuffix(d.root.name, d.root.local())
}

func (d *document) replace(n *node, text string) {
	d.edits = append(d.edits, edit{n.start, n.after, text})
}

func (d *document) setAttrs(n *node, pairs ...string) {
	d.edits = append(d.edits, edit{n.start, n.end, withAttrs(d.src, n.tag, pairs...)})
}

func (d *document) insert(at int, text string) {
	d.edits = append(d.edits, edit{at, at, text})
}

// replaceInner gives the element a new content.
func (d *document) replaceInner(n *node, text string) {
	if n.empty {
		head := strings.TrimSuffix(string(d.src[n.start:n.end]), "/>")
		d.replace(n, head+">"+text+"</"+n.name+">")
		return
	}
	d.edits = append(d.edits, edit{n.end, n.close, text})
}

func (d *document) bytes() []byte { return apply(d.src, d.edits) }

// reload applies the pending edits and reads the result again, so that later
// edits can build on them.
func (d *document) reload() error {
	fresh, err := parse(d.bytes())
	if err != nil {
		return err
	}
	*d = *fresh
	return nil
}

// qualify writes the elements of a fragment without name space prefixes in the
// name space that prefix stands for.
func qualify(fragment, prefix string) string {
	if prefix == "" {
		return fragment
	}
	var b strings.Builder
	for i := 0; i < len(fragment); i++ {
		b.WriteByte(fragment[i])
		if fragment[i] != '<' || i+1 == len(fragment) {
			continue
		}
		if fragment[i+1] == '/' {
			b.WriteByte('/')
			i++
		}
		b.WriteString(prefix)
	}
	return b.String()
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")

// escape makes s safe as an attribute's value or as text. Characters XML can't
// hold are dropped.
func escape(s string) string {
	if isSafe(s) {
		return s
	}
	return escaper.Replace(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF || (r < 0x20 && r != '\t' && r != '\n' && r != '\r') {
			return -1
		}
		return r
	}, s))
}

// isSafe reports that there is nothing to escape in a text, as in most; false means
// only that there may be.
func isSafe(s string) bool {
	const special = 0xEF // starts U+FFFD to U+FFFF, and more
	for i := range len(s) {
		switch c := s[i]; {
		case c < 0x20, c == '&', c == '<', c == '>', c == '"', c == special:
			return false
		}
	}
	return utf8.ValidString(s)
}

// unescape reads the five entities and the numbered characters of XML.
func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			break
		}
		j := strings.IndexByte(s[i:], ';')
		if j < 0 {
			break
		}
		b.WriteString(s[:i])
		b.WriteString(entity(s[i+1 : i+j]))
		s = s[i+j+1:]
	}
	b.WriteString(s)
	return b.String()
}

func entity(name string) string {
	switch name {
	case "amp":
		return "&"
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "quot":
		return `"`
	case "apos":
		return "'"
	}
	if number, ok := strings.CutPrefix(name, "#"); ok {
		base := 10
		if hex, ok := strings.CutPrefix(number, "x"); ok {
			number, base = hex, 16
		}
		if n, err := strconv.ParseInt(number, base, 32); err == nil {
			return string(rune(n))
		}
	}
	return "&" + name + ";"
}
