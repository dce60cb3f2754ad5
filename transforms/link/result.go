package link

import (
	"context"
	"database/sql/driver"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
)

// Result is who is who among the records of an Input.
type Result struct {
	IDs   []string // the records, sorted
	Model Model
	// Compared counts the pairs proposed by blocking, a pair proposed twice twice.
	Compared int
	// Contradictions are decisions to keep apart two records that other decisions
	// join; the joining ones were followed.
	Contradictions []Decision

	person      []int32 // by record: the first record of its cluster
	byPerson    map[int32][]int32
	joined      forest     // what decisions join
	apartByHand [][2]int32 // what decisions keep apart
	engine      *engine
}

// Close drops the temporary tables of the run.
func (r *Result) Close(ctx context.Context) error { return r.engine.close(ctx) }

// Clusters gives each record's id and its cluster, in the order of ids. A cluster
// is named by the smallest id in it.
func (r *Result) Clusters() iter.Seq2[string, string] {
	return func(yield func(id, cluster string) bool) {
		for i, id := range r.IDs {
			if !yield(id, r.IDs[r.person[i]]) {
				return
			}
		}
	}
}

// Persons counts the clusters.
func (r *Result) Persons() int {
	n := 0
	for i, p := range r.person {
		if int32(i) == p {
			n++
		}
	}
	return n
}

// Pair is two records and what is for and against their being one person.
type Pair struct {
	A, B        string
	Weight      float64 // log odds in bits
	Probability float64
	Conflicts   []Conflict // why it is impossible, whatever the weight; none when it isn't
	Same        bool       // in one cluster
	Evidence    []Evidence
}

// Conflict is a contradiction between two records.
type Conflict struct {
	Reason string // "given_sex", "number"
	Column string
}

// Evidence is one bar of a pair's waterfall. The bars sum to the pair's weight.
type Evidence struct {
	Column string // "" for what is no column's
	Kind   Kind
	Aspect string // "year", "order"; "prior", "namesakes", "series" and "household" for what is no column's
	Level  string
	Bits   float64
}

// String is "surname=exact:+9.1", as pair files hold it.
func (e Evidence) String() string {
	name := e.Column
	if name == "" {
		name = e.Aspect
	} else if e.Aspect != "" {
		name += "." + e.Aspect
	}
	if e.Level != "" {
		name += "=" + e.Level
	}
	return fmt.Sprintf("%s:%+.1f", name, e.Bits)
}

// EvidenceText is a pair's evidence on one line.
func (p Pair) EvidenceText() string {
	return list(p.Evidence, func(_ int, e Evidence) string { return e.String() }, " ")
}

// Band is the weights between which a pair is uncertain, in bits: from one chance
// in ten to nine in ten.
const Band = 3.17

// Pairs gives every pair whose weight is at least min, and every weighed pair
// within a cluster, ordered by id.
func (r *Result) Pairs(ctx context.Context, min float64) iter.Seq2[Pair, error] {
	return r.explain(ctx, fmt.Sprintf("select a, b from link_pair p where weight >= %g", min))
}

// Uncertain gives the pairs a human should look at, ordered by id: those that the
// model leaves near even, and those it finds likely though the clustering kept them
// apart; impossible ones are no question.
func (r *Result) Uncertain(ctx context.Context) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		edges, err := r.uncertain(ctx)
		if err == nil {
			err = r.engine.layPairs(ctx, edges)
		}
		if err != nil {
			yield(Pair{}, fmt.Errorf("pairs: %w", err))
			return
		}
		r.explain(ctx, "select a, b from link_asked")(yield)
	}
}

// CountUncertain counts the pairs that Uncertain gives, none explained.
func (r *Result) CountUncertain(ctx context.Context) (int, error) {
	edges, err := r.uncertain(ctx)
	if err != nil {
		return 0, fmt.Errorf("pairs: %w", err)
	}
	return len(edges), nil
}

func (r *Result) uncertain(ctx context.Context) ([]edge, error) {
	edges, err := r.engine.edges(ctx, fmt.Sprintf("select a, b, weight, conflict from link_pair where weight >= %g and not conflict", -Band))
	return slices.DeleteFunc(edges, func(x edge) bool { return x.weight > Band && r.person[x.a] == r.person[x.b] }), err
}

// layPairs fills link_asked (a, b).
func (e *engine) layPairs(ctx context.Context, pairs []edge) error {
	if err := e.exec(ctx, "create or replace temp table link_asked (a integer, b integer)"); err != nil {
		return err
	}
	_, err := e.db.Append(ctx, "link_asked", nil, func(yield func([]driver.Value) bool) {
		for _, p := range pairs {
			if !yield([]driver.Value{p.a, p.b}) {
				return
			}
		}
	})
	return err
}

// Explain weighs one pair, compared before or not.
func (r *Result) Explain(ctx context.Context, a, b string) (Pair, error) {
	must, _, err := r.engine.decided([]Decision{{A: a, B: b, Same: true}})
	if err != nil {
		return Pair{}, err
	}
	if len(must) != 1 {
		return Pair{}, fmt.Errorf("explain: no two records %q and %q", a, b)
	}
	for p, err := range r.explain(ctx, fmt.Sprintf("select %d as a, %d as b", must[0][0], must[0][1])) {
		return p, err
	}
	return Pair{}, fmt.Errorf("explain: nothing to compare in %q and %q", a, b)
}

// explain weighs pairs again, this time keeping what each comparison said.
func (r *Result) explain(ctx context.Context, pairs string) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		rows, err := r.engine.conn.QueryContext(ctx, r.engine.detailed(pairs))
		if err != nil {
			yield(Pair{}, fmt.Errorf("pairs: %w", err))
			return
		}
		defer rows.Close()
		d := newDetail(r)
		for rows.Next() {
			if err := rows.Scan(d.dest...); err != nil {
				yield(Pair{}, fmt.Errorf("pairs: %w", err))
				return
			}
			if !yield(d.pair(), nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Pair{}, fmt.Errorf("pairs: %w", err))
		}
	}
}

// detailed selects all that is known of pairs, in the order of newDetail's dest.
func (e *engine) detailed(pairs string) string {
	levels := list(e.plan.comparisons, func(k int, _ comparison) string { return fmt.Sprintf(", g%d, t%d", k, k) }, "")
	doubts := list(e.doubts(), func(_ int, d doubt) string { return ", (" + d.sql + ")" }, "")
	conflicts := list(e.plan.conflicts(), func(_ int, c conflict) string { return ", (" + c.sql + ")" }, "")
	return "select a, b, weight" + levels + doubts + conflicts + " from (" + e.weighed(pairs) + ") order by a, b"
}

// detail is a scanned row of detailed.
type detail struct {
	result    *Result
	a, b      int
	weight    float64
	levels    []uint8
	shifts    []float64
	rules     []conflict
	conflicts []bool
	doubts    []doubt
	doubtful  []bool
	dest      []any
}

func newDetail(r *Result) *detail {
	rules := r.engine.plan.conflicts()
	d := &detail{result: r, levels: make([]uint8, len(r.Model.Fields)), shifts: make([]float64, len(r.Model.Fields)),
		rules: rules, conflicts: make([]bool, len(rules)), doubts: r.engine.doubts()}
	d.doubtful = make([]bool, len(d.doubts))
	d.dest = []any{&d.a, &d.b, &d.weight}
	for k := range d.levels {
		d.dest = append(d.dest, &d.levels[k], &d.shifts[k])
	}
	for k := range d.doubtful {
		d.dest = append(d.dest, &d.doubtful[k])
	}
	for k := range d.conflicts {
		d.dest = append(d.dest, &d.conflicts[k])
	}
	return d
}

func (d *detail) pair() Pair {
	r := d.result
	p := Pair{A: r.IDs[d.a], B: r.IDs[d.b], Weight: d.weight, Probability: Probability(d.weight), Same: r.person[d.a] == r.person[d.b]}
	p.Evidence = d.evidence()
	for k, in := range d.conflicts {
		if in {
			p.Conflicts = append(p.Conflicts, Conflict{d.rules[k].reason, d.rules[k].column})
		}
	}
	return p
}

// evidence lays out the pair's waterfall: the prior, each comparison, the doubts,
// then what the chance of a mere household takes away.
func (d *detail) evidence() []Evidence {
	m := &d.result.Model
	bars := []Evidence{{Aspect: "prior", Bits: math.Log2(m.Match / (1 - m.Match - m.Relatives))}}
	for k, level := range d.levels {
		if level == 0 {
			continue
		}
		f := m.Fields[k]
		bits := f.Levels[level-1].Bits() + d.shifts[k]
		if f.Aspect == "order" && level == 1 {
			bars[0].Bits += bits // next to nothing: names in their usual order
			continue
		}
		bars = append(bars, Evidence{f.Column, f.Kind, f.Aspect, f.Levels[level-1].Name, bits})
	}
	for k, in := range d.doubtful {
		if in {
			bars = append(bars, Evidence{Aspect: d.doubts[k].name, Bits: -float64(d.doubts[k].bits)})
		}
	}
	rest := d.weight
	for _, b := range bars {
		rest -= b.Bits
	}
	if math.Abs(rest) >= 0.05 {
		bars = append(bars, Evidence{Aspect: "household", Bits: rest})
	}
	return bars
}

// String sums a result up for a log: counts, never a value.
func (r *Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d records, %d persons", len(r.IDs), r.Persons())
	return b.String()
}
