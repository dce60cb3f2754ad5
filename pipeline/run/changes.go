package run

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Kinds of change of persons.
const (
	idsMerged = "fusion"    // two ids' rows go under one: the older; the other is its alias
	idSplit   = "scission"  // some rows of an id go under a new one
	rowsMoved = "transfert" // some rows of an id go under another that was there
)

// Causes of a change of persons.
const (
	byDecision   = "decision" // somebody decided, or took a decision back
	bySubmission = "envoi"    // rows came or went
	byModel      = "modele"   // weights moved with what was received elsewhere, or with the program
)

// change is rows that went under one id and go under another.
type change struct {
	kind, from, into string
	mentions         int
	cause, detail    string
}

// keepChanges writes down who was merged or split since the edition before, and
// why. A rebuild changes nobody, nor does a first night.
func (r *runner) keepChanges(ctx context.Context, e edition, of *census) error {
	if r.rebuilding || len(of.registry.byKey) == 0 {
		return nil // nobody was anybody before
	}
	c := newComparison(of)
	changes := c.changes()
	if err := r.causes(ctx, c, changes, of.said); err != nil {
		return fmt.Errorf("changes of persons: %w", err)
	}
	_, err := r.db.Append(ctx, "person_change", nil, func(yield func([]driver.Value) bool) {
		for _, x := range changes {
			if !yield([]driver.Value{int32(e.Number), date(e.Day), x.kind, x.from, x.into, int32(x.mentions), x.cause, text(x.detail)}) {
				return
			}
		}
	})
	return err
}

// comparison holds, for each mention of the persons that a census opened, the ids it
// goes under before and now. A row of a new file goes by its description.
type comparison struct {
	before, now map[string]string
	alive       map[string]bool     // ids that somebody goes under now
	was         map[string]bool     // ids that somebody went under before
	of          map[string][]string // id that rows left or came to -> its mentions, of then and now
}

func newComparison(of *census) *comparison {
	c := &comparison{before: map[string]string{}, now: map[string]string{}, alive: map[string]bool{}, was: map[string]bool{}, of: map[string][]string{}}
	for n, id := range of.ids {
		c.alive[id] = true
		if !of.open[n] {
			c.was[id] = true
		}
	}
	g := of.registry
	for i, d := range of.said {
		if !of.open[of.of[i]] {
			continue
		}
		c.now[d.mention] = of.ids[of.of[i]]
		if id := cmp.Or(d.was, g.byKey[d.placed].id, g.byKey[d.exact].id); id != "" {
			c.before[d.mention] = id
			c.was[id] = true
		}
	}
	c.concerned(of)
	return c
}

// concerned lists the mentions of the ids that rows left or came to: few, most nights.
func (c *comparison) concerned(of *census) {
	for m, id := range c.now {
		if was := c.before[m]; was != "" && was != id {
			c.of[was], c.of[id] = nil, nil
		}
	}
	add := func(id, mention string) {
		if known, ok := c.of[id]; ok {
			c.of[id] = append(known, mention)
		}
	}
	for m, id := range c.now {
		add(id, m)
	}
	for i, d := range of.said {
		if of.open[of.of[i]] && d.was != of.ids[of.of[i]] {
			add(d.was, d.mention)
		}
	}
	for _, d := range of.gone {
		add(d.id, d.mention)
	}
}

// changes are the ids whose rows go under another id now, in order.
func (c *comparison) changes() []change {
	count := map[[2]string]int{}
	for m, id := range c.now {
		if was := c.before[m]; was != "" && was != id {
			count[[2]string{was, id}]++
		}
	}
	var all []change
	for pair, n := range count {
		x := change{kind: idsMerged, from: pair[0], into: pair[1], mentions: n}
		if c.alive[x.from] {
			x.kind = rowsMoved
			if !c.was[x.into] {
				x.kind = idSplit
			}
		}
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b change) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.into, b.into)) })
	return all
}

// causes finds why each change came about: a decision taken or revoked since the
// edition before on rows of the persons concerned; else a file that brought rows
// of theirs, or took some away; else the model.
func (r *runner) causes(ctx context.Context, c *comparison, changes []change, said []description) error {
	if len(changes) == 0 {
		return nil
	}
	since := r.lastEdition().Ledger
	said = spokenOf(r.pairs, said)
	decided := map[string][]int{} // mention -> ledger numbers
	for _, d := range r.pairs {
		n := d.Seq
		if d.EndedBy > since {
			n = d.EndedBy
		}
		if n <= since {
			continue
		}
		a, b := d.sidesOf(said)
		for _, m := range append(a, b...) {
			decided[m] = append(decided[m], n)
		}
	}
	files, err := r.filesOf(ctx, since)
	if err != nil {
		return err
	}
	for i := range changes {
		x := &changes[i]
		concerned := append(slices.Clone(c.of[x.from]), c.of[x.into]...)
		if x.detail = numbersOf(concerned, decided); x.detail != "" {
			x.cause = byDecision
		} else if x.detail = numbersOf(concerned, files); x.detail != "" {
			x.cause = bySubmission
		} else {
			x.cause = byModel
		}
	}
	return nil
}

// filesOf are, by mention, the files received after a ledger entry that brought it
// or took its place.
func (r *runner) filesOf(ctx context.Context, since int) (map[string][]int, error) {
	found, err := r.db.Conn().QueryContext(ctx, `select m.mention_id, coalesce(later.seq, s.seq)
		from mention m join submission s using (submission_id) left join submission later on later.submission_id = s.replaced_by
		where coalesce(later.seq, s.seq) > ?`, since)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	files := map[string][]int{}
	for found.Next() {
		var mention string
		var seq int
		if err := found.Scan(&mention, &seq); err != nil {
			return nil, err
		}
		files[mention] = append(files[mention], seq)
	}
	return files, found.Err()
}

// numbersOf are the distinct numbers of some mentions, as text.
func numbersOf(mentions []string, numbers map[string][]int) string {
	seen := map[int]bool{}
	for _, m := range mentions {
		for _, n := range numbers[m] {
			seen[n] = true
		}
	}
	var texts []string
	for _, n := range slices.Sorted(maps.Keys(seen)) {
		texts = append(texts, strconv.Itoa(n))
	}
	return strings.Join(texts, ", ")
}

// PersonChange is a merge or a split of persons, and its cause.
type PersonChange struct {
	Edition int    `json:"edition"`
	Day     string `json:"day"`
	Kind    string `json:"kind"`
	From    string `json:"from"` // the id rows went under
	Into    string `json:"into"` // the id they go under since
	Rows    int    `json:"rows"`
	Cause   string `json:"cause"`
	Detail  string `json:"detail"` // ledger numbers of decisions or files
}

// Changes lists merges and splits of persons, the last ones first.
func Changes(ctx context.Context, o Options) ([]PersonChange, error) {
	s, err := openStudy(ctx, o)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if s.db == nil {
		return []PersonChange{}, nil
	}
	return s.changes(ctx, "")
}

func (s *study) changes(ctx context.Context, where string, args ...any) ([]PersonChange, error) {
	found, err := s.db.Conn().QueryContext(ctx, `select edition, day::varchar, kind, from_id, into_id, mentions, cause, coalesce(detail, '')
		from person_change `+where+` order by edition desc, rowid`, args...)
	if err != nil {
		return nil, fmt.Errorf("changes of persons: %w", err)
	}
	defer found.Close()
	all := []PersonChange{}
	for found.Next() {
		var c PersonChange
		if err := found.Scan(&c.Edition, &c.Day, &c.Kind, &c.From, &c.Into, &c.Rows, &c.Cause, &c.Detail); err != nil {
			return nil, fmt.Errorf("changes of persons: %w", err)
		}
		all = append(all, c)
	}
	return all, found.Err()
}
