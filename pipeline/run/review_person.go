package run

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"cp3/transforms/link"
)

// Someone is one person: every row that mentions them, and what holds these rows
// together.
type Someone struct {
	ID      string   `json:"id"`
	Aliases []string `json:"aliases"` // ids the person went under before
	Rows    []Place  `json:"rows"`
	// Joins are, for each row after the first, the pair that ties it to the others
	// best: take one of them apart to undo a merge.
	Joins   []Join         `json:"joins"`
	Changes []PersonChange `json:"changes"`
}

// Join is a pair of rows of one person.
type Join struct {
	A        Place   `json:"a"`
	B        Place   `json:"b"`
	Bits     float64 `json:"bits"`
	Evidence []Bar   `json:"evidence"`
	Decision int     `json:"decision,omitempty"` // ledger number of the decision that joins them; 0: the model does
}

var personID = regexp.MustCompile(`^p[0-9a-f]{20}$`)

// ShowPerson opens the person that a row mentions, or that an id names.
func ShowPerson(ctx context.Context, o Options, what string) (Someone, error) {
	s, err := openStudy(ctx, o)
	if err != nil {
		return Someone{}, err
	}
	defer s.close()
	if s.db == nil {
		return Someone{}, ErrNothingPublished
	}
	id := what
	if !personID.MatchString(what) {
		mention, err := s.mention(ctx, what)
		if err != nil {
			return Someone{}, err
		}
		if id, _, err = scalar[string](ctx, s.db.Conn(), "select person_id from person_mention where mention_id = ?", mention); err != nil {
			return Someone{}, fmt.Errorf("review: %w", err)
		}
	}
	return s.someone(ctx, id)
}

func (s *study) someone(ctx context.Context, id string) (Someone, error) {
	p := Someone{ID: id, Aliases: []string{}, Joins: []Join{}, Changes: []PersonChange{}}
	// An alias names whoever its rows went to.
	now, ok, err := scalar[string](ctx, s.db.Conn(), `select coalesce(
		(select any_value(person_id) from person_mention where person_id = ?1), (select last(into_id order by rowid) from person_change where from_id = ?1 and kind = 'fusion'))`, id)
	if err != nil {
		return p, fmt.Errorf("review: %w", err)
	}
	if !ok {
		return p, &NoSuchPair{fmt.Sprintf("nobody goes under %s: cp3 review show FILE!SHEET!ROW finds the person of a row", id)}
	}
	if now != id {
		return s.someone(ctx, now)
	}
	aliases, err := column[string](ctx, s.db.Conn(), "select distinct from_id from person_change where into_id = ? and kind = 'fusion' order by 1", id)
	if err != nil {
		return p, fmt.Errorf("review: %w", err)
	}
	p.Aliases = append(p.Aliases, aliases...)
	if p.Changes, err = s.changes(ctx, "where from_id = ?1 or into_id = ?1", id); err != nil {
		return p, err
	}
	mentions, err := column[string](ctx, s.db.Conn(), "select mention_id from person_mention where person_id = ? order by mention_id", id)
	if err != nil {
		return p, fmt.Errorf("review: %w", err)
	}
	at, err := places(ctx, s.db.Conn(), mentions)
	if err != nil {
		return p, fmt.Errorf("review: %w", err)
	}
	p.Rows = placesOf(at, mentions)
	p.Joins, err = s.joins(ctx, mentions, at)
	return p, err
}

// joins are the edges of the heaviest tree that holds a person's rows together.
func (s *study) joins(ctx context.Context, mentions []string, at map[string]Place) ([]Join, error) {
	joins := []Join{}
	if len(mentions) < 2 {
		return joins, nil
	}
	result, err := s.relink(ctx)
	if err != nil {
		return nil, err
	}
	held, left := mentions[:1:1], slices.Clone(mentions[1:])
	var pairs []link.Pair
	for len(left) > 0 {
		q, err := result.Ask(ctx, held, left)
		if err != nil {
			return nil, fmt.Errorf("review: %w", err)
		}
		pairs = append(pairs, q.Pair)
		i := slices.IndexFunc(left, func(m string) bool { return m == q.Pair.A || m == q.Pair.B })
		held = append(held, left[i])
		left = slices.Delete(left, i, i+1)
		slices.Sort(held)
	}
	if err := errors.Join(result.Close(ctx), s.db.Exec(ctx, "use kept")); err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	for _, q := range pairs {
		bars, err := s.bars(ctx, Pair{A: Side{mention: q.A}, B: Side{mention: q.B}, evidence: q.Evidence})
		if err != nil {
			return nil, err
		}
		joins = append(joins, Join{A: at[q.A], B: at[q.B], Bits: q.Weight, Evidence: bars, Decision: s.joinedBy(q.A, q.B)})
	}
	return joins, nil
}

// joinedBy is the ledger number of a decision that joins two rows; 0 for none.
func (s *study) joinedBy(a, b string) int {
	for _, d := range standing(s.pairs) {
		if !d.Same {
			continue
		}
		x, y := d.sidesOf(s.said)
		if all := append(x, y...); len(x) > 0 && len(y) > 0 && slices.Contains(all, a) && slices.Contains(all, b) {
			return d.Seq
		}
	}
	return 0
}
