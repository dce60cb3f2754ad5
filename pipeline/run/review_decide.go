package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cp3/pipeline/store"
)

// Ruling is a decision on two persons, as people read it.
type Ruling struct {
	Number int      `json:"number"` // by which it is taken back: its place in the ledger
	On     string   `json:"on"`
	By     string   `json:"by"`
	Same   bool     `json:"same"`
	Rows   []string `json:"rows"` // that were shown
	Bits   float64  `json:"bits"` // what the model thought of it
	// Waits says that the edition in place does not follow it yet.
	Waits bool `json:"waits,omitempty"`
	// Idle says that the files in force no longer mention one of the two persons in
	// the words that were decided on.
	Idle bool `json:"idle,omitempty"`
	// Contradicted says that other decisions join what this one keeps apart: they
	// are followed.
	Contradicted bool `json:"contradicted,omitempty"`
}

func (d pairDecision) asDecision() Ruling {
	return Ruling{Number: d.Seq, On: d.On.String(), By: d.By, Same: d.Same, Rows: d.Rows, Bits: d.Bits}
}

// decisions are those in force, with what became of them.
func (s *study) decisions() []Ruling {
	all := []Ruling{}
	followed := s.lastEdition().Ledger
	said := spokenOf(s.pairs, s.said)
	apart, _ := contradicted(standing(s.pairs), said)
	for _, d := range standing(s.pairs) {
		ruling := d.asDecision()
		a, b := d.sidesOf(said)
		ruling.Waits, ruling.Idle = d.Seq > followed, len(a) == 0 || len(b) == 0
		ruling.Contradicted = slices.ContainsFunc(apart, func(x pairDecision) bool { return x.Seq == d.Seq })
		all = append(all, ruling)
	}
	return all
}

// BadDecision is a decision that can't be taken, and what to do instead.
type BadDecision struct{ Why string }

func (e *BadDecision) Error() string { return e.Why }

// BadDecisions are those of several answers that can't be taken; none was.
type BadDecisions struct{ Faults []string }

func (e *BadDecisions) Error() string { return strings.Join(e.Faults, "; ") }

// Answer is one decision to take.
type Answer struct {
	What []string // a rank, an id, or two rows
	Same bool     // one person; else two
	At   string   // where it was read, for messages: a cell; "" on the command line
}

// Decide records answers on person pairs; by says who decides. The next run
// follows them. All are recorded, or none; those that stand already change nothing
// and are not recorded again. Of several, *BadDecisions tells all that can't be
// taken.
func Decide(ctx context.Context, o Options, by string, answers ...Answer) ([]Ruling, error) {
	taken := []Ruling{}
	err := judge(ctx, o, func(s *study) ([]any, error) {
		var bodies []any
		var faults []string
		for _, a := range answers {
			d, err := s.decide(ctx, a, by)
			if fault := a.fault(err); fault != "" {
				faults = append(faults, fault)
				continue
			}
			if err != nil {
				return nil, err
			}
			if d == nil {
				continue
			}
			bodies = append(bodies, *d)
			// What follows must agree with it too.
			s.pairs = append(s.pairs, pairDecision{pairBody: d.pairBody, Seq: s.ledger.Len() + len(bodies), On: s.Config.Day(s.at), By: by})
			ruling := s.pairs[len(s.pairs)-1].asDecision()
			ruling.Waits = true
			taken = append(taken, ruling)
		}
		if len(faults) > 0 {
			return nil, &BadDecisions{faults}
		}
		return bodies, nil
	})
	if err != nil {
		return nil, err
	}
	return taken, nil
}

// fault is what is wrong with an answer that names its cell; "" when it names
// none, or when nothing is wrong with it.
func (a Answer) fault(err error) string {
	var bad *BadDecision
	var none *NoSuchPair
	if a.At != "" && (errors.As(err, &bad) || errors.As(err, &none)) {
		return a.At + ": " + err.Error()
	}
	return ""
}

// judge enters decisions in the ledger, under the workspace's lock.
func judge(ctx context.Context, o Options, what func(*study) ([]any, error)) (err error) {
	release, err := o.Workspace.Lock(o.Command, o.Now())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	r, err := look(o)
	if err != nil {
		return err
	}
	s, err := r.study(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	bodies, err := what(s)
	if err != nil || len(bodies) == 0 {
		return err
	}
	_, err = r.ledger.Append(r.at, store.KindDecision, bodies...)
	return err
}

// decide makes the ledger's entry of one answer; nil when it stands already.
func (s *study) decide(ctx context.Context, a Answer, by string) (*decision, error) {
	p, err := s.pair(ctx, a.What)
	if err != nil {
		return nil, err
	}
	if p.Answer != nil && p.Answer.Same == a.Same {
		return nil, nil
	}
	body := pairBody{Same: a.Same, Question: p.ID, Rows: []string{p.A.Shown.String(), p.B.Shown.String()}, Bits: p.Weight}
	if body.A, body.B, err = keysOf(these(s.said, p.partA...), these(s.said, p.partB...)); err != nil {
		return nil, &BadDecision{err.Error()}
	}
	if err := s.agrees(body); err != nil {
		return nil, err
	}
	return &decision{About: aboutPair, By: by, pairBody: body}, nil
}

// these are the descriptions of some mentions, of all in the mentions' order.
func these(said []description, mentions ...string) []description {
	all := make([]description, len(mentions))
	for i, m := range mentions {
		if at, known := slices.BinarySearchFunc(said, m, func(d description, mention string) int { return strings.Compare(d.mention, mention) }); known {
			all[i] = said[at]
		}
	}
	return all
}

// agrees holds a new decision to those in force: those on the same question give
// way to it, others don't.
func (s *study) agrees(body pairBody) error {
	all := slices.DeleteFunc(standing(s.pairs), func(d pairDecision) bool { return d.answers(body) })
	before, _ := contradicted(all, s.said)
	apart, joining := contradicted(append(all, pairDecision{pairBody: body}), s.said)
	apart = slices.DeleteFunc(apart, func(d pairDecision) bool {
		return slices.ContainsFunc(before, func(known pairDecision) bool { return known.Seq == d.Seq })
	})
	if len(apart) == 0 {
		return nil
	}
	others := apart
	if !body.Same {
		others = joining
	}
	var names []string
	for _, d := range others {
		if d.Seq != 0 {
			names = append(names, fmt.Sprintf("n° %d (%s, %s)", d.Seq, d.By, d.On))
		}
	}
	word := "two persons"
	if !body.Same {
		word = "one person"
	}
	return &BadDecision{fmt.Sprintf("decided otherwise before: %s say they are %s: take that back first with cp3 review undo", strings.Join(names, ", "), word)}
}

// UndoDecision takes a decision back; by says who does. The model's word stands
// again from the next run on.
func UndoDecision(ctx context.Context, o Options, number, by string) (Ruling, error) {
	var undone Ruling
	err := judge(ctx, o, func(s *study) ([]any, error) {
		n, err := strconv.Atoi(number)
		if err != nil {
			return nil, &BadDecision{fmt.Sprintf("%q is no decision's number: cp3 review lists the decisions in force", number)}
		}
		for _, d := range s.pairs {
			switch {
			case d.Seq != n:
			case d.EndedBy != 0:
				return nil, &BadDecision{fmt.Sprintf("decision n° %d stands no more: entry %d of the ledger took its place", n, d.EndedBy)}
			default:
				undone = d.asDecision()
				return []any{decision{About: aboutPair, By: by, Revoked: true, pairBody: pairBody{Of: n}}}, nil
			}
		}
		return nil, &BadDecision{fmt.Sprintf("no decision on persons has number %d: cp3 review lists the decisions in force", n)}
	})
	return undone, err
}
