package workbook

import (
	"bytes"
	"io"
)

// maxToken is the longest tag or text taken whole. Longer texts come in pieces
// (and are refused as cells); a longer tag is no tag.
const maxToken = maxText + 64<<10

// maxDepth bounds the nesting of elements.
const maxDepth = 256

// tokenKind is what the scanner found.
type tokenKind uint8

const (
	endOfPart tokenKind = iota
	startTag            // name, attrs, empty
	endTag              // name
	textRun             // text, cdata
	fault               // not XML: the bytes up to the next sensible place are skipped
)

// scanner cuts a part into tags and texts. It never fails: what is not XML is a
// fault token, and the end of the bytes is the end of the part, whose reason is
// in err. The slices of a token are valid until the next one.
type scanner struct {
	src  io.Reader
	buf  []byte
	pos  int   // next byte
	end  int   // bytes held
	base int64 // offset in the part of buf[0]
	eof  bool
	err  error // why the bytes ended, nil at their natural end

	inCDATA bool

	tag   []byte // local name
	attrs attrs
	empty bool // <tag/>
	text  []byte
	cdata bool // text is literal
}

// reset starts scanning src, keeping the buffer; chunk is the buffer's first size.
func (s *scanner) reset(src io.Reader, chunk int) {
	buf := s.buf
	if len(buf) < chunk {
		buf = make([]byte, chunk)
	}
	*s = scanner{src: src, buf: buf}
}

// offset is the place in the part of the next byte.
func (s *scanner) offset() int64 { return s.base + int64(s.pos) }

// more brings bytes in until the buffer is full, growing it when it already is.
// It returns false when there are none, or when the token is too long. The bytes
// from pos on are kept, at another place of the buffer.
func (s *scanner) more() bool {
	if s.eof {
		return false
	}
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.base += int64(s.pos)
		s.end -= s.pos
		s.pos = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxToken {
			return false
		}
		grown := make([]byte, min(2*len(s.buf), maxToken))
		copy(grown, s.buf[:s.end])
		s.buf = grown
	}
	before := s.end
	for idle := 0; s.end < len(s.buf) && !s.eof; {
		n, err := s.src.Read(s.buf[s.end:])
		s.end += n
		if n > 0 {
			idle = 0
		} else if idle++; err == nil && idle > 100 {
			err = io.ErrNoProgress
		}
		if err != nil {
			s.eof = true
			if err != io.EOF {
				s.err = err
			}
		}
	}
	return s.end > before
}

// next moves to the next token.
func (s *scanner) next() tokenKind {
	for {
		if s.inCDATA {
			if s.literal() {
				return textRun
			}
			return fault
		}
		if s.pos == s.end && !s.more() {
			return endOfPart
		}
		if s.buf[s.pos] != '<' {
			s.characters()
			return textRun
		}
		if k, ok := s.markup(); ok {
			return k
		}
	}
}

// characters takes the text up to the next tag.
func (s *scanner) characters() {
	n := 0
	for {
		i := bytes.IndexByte(s.buf[s.pos+n:s.end], '<')
		if i >= 0 {
			n += i
			break
		}
		n = s.end - s.pos
		if !s.more() {
			break
		}
	}
	s.text, s.cdata = s.buf[s.pos:s.pos+n], false
	s.pos += n
}

// literal takes the text of a CDATA section, up to its end or to the end of the
// buffer. It returns false when the section is never closed.
func (s *scanner) literal() bool {
	s.cdata = true
	for {
		b := s.buf[s.pos:s.end]
		if i := bytes.Index(b, []byte("]]>")); i >= 0 {
			s.text = b[:i]
			s.pos += i + 3
			s.inCDATA = false
			return true
		}
		if s.more() {
			continue
		}
		if s.eof {
			s.inCDATA = false
			s.pos = s.end
			return false
		}
		// A text too long to hold: a piece of it, less what may start the end.
		n := s.end - s.pos - 2
		s.text = s.buf[s.pos : s.pos+n]
		s.pos += n
		return true
	}
}

// markup takes what starts with '<'. It returns false after what holds no
// content: a comment, an instruction.
func (s *scanner) markup() (tokenKind, bool) {
	for s.end-s.pos < 9 && s.more() {
	}
	b := s.buf[s.pos:s.end]
	switch {
	case len(b) < 2:
		s.pos = s.end
		return fault, true
	case b[1] == '/':
		return s.closing(), true
	case b[1] == '?':
		return fault, !s.skipPast(2, "?>")
	case bytes.HasPrefix(b, []byte("<!--")):
		return fault, !s.skipPast(4, "-->")
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		s.pos += 9
		s.inCDATA = true
		return 0, false
	case b[1] == '!':
		// A document type: OOXML forbids it, and with it every declared entity.
		s.skipPast(2, ">")
		return fault, true
	case nameStart(b[1]):
		return s.opening(), true
	}
	s.pos++ // a bare '<'
	return fault, true
}

// skipPast moves behind the next occurrence of mark, n bytes from here at least;
// false when there is none.
func (s *scanner) skipPast(n int, mark string) bool {
	s.pos += min(n, s.end-s.pos)
	for {
		if i := bytes.Index(s.buf[s.pos:s.end], []byte(mark)); i >= 0 {
			s.pos += i + len(mark)
			return true
		}
		// Keep the bytes that may be the start of the mark.
		s.pos = max(s.pos, s.end-len(mark)+1)
		if !s.more() {
			s.pos = s.end
			return false
		}
	}
}

// opening takes a start tag.
func (s *scanner) opening() tokenKind {
	n, ok := s.tagLength()
	if !ok {
		return fault
	}
	b := s.buf[s.pos+1 : s.pos+n-1]
	s.pos += n
	if s.empty = len(b) > 0 && b[len(b)-1] == '/'; s.empty {
		b = b[:len(b)-1]
	}
	i := 0
	for i < len(b) && !isSpace(b[i]) {
		i++
	}
	s.tag, s.attrs = localName(b[:i]), b[i:]
	return startTag
}

// closing takes an end tag.
func (s *scanner) closing() tokenKind {
	n, ok := s.tagLength()
	if !ok {
		return fault
	}
	b := bytes.TrimRight(s.buf[s.pos+2:s.pos+n-1], " \t\r\n")
	s.pos += n
	if len(b) == 0 || !nameStart(b[0]) || bytes.ContainsAny(b, " \t\r\n\"'=/") {
		return fault
	}
	s.tag = localName(b)
	return endTag
}

// tagLength finds the '>' that ends the tag at pos, whatever its attributes hold.
// When there is none it moves to the next '<', or behind a control character, from
// where reading can go on.
func (s *scanner) tagLength() (int, bool) {
	i := 1
	var quote byte
	for {
		b := s.buf[s.pos:s.end]
		for ; i < len(b); i++ {
			switch c := b[i]; {
			case c == '<':
				s.pos += i
				return 0, false
			case c < ' ' && !isSpace(c):
				s.pos += i + 1
				return 0, false
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '>':
				return i + 1, true
			case c == '"' || c == '\'':
				quote = c
			}
		}
		if !s.more() {
			s.pos = s.end
			return 0, false
		}
	}
}

// localName is the name without its namespace prefix.
func localName(name []byte) []byte {
	return name[bytes.LastIndexByte(name, ':')+1:]
}

func nameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// attrs are the attributes of a start tag, as written.
type attrs []byte

// sound reports whether the attributes can be read to the last.
func (a attrs) sound() bool {
	for {
		_, _, ok, bad := a.next()
		if !ok {
			return !bad
		}
	}
}

// next takes the first attribute off. ok is false at the end, and bad is true
// when the end is not a clean one. A name keeps its prefix.
func (a *attrs) next() (name, value []byte, ok, bad bool) {
	b := []byte(*a)
	i := 0
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return nil, nil, false, false
	}
	from := i
	for i < len(b) && b[i] != '=' && !isSpace(b[i]) {
		i++
	}
	name = b[from:i]
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) || b[i] != '=' || len(name) == 0 {
		return nil, nil, false, true
	}
	for i++; i < len(b) && isSpace(b[i]); i++ {
	}
	if i == len(b) || b[i] != '"' && b[i] != '\'' {
		return nil, nil, false, true
	}
	n := bytes.IndexByte(b[i+1:], b[i])
	if n < 0 {
		return nil, nil, false, true
	}
	value = b[i+1 : i+1+n]
	*a = b[i+n+2:]
	return name, value, true, false
}
