package run

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cp3/pipeline/store"
	"cp3/transforms/link"
)

// Review is who may be who, as a human should see it: what waits for an answer,
// and what was answered.
type Review struct {
	Waiting []Pair   `json:"waiting"` // the one that could move most published numbers first
	Decided []Ruling `json:"decided"` // in force, oldest first
	Stakes  []Stake  `json:"stakes"`  // what leaving it undecided costs
}

// Pair is a question: are A and B one person, or two?
type Pair struct {
	N           int      `json:"n"` // rank, by which the command line names it; 0: asked for by rows
	ID          string   `json:"id"`
	Merged      bool     `json:"merged"` // counted as one person at present
	Weight      float64  `json:"weight"` // bits, over all rows of both
	Probability float64  `json:"probability"`
	A           Side     `json:"a"`
	B           Side     `json:"b"`
	Evidence    []Bar    `json:"evidence,omitempty"` // of the two rows shown
	Conflicts   []string `json:"conflicts,omitempty"`
	// Cautious: likely, but kept apart: on few records the model wants more proof.
	Cautious bool    `json:"cautious,omitempty"`
	Effects  []Moved `json:"effects"` // what the other answer would change
	// Answer is what was decided since the last run; nil: nothing.
	Answer *Ruling `json:"answer,omitempty"`

	evidence []link.Evidence
	pairBits float64
	since    int // edition that first asked
	partA    []string
	partB    []string
}

// Side is one of the two persons.
type Side struct {
	Shown Place   `json:"shown"` // the row whose words are compared
	Rows  []Place `json:"rows"`  // all rows of the person, the one shown too

	mention string
}

// Bar is one piece of evidence, with what it compares.
type Bar struct {
	Text  string  `json:"text"`
	A     string  `json:"a"` // private
	B     string  `json:"b"`
	Bits  float64 `json:"bits"`
	Total float64 `json:"total"` // up to here
	// Strength is the weight in words.
	Strength string `json:"strength"`
}

// NoSuchPair says that what was asked for is no pair.
type NoSuchPair struct{ Why string }

func (e *NoSuchPair) Error() string { return e.Why }

// ListReview lists what waits for a human, and what was decided.
func ListReview(ctx context.Context, o Options) (Review, error) {
	s, err := openStudy(ctx, o)
	if err != nil {
		return Review{}, err
	}
	defer s.close()
	v := Review{Waiting: []Pair{}, Decided: s.decisions(), Stakes: []Stake{}}
	if s.db == nil {
		return v, nil
	}
	if v.Waiting, err = s.questions(ctx); err != nil {
		return v, err
	}
	v.Stakes = stakes(v.Waiting)
	return v, nil
}

// ShowReview opens one pair: what is asked for by rank or id, or any two rows.
func ShowReview(ctx context.Context, o Options, what ...string) (Pair, error) {
	s, err := openStudy(ctx, o)
	if err != nil {
		return Pair{}, err
	}
	defer s.close()
	p, err := s.pair(ctx, what)
	if err != nil {
		return p, err
	}
	p.Evidence, err = s.bars(ctx, p)
	return p, err
}

// study is a database in memory beside the warehouse, which it only reads: to ask
// what would be.
type study struct {
	*runner
	db    *store.DB // nil: there is no warehouse yet
	said  []description
	asked []Pair // the list, once it was made
}

// openStudy opens the warehouse to look at persons; *Locked while a run holds it.
func openStudy(ctx context.Context, o Options) (*study, error) {
	r, err := look(o)
	if err != nil {
		return nil, err
	}
	return r.study(ctx)
}

func (r *runner) study(ctx context.Context) (_ *study, err error) {
	s := &study{runner: r}
	if len(r.editions) == 0 {
		return s, nil
	}
	probe, err := r.view(ctx) // waits a little, and says who holds it
	if probe == nil || err != nil {
		return s, err
	}
	if err := probe.Close(); err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	if s.db, err = store.Open(ctx, "", store.Options{Threads: r.Config.Resources.Threads, Memory: r.Config.Resources.database(), Temp: r.Workspace.scratch()}); err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	defer func() {
		if err != nil && s.db != nil {
			err = errors.Join(err, s.db.Close())
		}
	}()
	if err := s.db.Exec(ctx, "attach "+store.Quote(r.Workspace.Warehouse())+" as kept (read_only)"); err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	ready, _, err := scalar[int64](ctx, s.db.Conn(), "select count(*) from duckdb_tables() where database_name = 'kept' and table_name = 'review_question'")
	if err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	if ready == 0 { // made by a version that asked nobody
		old := s.db
		s.db = nil
		return s, old.Close()
	}
	if err := s.db.Exec(ctx, "use kept"); err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	if s.said, err = r.descriptions(ctx, s.db); err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	return s, nil
}

func (s *study) close() {
	if s.db != nil {
		_ = s.db.Close() // in memory: nothing to lose
	}
}

// questions are what the last linkage left to a human, ranked.
func (s *study) questions(ctx context.Context) ([]Pair, error) {
	if s.asked != nil {
		return s.asked, nil
	}
	all, err := s.readQuestions(ctx)
	if err != nil || len(all) == 0 {
		return []Pair{}, err
	}
	if err := s.readParts(ctx, all); err != nil {
		return nil, err
	}
	pairs := make([]*Pair, 0, len(all))
	for i := range all {
		pairs = append(pairs, &all[i])
	}
	if err := s.locate(ctx, pairs); err != nil {
		return nil, err
	}
	if err := s.effects(ctx, pairs); err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(p, q Pair) int {
		return cmp.Or(-cmp.Compare(p.stake(), q.stake()), -cmp.Compare(len(p.Effects), len(q.Effects)), cmp.Compare(p.Weight, q.Weight), cmp.Compare(p.ID, q.ID))
	})
	for i := range all {
		all[i].N = i + 1
		all[i].Answer = s.answerTo(all[i])
	}
	s.asked = all
	return all, nil
}

func (s *study) readQuestions(ctx context.Context) ([]Pair, error) {
	found, err := s.db.Conn().QueryContext(ctx, "select question_id, merged, weight, mention_a, mention_b, pair_weight, evidence, since from review_question order by question_id")
	if err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	defer found.Close()
	var all []Pair
	for found.Next() {
		var p Pair
		var evidence string
		if err := found.Scan(&p.ID, &p.Merged, &p.Weight, &p.A.mention, &p.B.mention, &p.pairBits, &evidence, &p.since); err != nil {
			return nil, fmt.Errorf("review: %w", err)
		}
		if err := json.Unmarshal([]byte(evidence), &p.evidence); err != nil {
			return nil, fmt.Errorf("review: %w", err)
		}
		p.Probability, p.Cautious = link.Probability(p.Weight), p.Weight > link.Band && !p.Merged
		all = append(all, p)
	}
	return all, found.Err()
}

func (s *study) readParts(ctx context.Context, all []Pair) error {
	at := map[string]*Pair{}
	for i := range all {
		at[all[i].ID] = &all[i]
	}
	found, err := s.db.Conn().QueryContext(ctx, "select question_id, part, mention_id from review_part order by question_id, part, mention_id")
	if err != nil {
		return fmt.Errorf("review: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var id, part, mention string
		if err := found.Scan(&id, &part, &mention); err != nil {
			return fmt.Errorf("review: %w", err)
		}
		if p := at[id]; part == "A" {
			p.partA = append(p.partA, mention)
		} else {
			p.partB = append(p.partB, mention)
		}
	}
	for _, p := range at {
		if slices.Contains(p.partB, p.A.mention) {
			p.A.mention, p.B.mention = p.B.mention, p.A.mention
		}
	}
	return found.Err()
}

// locate says where the rows of both persons stand.
func (s *study) locate(ctx context.Context, pairs []*Pair) error {
	var mentions []string
	for _, p := range pairs {
		mentions = slices.Concat(mentions, p.partA, p.partB)
	}
	at, err := places(ctx, s.db.Conn(), mentions)
	if err != nil {
		return fmt.Errorf("review: %w", err)
	}
	for _, p := range pairs {
		p.A.Shown, p.A.Rows = at[p.A.mention], placesOf(at, p.partA)
		p.B.Shown, p.B.Rows = at[p.B.mention], placesOf(at, p.partB)
	}
	return nil
}

func placesOf(at map[string]Place, mentions []string) []Place {
	rows := make([]Place, len(mentions))
	for i, m := range mentions {
		rows[i] = at[m]
	}
	slices.SortFunc(rows, func(a, b Place) int {
		return cmp.Or(a.Number-b.Number, cmp.Compare(a.Sheet, b.Sheet), a.Row-b.Row)
	})
	return rows
}

// places finds where mentions stand.
func places(ctx context.Context, db querier, mentions []string) (map[string]Place, error) {
	at := map[string]Place{}
	for chunk := range chunks(mentions, 1000) {
		found, err := db.QueryContext(ctx, `select m.mention_id, s.submission_id, s.seq, s.path, s.sha256, m.sheet, m.row
			from mention m join submission s using (submission_id) where m.mention_id in (`+quotedList(chunk)+")")
		if err != nil {
			return nil, err
		}
		for found.Next() {
			var mention string
			var p Place
			if err := found.Scan(&mention, &p.Submission, &p.Number, &p.File, &p.SHA256, &p.Sheet, &p.Row); err != nil {
				return nil, errors.Join(err, found.Close())
			}
			at[mention] = p
		}
		if err := errors.Join(found.Err(), found.Close()); err != nil {
			return nil, err
		}
	}
	return at, nil
}

func quotedList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = store.Quote(v)
	}
	return strings.Join(quoted, ", ")
}

// answerTo is the decision in force on a question's two persons; nil for none.
func (s *study) answerTo(p Pair) *Ruling {
	shown := []description{}
	for _, d := range s.said {
		if d.mention == p.A.mention || d.mention == p.B.mention {
			shown = append(shown, d)
		}
	}
	for _, d := range standing(s.pairs) {
		if a, b := d.sidesOf(shown); len(a) == 1 && len(b) == 1 {
			answer := d.asDecision()
			return &answer
		}
	}
	return nil
}
