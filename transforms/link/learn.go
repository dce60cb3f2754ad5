package link

import (
	"context"
	"fmt"
	"slices"
)

// How many pairs are looked at to learn from.
const (
	randomPairs = 150_000 // to see what strangers share
	rulePairs   = 8_000   // of each blocking rule, to see what one person's records share
	priorPairs  = 100_000 // of all rules, to see how many matches there are
)

// learn estimates the model: u from pairs taken at random, m by EM over samples of
// each blocking rule's pairs, then the share of matches among all pairs.
func (e *engine) learn(ctx context.Context) error {
	if e.n < 2 {
		return nil
	}
	l := &learner{comparisons: e.plan.comparisons, model: e.model}
	random, err := e.sample(ctx, e.randomSQL(), nil)
	if err != nil {
		return err
	}
	random.random, random.match, random.household = true, 1e-4, 1e-4
	random.scale = max(float64(e.n)*float64(e.n-1)/2/randomPairs, 1)
	l.samples = []*sample{random}
	for _, b := range e.blocked {
		e.model.Rules = append(e.model.Rules, b.report(e))
		hidden := e.hidden(b.fields)
		if b.pairs == 0 || !e.teaches(hidden) {
			continue
		}
		every := max(b.pairs/rulePairs, 1)
		s, err := e.sample(ctx, fmt.Sprintf("select a, b from link_candidate where rule = %d and hash(a, b) %% %d = 0", b.number, every), hidden)
		if err != nil {
			return err
		}
		s.scale = float64(every)
		l.samples = append(l.samples, s)
	}
	all, err := e.sampleAll(ctx)
	if err != nil {
		return err
	}
	l.kinship = newKinship(e.model, all, random)
	l.learn()
	for range 200 {
		if l.kinship.shares(e.model, nil) < 1e-6 {
			break
		}
	}
	return nil
}

// hidden are the fields that a rule's pairs say nothing about: those of its key, and
// those that go with a name in it. Namesakes are of one country and one sex whoever
// they are; that they are would look like a match's doing.
func (e *engine) hidden(key []int) []int {
	all := slices.Clone(key)
	for _, f := range key {
		all = append(all, e.along[f]...)
	}
	return all
}

// teaches: two comparisons at least must stay visible for a rule's pairs to tell
// matches from others.
func (e *engine) teaches(hidden []int) bool {
	seen := 0
	for i := range e.fields {
		if !slices.Contains(hidden, i) {
			seen++
		}
	}
	return seen >= 2
}

// randomSQL takes pairs at random, all of them when there are few.
func (e *engine) randomSQL() string {
	if e.n*(e.n-1)/2 <= randomPairs {
		return "select l.n as a, r.n as b from link_record l join link_record r on l.n < r.n"
	}
	return fmt.Sprintf(`select distinct least(a, b) as a, greatest(a, b) as b from (
		select (hash(i) %% %[1]d)::integer as a, (hash(i + %[2]d) %% %[1]d)::integer as b from range(%[2]d) t(i)) where a <> b`, e.n, randomPairs)
}

// sample compares pairs and counts the outcomes. Fields in hidden are not shown to
// the learner.
func (e *engine) sample(ctx context.Context, pairs string, hidden []int) (*sample, error) {
	s := &sample{hidden: make([]bool, len(e.plan.comparisons)), match: 0.1, household: 0.1}
	for k, c := range e.plan.comparisons {
		s.hidden[k] = c.column >= 0 && slices.Contains(hidden, c.column) ||
			c.aspect == "order" && (slices.Contains(hidden, e.plan.given) || slices.Contains(hidden, e.plan.family))
	}
	columns := list(e.plan.comparisons, func(k int, _ comparison) string {
		if s.hidden[k] {
			return fmt.Sprintf("0::utinyint as g%d, 0::tinyint as t%d", k, k)
		}
		return fmt.Sprintf("g%d, (2 * round(greatest(least(t%d, 20), -20) / 2))::tinyint as t%d", k, k, k)
	}, ", ")
	rows, err := e.conn.QueryContext(ctx, "select "+columns+", count(*) from ("+e.plan.query(pairs)+") group by all order by all")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	width := len(e.plan.comparisons)
	values := make([]int64, 2*width+1)
	dest := make([]any, len(values))
	for i := range values {
		dest[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		p := pattern{levels: make([]uint8, width), shift: make([]float64, width), n: float64(values[2*width])}
		for k := range width {
			p.levels[k], p.shift[k] = uint8(values[2*k]), float64(values[2*k+1])
		}
		s.patterns = append(s.patterns, p)
	}
	return s, rows.Err()
}

// sampleAll compares pairs of all rules with nothing hidden.
func (e *engine) sampleAll(ctx context.Context) (*sample, error) {
	candidates := 0
	for _, b := range e.blocked {
		candidates += b.pairs
	}
	every := max(candidates/priorPairs, 1)
	s, err := e.sample(ctx, fmt.Sprintf("select distinct a, b from link_candidate where hash(a) %% %d = 0", every), nil)
	if err != nil {
		return nil, err
	}
	s.scale = float64(every)
	return s, nil
}
