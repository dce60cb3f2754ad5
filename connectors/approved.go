package connectors

import "cp3/pipeline"

// Approved is a spelling that somebody decided means a code: a word of a member
// that no declaration foresaw.
type Approved struct {
	Text string        `json:"text"` // as a member wrote it
	Code string        `json:"code"`
	On   pipeline.Date `json:"on"` // when it was decided
}

// With is the list with approved spellings beside its own. What the list itself
// says comes first: a later version of it may know the text better.
func (l *CodeList) With(approved []Approved) *CodeList {
	return &CodeList{Name: l.Name, Open: l.Open, Codes: l.Codes, approved: approved}
}

// Approved is the decision by which text means a code of the list; false when its
// own spellings say so, or nothing does.
func (l *CodeList) Approved(text string) (Code, Approved, bool) {
	if len(l.approved) == 0 {
		return Code{}, Approved{}, false // nearly always, and asked of every cell
	}
	l.once.Do(l.build)
	a, ok := l.decided[ListKey(text)]
	if !ok {
		return Code{}, Approved{}, false
	}
	c, _ := l.Get(a.Code)
	return c, a, true
}

// buildApproved adds the approved spellings to the index. One whose code is gone
// from the list says nothing any more.
func (l *CodeList) buildApproved() {
	l.decided = map[string]Approved{}
	at := make(map[string]int, len(l.Codes))
	for i, c := range l.Codes {
		at[c.Code] = i
	}
	for _, a := range l.approved {
		k := ListKey(a.Text)
		i, known := at[a.Code]
		if _, taken := l.index[k]; taken || !known || k == "" {
			continue
		}
		l.index[k], l.decided[k] = i, a
		l.spellings = append(l.spellings, spelling{lettersOf(k), i})
	}
}
