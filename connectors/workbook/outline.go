package workbook

import (
	"errors"
	"strconv"

	"cp3/pipeline"
)

// outline walks one of the small parts (relationships, styles, properties): each
// element is told by its path of local names when it starts, and again with its
// text when it ends. It returns false when the part is damaged; what stood before
// the damage was told all the same.
func outline(s *scanner, start func(path []string, a attrs), end func(path []string, text string)) (bool, error) {
	var path []string
	var texts [][]byte
	var nest nesting
	nest.reset(document)
	sound := true
	for {
		switch s.next() {
		case startTag:
			sound = sound && (nest.depth() > 1 || !nest.closed) && s.attrs.sound()
			path = append(path, string(s.tag))
			if start != nil {
				start(path, s.attrs)
			}
			if s.empty {
				if end != nil {
					end(path, "")
				}
				path = path[:len(path)-1]
				nest.pass()
				continue
			}
			if !nest.push(other, s.tag) {
				return false, nil
			}
			if len(texts) < len(path) {
				texts = append(texts, nil)
			}
			texts[len(path)-1] = texts[len(path)-1][:0]
		case endTag:
			n := nest.find(s.tag)
			sound = sound && n == 1
			for ; n > 0; n-- {
				nest.pop()
				if end != nil {
					end(path, string(texts[len(path)-1]))
				}
				path = path[:len(path)-1]
			}
		case textRun:
			if end == nil || len(path) == 0 {
				continue
			}
			if t := &texts[len(path)-1]; len(*t)+len(s.text) <= maxText {
				*t, _ = appendText(*t, s.text)
			} else {
				sound = false
			}
		case fault:
			sound = false
		case endOfPart:
			var d *damage
			if s.err != nil && !errors.As(s.err, &d) {
				return false, s.err
			}
			return sound && s.err == nil && nest.depth() == 1 && nest.closed, nil
		}
	}
}

// at reports whether a path is the one named.
func at(path []string, names ...string) bool {
	if len(path) != len(names) {
		return false
	}
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] != names[i] {
			return false
		}
	}
	return true
}

// get is the value of the attribute with the local name, "" when there is none.
func (a attrs) get(local string) string {
	for {
		name, val, ok, _ := a.next()
		if !ok {
			return ""
		}
		if string(localName(name)) == local {
			text, _ := appendText(nil, val)
			return string(text)
		}
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// rowPlace is where a trouble that refuses a row is shown: its first cell.
func rowPlace(row int) place { return place{cell: pipeline.Ref(1, row), row: row} }
