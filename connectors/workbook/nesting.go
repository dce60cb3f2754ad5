package workbook

import "bytes"

// nesting is the chain of elements open at a point of a document, with their
// names: an end tag must close the last one.
type nesting struct {
	open   []element
	names  []byte // of the open elements, one after the other
	starts []int
	closed bool // the root was closed
}

func (n *nesting) reset(root element) {
	*n = nesting{open: append(n.open[:0], root), names: n.names[:0], starts: append(n.starts[:0], 0)}
}

func (n *nesting) top() element { return n.open[len(n.open)-1] }

func (n *nesting) depth() int { return len(n.open) }

// push opens an element; false when the document is nested beyond reason.
func (n *nesting) push(e element, name []byte) bool {
	if len(n.open) > maxDepth {
		return false
	}
	n.open = append(n.open, e)
	n.starts = append(n.starts, len(n.names))
	n.names = append(n.names, name...)
	return true
}

// pass notes an element that ends where it starts, <like/>.
func (n *nesting) pass() { n.closed = n.closed || len(n.open) == 1 }

// pop closes the last element.
func (n *nesting) pop() element {
	last := len(n.open) - 1
	e := n.open[last]
	n.names = n.names[:n.starts[last]]
	n.open, n.starts = n.open[:last], n.starts[:last]
	n.closed = n.closed || last == 1
	return e
}

// find says how many elements an end tag closes: 1 in a well-formed document,
// more when inner ones were left open, 0 when it closes nothing.
func (n *nesting) find(name []byte) int {
	end := len(n.names)
	for i := len(n.open) - 1; i > 0; i-- {
		if bytes.Equal(n.names[n.starts[i]:end], name) {
			return len(n.open) - i
		}
		end = n.starts[i]
	}
	return 0
}
