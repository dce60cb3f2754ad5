package run

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"cp3/connectors"
	"cp3/pipeline/store"
)

// decision is the body of a ledger entry of kind KindDecision: what somebody
// decided, and who. About says what kind of thing; each kind uses its own fields.
// A decision is never changed: a later one on the same thing takes its place.
type decision struct {
	About   string `json:"about"`
	By      string `json:"by"`
	List    string `json:"list,omitempty"`    // alias: of the code list
	Text    string `json:"text,omitempty"`    // alias: the spelling
	Code    string `json:"code,omitempty"`    // alias: what it means
	Revoked bool   `json:"revoked,omitempty"` // the decision before is taken back
	pairBody
}

// What a decision can be about.
const (
	aboutAlias = "alias" // what a spelling means
	aboutPair  = "pair"  // whether two persons are one
)

// Alias is a spelling that somebody decided means a code.
type Alias struct {
	List string `json:"list"`
	connectors.Approved
	By string `json:"by"`
}

// aliases are the spellings decided, list by list, as the ledger's first n
// entries leave them.
func (r *runner) aliases(n int) ([]Alias, error) {
	type spelling struct{ list, key string }
	standing := map[spelling]Alias{}
	err := store.Each(r.ledger, store.KindDecision, func(e store.Entry, d decision) error {
		if d.About != aboutAlias || e.Seq > n {
			return nil
		}
		key := spelling{d.List, connectors.ListKey(d.Text)}
		if d.Revoked {
			delete(standing, key)
			return nil
		}
		standing[key] = Alias{d.List, connectors.Approved{Text: d.Text, Code: d.Code, On: r.Config.Day(e.At)}, d.By}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("decisions: %w", err)
	}
	return slices.SortedFunc(maps.Values(standing), func(a, b Alias) int {
		return cmp.Or(cmp.Compare(a.List, b.List), cmp.Compare(connectors.ListKey(a.Text), connectors.ListKey(b.Text)))
	}), nil
}

// readBy makes the reader of the declarations and of the decisions, and knows the
// conversions, among the ledger's first n entries.
func (r *runner) readBy(n int) error {
	shipped, err := r.Config.reader()
	if err != nil {
		return err
	}
	if r.decided, err = r.aliases(n); err != nil {
		return err
	}
	if r.turned, err = r.conversions(n); err != nil {
		return err
	}
	if r.pairs, err = r.pairDecisions(n); err != nil {
		return err
	}
	byList := map[string][]connectors.Approved{}
	for _, a := range r.decided {
		byList[a.List] = append(byList[a.List], a.Approved)
	}
	r.reader = shipped.With(byList)
	return nil
}

// writeAliases is what decided spellings add to the fingerprint of reading.
func (r *runner) writeAliases(w io.Writer) {
	for _, a := range r.decided {
		fmt.Fprintf(w, "%s\x00%s\x00%s\x00%s\n", a.List, a.Text, a.Code, a.On)
	}
}
