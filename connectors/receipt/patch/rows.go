package patch

import (
	"bytes"
	"fmt"
)

// Few rows of a sheet are marked. The others are stepped over without a look at
// their cells, which makes most of what an answer costs: from one row's tag to the
// next by their name, where no comment or CDATA section can hold that name.

// dataEnd is where the end tag of the sheet's data starts, when rows can be looked
// for by name up to there; 0 when they have to be met tag by tag.
func (p *painter) dataEnd() (int, error) {
	for i := p.scan.pos; ; {
		at, past := named(p.src, i, "sheetData")
		switch {
		case at < 0:
			return 0, fmt.Errorf("%w: sheetData has no end", errMalformed)
		case p.src[at+1] != '/':
			i = past
		case hasSections(p.src[p.scan.pos:at]):
			return 0, nil
		default:
			return at, nil
		}
	}
}

// nextRow is the start tag of the next row; ok is false at the end of the data,
// whose end tag is then the scanner's next.
func (p *painter) nextRow(end int) (t tag, ok bool, err error) {
	for end == 0 {
		t, ok, err := p.scan.next()
		switch {
		case err != nil:
			return t, false, err
		case !ok:
			return t, false, fmt.Errorf("%w: sheetData has no end", errMalformed)
		case t.closing && t.local() == "sheetData":
			p.scan.pos = t.start
			return t, false, nil
		case !t.closing && t.local() == "row":
			return t, true, nil
		}
	}
	for i := p.scan.pos; ; {
		at, name := named(p.src[:end], i, "row")
		if at < 0 {
			p.scan.pos = end
			return tag{}, false, nil
		}
		if i = name; p.src[at+1] != '/' {
			t, err := p.scan.tag(at)
			return t, err == nil, err
		}
	}
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
