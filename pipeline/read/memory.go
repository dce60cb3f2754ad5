package read

import (
	"cp3/connectors"
	"cp3/pipeline"
	"cp3/transforms/normalise"
)

// memory is what cells of a column said when there was nothing to say about them:
// a list says the same few things again and again.
type memory struct {
	texts  map[string]*normalise.Value // of plain texts
	others map[pipeline.Cell]*normalise.Value
	asked  int
	useful int // times it knew
	vain   bool
}

// maxKnown bounds what is remembered of one column. One that has hardly ever
// repeated itself after maxVain cells, of names or numbers, isn't asked any more.
const (
	maxKnown = 2048
	maxVain  = 200
)

// recall is what a cell says, nil when it wasn't met.
func (m *memory) recall(c pipeline.Cell) (v *normalise.Value) {
	if m.vain {
		return nil
	}
	m.asked++
	if plainText(c) {
		v = m.texts[c.Text]
	} else {
		v = m.others[c]
	}
	if v != nil {
		m.useful++
	}
	return v
}

// learn remembers what a cell of a field says. Dates are remembered for as long as
// there is room: each is counted once, see understanding.dated.
func (m *memory) learn(c pipeline.Cell, v normalise.Value, f *connectors.Field) {
	switch {
	case m.vain || len(m.texts)+len(m.others) == maxKnown:
	case m.asked > maxVain && 8*m.useful < m.asked && f.Type != connectors.DateType:
		*m = memory{vain: true}
	case plainText(c):
		if m.texts == nil {
			m.texts = map[string]*normalise.Value{}
		}
		m.texts[c.Text] = &v
	default:
		if m.others == nil {
			m.others = map[pipeline.Cell]*normalise.Value{}
		}
		m.others[c] = &v
	}
}

// plainText reports a cell whose text is all there is to it.
func plainText(c pipeline.Cell) bool {
	return c.Kind == pipeline.TextCell && !c.Formula && !c.Percent && c.Number == 0
}
