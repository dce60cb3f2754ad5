package run

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
	"cp3/pipeline/store"
	"cp3/transforms/normalise"
)

// Aliases is what members wrote that no code list knows, and what was decided of
// it before.
type Aliases struct {
	Waiting []Unlisted `json:"waiting"`
	Decided []Decided  `json:"decided"`
}

// Unlisted is a text outside its code list, waiting for somebody to say what it
// means.
type Unlisted struct {
	List      string            `json:"list"`
	Text      string            `json:"text"` // as it was first written
	Cells     int               `json:"cells"`
	Files     int               `json:"files"`
	Members   []pipeline.Member `json:"members"`
	Proposals []Meaning         `json:"proposals"` // the likeliest first
}

// Meaning is a code and its label.
type Meaning struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// Decided is a spelling that was approved, and what it means.
type Decided struct {
	Alias
	Label string `json:"label"`
}

// proposed is how many codes are proposed for a text.
const proposed = 3

// ListAliases lists what waits for a decision, the most frequent first, and what
// was decided.
func ListAliases(ctx context.Context, o Options) (Aliases, error) {
	a := Aliases{Waiting: []Unlisted{}, Decided: []Decided{}}
	r, err := look(o)
	if err != nil {
		return a, err
	}
	for _, d := range r.decided {
		label := d.Code
		if l := r.reader.Lists()[d.List]; l != nil {
			if c, ok := l.Get(d.Code); ok {
				label = c.Label.FR
			}
		}
		a.Decided = append(a.Decided, Decided{d, label})
	}
	db, err := r.view(ctx)
	if db == nil || err != nil {
		return a, err
	}
	defer db.Close()
	if a.Waiting, err = waiting(ctx, db.Conn(), r.reader.Lists()); err != nil {
		return a, fmt.Errorf("list aliases: %w", err)
	}
	return a, nil
}

// waiting gathers the findings on values outside their list, in the submissions
// that stand or were refused.
func waiting(ctx context.Context, db querier, lists map[string]*connectors.CodeList) ([]Unlisted, error) {
	found, err := db.QueryContext(ctx, `select s.member, s.submission_id, i.value, i.args from issue i join submission s using (submission_id)
		where i.args->>'`+normalise.ListArg+`' is not null and s.status in ('acceptee', 'reserves', 'rejetee') order by s.seq, i.n`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	w := waitingTexts{lists: lists, byKey: map[[2]string]*unlisted{}}
	for found.Next() {
		var member, submission, value, text string
		if err := found.Scan(&member, &submission, &value, &text); err != nil {
			return nil, err
		}
		var args map[string]string
		if err := json.Unmarshal([]byte(text), &args); err != nil {
			return nil, err
		}
		texts := []string{value}
		if parts := args[normalise.UnknownArg]; parts != "" {
			texts = strings.Split(parts, ", ")
		}
		for _, t := range texts {
			w.add(args[normalise.ListArg], fold.Tidy(t), pipeline.Member(member), submission)
		}
	}
	return w.sorted(), found.Err()
}

// waitingTexts collects texts by list and comparison key.
type waitingTexts struct {
	lists map[string]*connectors.CodeList
	byKey map[[2]string]*unlisted
}

type unlisted struct {
	Unlisted
	files   map[string]bool
	members map[pipeline.Member]bool
}

func (w *waitingTexts) add(list, text string, member pipeline.Member, submission string) {
	l := w.lists[list]
	if l == nil {
		return
	}
	if _, known := l.Find(text); known {
		return // decided since it was read
	}
	key := [2]string{list, connectors.ListKey(text)}
	u := w.byKey[key]
	if u == nil {
		u = &unlisted{Unlisted{List: list, Text: text, Proposals: []Meaning{}}, map[string]bool{}, map[pipeline.Member]bool{}}
		for _, c := range l.Nearest(text, proposed) {
			u.Proposals = append(u.Proposals, Meaning{c.Code, c.LabelLike(text)})
		}
		w.byKey[key] = u
	}
	u.Cells++
	u.files[submission], u.members[member] = true, true
}

func (w *waitingTexts) sorted() []Unlisted {
	all := make([]Unlisted, 0, len(w.byKey))
	for _, u := range w.byKey {
		u.Files, u.Members = len(u.files), slices.Sorted(maps.Keys(u.members))
		all = append(all, u.Unlisted)
	}
	slices.SortFunc(all, func(a, b Unlisted) int {
		return cmp.Or(b.Cells-a.Cells, cmp.Compare(a.List, b.List), cmp.Compare(a.Text, b.Text))
	})
	return all
}

// BadAlias is a decision that can't be taken: a list or a code that does not
// exist, a text that is known already or was never decided.
type BadAlias struct{ Why string }

func (e *BadAlias) Error() string { return e.Why }

// ApproveAlias records that a text of a list means a code; by says who decided.
// The next run reads the workbooks that hold it again.
func ApproveAlias(o Options, list, text, code, by string) (Decided, error) {
	var d Decided
	err := decide(o, func(r *runner) (decision, error) {
		l, err := r.listNamed(list)
		if err != nil {
			return decision{}, err
		}
		c, ok := l.Get(code)
		if !ok {
			if c, ok = l.Find(code); !ok {
				return decision{}, &BadAlias{fmt.Sprintf("list %s has no code %q: it has %s", list, code, someCodes(l, code))}
			}
		}
		text = fold.Tidy(text)
		if connectors.ListKey(text) == "" {
			return decision{}, &BadAlias{fmt.Sprintf("%q holds nothing to compare: give the text as cp3 aliases lists it", text)}
		}
		if known, ok := l.Find(text); ok {
			if _, _, decided := l.Approved(text); !decided || known.Code == c.Code {
				return decision{}, &BadAlias{fmt.Sprintf("%q is read as %s (%s) already", text, known.Label.FR, known.Code)}
			}
		}
		d = Decided{Alias{list, connectors.Approved{Text: text, Code: c.Code, On: r.Config.Day(r.at)}, by}, c.Label.FR}
		return decision{About: aboutAlias, By: by, List: list, Text: text, Code: c.Code}, nil
	})
	return d, err
}

// RevokeAlias takes a decision back: the text means nothing again.
func RevokeAlias(o Options, list, text, by string) error {
	return decide(o, func(r *runner) (decision, error) {
		if _, err := r.listNamed(list); err != nil {
			return decision{}, err
		}
		for _, a := range r.decided {
			if a.List == list && connectors.ListKey(a.Text) == connectors.ListKey(text) {
				return decision{About: aboutAlias, By: by, List: list, Text: a.Text, Code: a.Code, Revoked: true}, nil
			}
		}
		return decision{}, &BadAlias{fmt.Sprintf("%q was not approved in list %s: cp3 aliases lists what was", text, list)}
	})
}

// decide enters one decision in the ledger, under the workspace's lock.
func decide(o Options, what func(*runner) (decision, error)) (err error) {
	release, err := o.Workspace.Lock(o.Command, o.Now())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	r, err := look(o)
	if err != nil {
		return err
	}
	d, err := what(r)
	if err != nil {
		return err
	}
	_, err = r.ledger.Append(r.at, store.KindDecision, d)
	return err
}

func (r *runner) listNamed(name string) (*connectors.CodeList, error) {
	lists := r.reader.Lists()
	if l := lists[name]; l != nil {
		return l, nil
	}
	return nil, &BadAlias{fmt.Sprintf("no code list %q: choose one of %s", name, strings.Join(slices.Sorted(maps.Keys(lists)), ", "))}
}

// mostCodes is how many codes of a list are named to somebody who gave another.
const mostCodes = 12

func someCodes(l *connectors.CodeList, like string) string {
	codes := l.Nearest(like, mostCodes)
	if len(codes) == 0 {
		codes = l.Codes[:min(mostCodes, len(l.Codes))]
	}
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = c.Code
	}
	text := strings.Join(names, ", ")
	if len(codes) < len(l.Codes) {
		text += ", …"
	}
	return text
}
