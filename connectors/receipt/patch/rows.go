package patch

import (
	"bytes"
	"fmt"
)

// Few rows of a sheet are marked. The others are stepped over without a look at
// their cells, which makes most of what an answer costs: from one row's tag to the
// next by their name, where no comment or CDATA section can hold that name.

// findEnd notes where the end tag of the sheet's data starts, when rows can be
// looked for by name up to there; else they have to be met tag by tag.
func (p *painter) findEnd() error {
	for i := p.scan.pos; ; {
		at, past := named(p.src, i, "sheetData")
		switch {
		case at < 0:
			return fmt.Errorf("%w: sheetData has no end", errMalformed)
		case p.src[at+1] != '/':
			i = past
			continue
		case !hasSections(p.src[p.scan.pos:at]):
			p.end = at
		}
		return nil
	}
}

// nextRow is the start tag of the next row; ok is false at the end of the data,
// whose end tag is then the scanner's next.
func (p *painter) nextRow() (t tag, ok bool, err error) {
	if p.end == 0 {
		return p.until("row", "sheetData")
	}
	for i := p.scan.pos; ; {
		at, past := named(p.src[:p.end], i, "row")
		if at < 0 {
			p.scan.pos = p.end
			return tag{}, false, nil
		}
		if i = past; p.src[at+1] != '/' {
			t, err := p.scan.tag(at)
			return t, err == nil, err
		}
	}
}

// nextCell is the start tag of the row's next cell; ok is false at the end of the
// row, whose end tag is then the scanner's next.
func (p *painter) nextCell(row int) (t tag, ok bool, err error) {
	if p.end == 0 {
		return p.until("c", "row")
	}
	for i := p.scan.pos; ; {
		j := bytes.IndexByte(p.src[i:p.end], '<')
		if j < 0 {
			return tag{}, false, fmt.Errorf("%w: row %d has no end", errMalformed, row)
		}
		at := i + j
		name, past, closing := localName(p.src, at)
		switch {
		case !closing && string(name) == "c":
			t, err := p.scan.tag(at)
			return t, err == nil, err
		case closing && string(name) == "row":
			p.scan.pos = at
			return tag{}, false, nil
		}
		i = past
	}
}

// until goes from tag to tag to the start of an element of that name; ok is false
// at the end tag of the one around it, which is then the scanner's next.
func (p *painter) until(name, around string) (t tag, ok bool, err error) {
	for {
		t, ok, err := p.scan.next()
		switch {
		case err != nil:
			return t, false, err
		case !ok:
			return t, false, fmt.Errorf("%w: %s has no end", errMalformed, around)
		case t.closing && t.local() == around:
			p.scan.pos = t.start
			return t, false, nil
		case !t.closing && t.local() == name:
			return t, true, nil
		}
	}
}

// localName is the name, without a prefix, of the tag that starts at i, and a place
// past it.
func localName(src []byte, i int) (name []byte, past int, closing bool) {
	i++
	if i < len(src) && src[i] == '/' {
		closing = true
		i++
	}
	from := i
	for i < len(src) && src[i] != '>' && src[i] != '/' && !isSpace(src[i]) {
		if i++; src[i-1] == ':' {
			from = i
		}
	}
	return src[from:i], i, closing
}

// columnOf is the column of a plain address, C14; 0 for one that isn't.
func columnOf(ref []byte) int {
	col, i := 0, 0
	for ; i < len(ref) && i < 4 && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	if i == 0 || i == len(ref) || ref[i] < '1' || ref[i] > '9' || len(ref)-i > 9 {
		return 0
	}
	for ; i < len(ref); i++ {
		if ref[i] < '0' || ref[i] > '9' {
			return 0
		}
	}
	return col
}

// hasSections reports whether a text holds anything but tags and text between them:
// there a '<' may start no tag.
func hasSections(src []byte) bool {
	return opened(src, '!') || opened(src, '?')
}

// opened reports whether c comes right after a '<' somewhere.
func opened(src []byte, c byte) bool {
	for i := 0; ; i++ {
		j := bytes.IndexByte(src[i:], c)
		if j < 0 {
			return false
		}
		if i += j; i > 0 && src[i-1] == '<' {
			return true
		}
	}
}

// named finds the next tag with that local name from i on: where it starts, and a
// place past its name to go on from. at is -1 when there is none.
func named(src []byte, i int, local string) (at, past int) {
	for {
		j := bytes.Index(src[i:], []byte(local))
		if j < 0 {
			return -1, 0
		}
		start := i + j
		i = start + len(local)
		if i < len(src) && src[i] != '>' && src[i] != '/' && !isSpace(src[i]) {
			continue
		}
		if at := tagStart(src, start); at >= 0 {
			return at, i
		}
	}
}

// tagStart is where the tag starts whose local name does at i; -1 when no tag's
// does.
func tagStart(src []byte, i int) int {
	if i > 0 && src[i-1] == ':' {
		for i--; i > 0 && isName(src[i-1]); i-- {
		}
	}
	if i > 0 && src[i-1] == '/' {
		i--
	}
	if i > 0 && src[i-1] == '<' {
		return i - 1
	}
	return -1
}

// isName reports whether b can be part of a prefix.
func isName(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '-' || b == '.' || b >= 0x80
}
