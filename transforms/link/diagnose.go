package link

import (
	"context"
	"fmt"
	"slices"
)

// Diagnostics is what a statistician asks of a linkage: the model, how weights are
// spread, what blocking may have missed, how far to trust the clusters. It holds
// no value of any record.
type Diagnostics struct {
	Model     Model
	Records   int
	Persons   int
	Sizes     []Count // persons by number of records
	Weights   []Count // weighed pairs by weight, in bits, rounded down
	Threshold float64 // bits
	Compared  int

	Matches   int     // pairs above the threshold and free of contradictions
	Joined    int     // pairs within a person
	Precision float64 // of joined pairs, expected by the model
	Uncertain int
	Blocking  Recall
}

// Count is how many of something there are at a value.
type Count struct{ Value, N int }

// Recall is what blocking is thought to have found of the matches. Matches proposed
// by one rule only, and by two only, tell how many were proposed by none (Chao
// 1984, a lower bound of what is missing).
type Recall struct {
	Found   int // matches proposed by some rule
	Once    int // by one rule only
	Twice   int // by two
	Later   int // matches that no rule proposed, met when components were completed
	Missing float64
	Share   float64 // found of all, estimated
}

// Diagnose looks back at a run. The result must not have been closed.
func (r *Result) Diagnose(ctx context.Context) (Diagnostics, error) {
	d := Diagnostics{Model: r.Model, Records: len(r.IDs), Persons: r.Persons(), Threshold: threshold(len(r.IDs)), Compared: r.Compared}
	d.Sizes = r.sizes()
	var err error
	if d.Weights, err = r.engine.histogram(ctx); err != nil {
		return d, fmt.Errorf("diagnose: %w", err)
	}
	if d.Blocking, err = r.engine.recall(ctx, d.Threshold); err != nil {
		return d, fmt.Errorf("diagnose: %w", err)
	}
	sum := 0.0
	for p, err := range r.Pairs(ctx, d.Threshold) {
		if err != nil {
			return d, fmt.Errorf("diagnose: %w", err)
		}
		if len(p.Conflicts) == 0 {
			d.Matches++
		}
	}
	err = r.eachEdge(ctx, func(e edge) {
		if r.person[e.a] == r.person[e.b] {
			d.Joined++
			sum += Probability(e.weight)
		}
	})
	if err != nil {
		return d, fmt.Errorf("diagnose: %w", err)
	}
	if d.Joined > 0 {
		d.Precision = sum / float64(d.Joined)
	}
	if d.Uncertain, err = r.CountUncertain(ctx); err != nil {
		return d, fmt.Errorf("diagnose: %w", err)
	}
	return d, nil
}

// sizes counts persons by number of records.
func (r *Result) sizes() []Count {
	records := map[int32]int{}
	for _, p := range r.person {
		records[p]++
	}
	persons := map[int]int{}
	for _, n := range records {
		persons[n]++
	}
	var counts []Count
	for size, n := range persons {
		counts = append(counts, Count{size, n})
	}
	slices.SortFunc(counts, func(a, b Count) int { return a.Value - b.Value })
	return counts
}

// eachEdge visits the weighed pairs in order.
func (r *Result) eachEdge(ctx context.Context, visit func(edge)) error {
	edges, err := r.engine.edges(ctx, "select a, b, weight, conflict from link_pair where weight > 0 order by a, b")
	for _, e := range edges {
		visit(e)
	}
	return err
}

func (e *engine) histogram(ctx context.Context) ([]Count, error) {
	return e.counts(ctx, "select greatest(least(floor(weight), 40), -10)::integer as bits, count(*) from link_pair group by bits order by bits")
}

func (e *engine) counts(ctx context.Context, query string) ([]Count, error) {
	rows, err := e.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var counts []Count
	for rows.Next() {
		var c Count
		if err := rows.Scan(&c.Value, &c.N); err != nil {
			return nil, err
		}
		counts = append(counts, c)
	}
	return counts, rows.Err()
}

// recall counts how many rules proposed each match.
func (e *engine) recall(ctx context.Context, threshold float64) (Recall, error) {
	counts, err := e.counts(ctx, fmt.Sprintf(`select times, count(*) from (
		select p.a, p.b, count(c.rule) as times from link_pair p left join link_candidate c on c.a = p.a and c.b = p.b
		where p.weight > %g and not p.conflict group by p.a, p.b) group by times order by times`, threshold))
	if err != nil {
		return Recall{}, err
	}
	var r Recall
	for _, c := range counts {
		switch c.Value {
		case 0:
			r.Later = c.N
		case 1:
			r.Once = c.N
		case 2:
			r.Twice = c.N
		}
		if c.Value > 0 {
			r.Found += c.N
		}
	}
	// The bias-corrected form stands when no match was proposed exactly twice.
	once, twice := float64(r.Once), float64(r.Twice)
	r.Missing = max(once*(once-1)/(2*(twice+1)), float64(r.Later))
	if r.Found > 0 {
		r.Share = float64(r.Found) / (float64(r.Found) + r.Missing)
	}
	return r, nil
}
