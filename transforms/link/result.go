package link

import (
	"context"
	"fmt"
	"iter"
	"math"
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

// Numbers are those of the records' clusters, which count from 0 in the order of their
// first records.
func (r *Result) Numbers() []int32 {
	of, next := make([]int32, len(r.person)), int32(0)
	for i, first := range r.person {
		if int(first) == i {
			of[i] = next
			next++
		} else {
			of[i] = of[first]
		}
	}
	return of
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
	var pairs [][2]int32
	for _, p := range r.engine.pairs {
		if p.weight >= min {
			pairs = append(pairs, [2]int32{p.a, p.b})
		}
	}
	return r.explain(ctx, pairs)
}

// Uncertain gives the pairs a human should look at, ordered by id: those that the
// model leaves near even, and those it finds likely though the clustering kept them
// apart; impossible ones are no question.
func (r *Result) Uncertain(ctx context.Context) iter.Seq2[Pair, error] {
	var pairs [][2]int32
	for _, p := range r.engine.pairs {
		if r.uncertain(p) {
			pairs = append(pairs, [2]int32{p.a, p.b})
		}
	}
	return r.explain(ctx, pairs)
}

// CountUncertain counts the pairs that Uncertain gives, none explained.
func (r *Result) CountUncertain() (n int) {
	for _, p := range r.engine.pairs {
		if r.uncertain(p) {
			n++
		}
	}
	return n
}

func (r *Result) uncertain(p weighed) bool {
	return p.weight >= -Band && !p.conflict && !(p.weight > Band && r.person[p.a] == r.person[p.b])
}

// Explain weighs one pair, compared before or not.
func (r *Result) Explain(a, b string) (Pair, error) {
	must, _ := r.engine.decided([]Decision{{A: a, B: b, Same: true}})
	if len(must) != 1 {
		return Pair{}, fmt.Errorf("explain: no two records %q and %q", a, b)
	}
	return r.explainer().pair(must[0][0], must[0][1]), nil
}

// explain weighs pairs again, this time keeping what each comparison said.
func (r *Result) explain(ctx context.Context, pairs [][2]int32) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		x := r.explainer()
		for _, p := range pairs {
			if err := ctx.Err(); err != nil {
				yield(Pair{}, fmt.Errorf("pairs: %w", err))
				return
			}
			if !yield(x.pair(p[0], p[1]), nil) {
				return
			}
		}
	}
}

// explainer says why pairs weigh what they do.
type explainer struct {
	*weigher
	result *Result
}

func (r *Result) explainer() *explainer {
	return &explainer{r.engine.newWeigher().take(r.engine.model), r}
}

func (x *explainer) pair(a, b int32) Pair {
	r := x.result
	x.weigh(x.rows[a], x.rows[b])
	p := Pair{A: r.IDs[a], B: r.IDs[b], Weight: x.weight, Probability: Probability(x.weight), Same: r.person[a] == r.person[b]}
	p.Evidence = x.evidence()
	for _, c := range x.refused {
		if c.holds(&x.outcome) {
			p.Conflicts = append(p.Conflicts, Conflict{c.reason, c.column})
		}
	}
	return p
}

// evidence lays out the pair's waterfall: the prior, each comparison, the doubts,
// then what the chance of a mere household takes away.
func (x *explainer) evidence() []Evidence {
	bars := []Evidence{{Aspect: "prior", Bits: x.prior}}
	for k, level := range x.levels {
		if level == 0 {
			continue
		}
		f, bits := &x.model.Fields[k], x.bits[k]
		if f.Aspect == "order" && level == 1 {
			bars[0].Bits += bits // next to nothing: names in their usual order
			continue
		}
		bars = append(bars, Evidence{f.Column, f.Kind, f.Aspect, f.Levels[level-1].Name, bits})
	}
	for _, d := range x.doubted {
		if d.holds(&x.outcome) {
			bars = append(bars, Evidence{Aspect: d.name, Bits: -float64(d.bits)})
		}
	}
	rest := x.weight
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
