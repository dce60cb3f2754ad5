package run

import (
	"context"
	"slices"

	"cp3/pipeline/store"
)

// Linked says what linkage made one in a published number.
type Linked struct {
	Persons int `json:"personnes"`            // counted in the numerator
	Several int `json:"sur_plusieurs_lignes"` // of whom several rows speak, wherever they stand
	Rows    int `json:"lignes"`               // those rows
	Across  int `json:"chez_plusieurs_membres"`
	// Decided are those of them whom a human's decision joins.
	Decided int `json:"par_decision"`
}

// explainLinked looks at everything that is known of the persons counted: a number
// can depend on a row that doesn't count itself.
func (r *runner) explainLinked(ctx context.Context, e *Explanation) error {
	var persons []string
	for i := range e.Units {
		if e.Units[i].Role == "N" {
			persons = append(persons, e.Units[i].Key)
		}
	}
	mentions, members, err := r.mentionsOf(ctx, persons)
	if err != nil {
		return err
	}
	joined, err := r.joinedByHand(ctx)
	if err != nil {
		return err
	}
	for _, id := range persons {
		n := len(mentions[id])
		if n == 0 {
			continue // not a person
		}
		e.Linked.Persons++
		if n < 2 {
			continue
		}
		e.Linked.Several++
		e.Linked.Rows += n
		if members[id] > 1 {
			e.Linked.Across++
		}
		if slices.ContainsFunc(mentions[id], func(m string) bool { return joined[m] }) {
			e.Linked.Decided++
		}
	}
	return nil
}

// mentionsOf are the mentions of persons, and how many members they come from.
func (r *runner) mentionsOf(ctx context.Context, persons []string) (mentions map[string][]string, members map[string]int, err error) {
	mentions, members = map[string][]string{}, map[string]int{}
	seen := map[[2]string]bool{}
	for chunk := range chunks(persons, 1000) {
		pairs, err := readTriples(ctx, r.db, `select p.person_id, p.mention_id, s.member from person_mention p join mention m using (mention_id)
			join submission s using (submission_id) where p.person_id in (`+quotedList(chunk)+`) order by all`)
		if err != nil {
			return nil, nil, err
		}
		for _, t := range pairs {
			mentions[t[0]] = append(mentions[t[0]], t[1])
			if by := [2]string{t[0], t[2]}; !seen[by] {
				seen[by] = true
				members[t[0]]++
			}
		}
	}
	return mentions, members, nil
}

func readTriples(ctx context.Context, db *store.DB, query string) ([][3]string, error) {
	found, err := db.Conn().QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var all [][3]string
	for found.Next() {
		var t [3]string
		if err := found.Scan(&t[0], &t[1], &t[2]); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, found.Err()
}

// joinedByHand are the mentions that a decision followed by the edition in place
// joins with others.
func (r *runner) joinedByHand(ctx context.Context) (map[string]bool, error) {
	joined := map[string]bool{}
	pairs, err := r.pairDecisions(r.lastEdition().Ledger)
	if err != nil || len(pairs) == 0 {
		return joined, err
	}
	said, err := r.descriptions(ctx, r.db)
	if err != nil {
		return nil, err
	}
	said = spokenOf(pairs, said)
	for _, d := range standing(pairs) {
		a, b := d.sidesOf(said)
		if !d.Same || len(a) == 0 || len(b) == 0 {
			continue
		}
		for _, m := range append(a, b...) {
			joined[m] = true
		}
	}
	return joined, nil
}
