package workbook

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// start begins a part: it looks at the encoding, and has anything but UTF-8
// brought to it. It returns the name of an encoding it doesn't know.
func (s *scanner) start(src io.Reader, chunk int) (unknown string) {
	s.reset(src, chunk)
	const enough = 256 // no more, or the size of the chunks would count
	for s.end < enough && s.more() {
	}
	head := s.buf[:min(s.end, enough)]
	if order := utf16Order(head); order != 0 {
		s.recode(&utf16Reader{big: order == 'B'}, bytes.HasPrefix(head, []byte("\xFE\xFF")) || bytes.HasPrefix(head, []byte("\xFF\xFE")))
		return ""
	}
	if bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")) {
		s.pos = 3
		return ""
	}
	switch name := declaredEncoding(head); name {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be": // bytes say it isn't the last ones
		return ""
	case "iso-8859-1", "latin1", "windows-1252", "cp1252":
		s.recode(&byteReader{letters: charmap.Windows1252}, false)
		return ""
	case "windows-1256", "cp1256":
		s.recode(&byteReader{letters: charmap.Windows1256}, false)
		return ""
	default:
		return name
	}
}

// recoder is a reader that turns the bytes of another into UTF-8.
type recoder interface {
	io.Reader
	from(io.Reader)
}

// recode starts again with the same bytes, read through r.
func (s *scanner) recode(r recoder, mark bool) {
	held := bytes.Clone(s.buf[:s.end])
	if mark {
		held = held[2:]
	}
	var rest io.Reader = errReader{io.EOF}
	switch {
	case s.err != nil:
		rest = errReader{s.err}
	case !s.eof:
		rest = s.src
	}
	r.from(io.MultiReader(bytes.NewReader(held), rest))
	s.reset(r, len(s.buf))
}

// errReader is a stream that only ends.
type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

// utf16Order is 'B' or 'L' when bytes are UTF-16: by their mark, or by the zero
// beside the '<' of a document without one. Otherwise 0.
func utf16Order(b []byte) byte {
	if len(b) < 2 {
		return 0
	}
	switch {
	case b[0] == 0xFE && b[1] == 0xFF, b[0] == 0 && b[1] == '<':
		return 'B'
	case b[0] == 0xFF && b[1] == 0xFE, b[0] == '<' && b[1] == 0:
		return 'L'
	}
	return 0
}

// declaredEncoding is the encoding an XML declaration names, in lower case.
func declaredEncoding(head []byte) string {
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(head, []byte("?>"))
	if end < 0 {
		return ""
	}
	a := attrs(head[5:end])
	return strings.ToLower(a.get("encoding"))
}

// noCharacter is a byte that is no UTF-8 and no letter of a code page: the text
// layer reports it where it stands, as any other byte that is no text.
const noCharacter = 0x81

// utf16Reader turns UTF-16 into UTF-8. Half a surrogate pair becomes noCharacter.
type utf16Reader struct {
	big  bool
	src  io.Reader
	in   [4096]byte
	have int
	out  []byte
	err  error
}

func (u *utf16Reader) from(r io.Reader) { u.src = r }

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		n, err := u.src.Read(u.in[u.have:])
		u.have += n
		u.err = err
		u.decode()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// decode turns the whole units held into UTF-8; half a pair waits for its other
// half unless the input ended.
func (u *utf16Reader) decode() {
	u.out = u.out[:0]
	i := 0
	for ; i+1 < u.have; i += 2 {
		r := rune(u.unit(i))
		switch {
		case !utf16.IsSurrogate(r):
			u.out = utf8.AppendRune(u.out, r)
			continue
		case i+3 < u.have:
			if pair := utf16.DecodeRune(r, rune(u.unit(i+2))); pair != utf8.RuneError {
				u.out = utf8.AppendRune(u.out, pair)
				i += 2
				continue
			}
		case u.err == nil:
			u.have = copy(u.in[:], u.in[i:u.have])
			return
		}
		u.out = append(u.out, noCharacter)
	}
	if i < u.have && u.err != nil {
		u.out = append(u.out, noCharacter)
		i = u.have
	}
	u.have = copy(u.in[:], u.in[i:u.have])
}

func (u *utf16Reader) unit(i int) uint16 {
	if u.big {
		return uint16(u.in[i])<<8 | uint16(u.in[i+1])
	}
	return uint16(u.in[i+1])<<8 | uint16(u.in[i])
}

// byteReader turns a code page of one byte a letter into UTF-8.
type byteReader struct {
	letters *charmap.Charmap
	src     io.Reader
	in      [2048]byte
	out     []byte
	err     error
}

func (b *byteReader) from(r io.Reader) { b.src = r }

func (b *byteReader) Read(p []byte) (int, error) {
	for len(b.out) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		n, err := b.src.Read(b.in[:])
		b.err = err
		b.out = b.out[:0]
		for _, c := range b.in[:n] {
			if r := b.letters.DecodeByte(c); r != utf8.RuneError {
				b.out = utf8.AppendRune(b.out, r)
			} else {
				b.out = append(b.out, noCharacter)
			}
		}
	}
	n := copy(p, b.out)
	b.out = b.out[n:]
	return n, nil
}
