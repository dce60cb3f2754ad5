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
	drawn := e.draw()
	if err := e.compare(ctx, drawn); err != nil {
		return err
	}
	for _, d := range drawn {
		s, err := e.sample(ctx, d)
		if err != nil {
			return err
		}
		l.samples = append(l.samples, s)
	}
	if err := e.drop(ctx, "link_sample", "link_compared"); err != nil {
		return err
	}
	random, last := l.samples[0], len(l.samples)-1
	random.random, random.match, random.household = true, 1e-4, 1e-4
	l.kinship = newKinship(e.model, l.samples[last], random)
	l.samples = l.samples[:last]
	l.learn()
	for range 200 {
		if l.kinship.shares(e.model, nil) < 1e-6 {
			break
		}
	}
	return nil
}

// drawing is a sample to be taken: what selects its pairs, how many pairs each one
// stands for, and the fields that are not shown to the learner.
type drawing struct {
	number int
	pairs  string
	scale  float64
	hidden []int
}

// draw says what to learn from: pairs at random first, then each rule's pairs that
// teach something, and last pairs of all rules with nothing hidden.
func (e *engine) draw() []drawing {
	all := []drawing{{pairs: e.randomSQL(), scale: max(float64(e.n)*float64(e.n-1)/2/randomPairs, 1)}}
	candidates := 0
	for _, b := range e.blocked {
		candidates += b.pairs
		e.model.Rules = append(e.model.Rules, b.report(e))
		hidden := e.hidden(b.fields)
		if b.pairs == 0 || !e.teaches(hidden) {
			continue
		}
		every := max(b.pairs/rulePairs, 1)
		all = append(all, drawing{scale: float64(every), hidden: hidden,
			pairs: fmt.Sprintf("select a, b from link_candidate where rule = %d and hash(a, b) %% %d = 0", b.number, every)})
	}
	every := max(candidates/priorPairs, 1)
	all = append(all, drawing{scale: float64(every), pairs: fmt.Sprintf("select distinct a, b from link_candidate where hash(a) %% %d = 0", every)})
	for i := range all {
		all[i].number = i
	}
	return all
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

// compare makes link_compared (sample, g<k>, t<k>): the outcomes of all samples'
// pairs, each pair compared once whatever the number of samples it is in.
func (e *engine) compare(ctx context.Context, drawn []drawing) error {
	outcomes := list(e.plan.comparisons, func(k int, _ comparison) string {
		return fmt.Sprintf("g%d, (2 * round(greatest(least(t%d, 20), -20) / 2))::tinyint as t%d", k, k, k)
	}, ", ")
	for _, sql := range []string{
		"create or replace temp table link_sample as " + list(drawn, func(_ int, d drawing) string {
			return fmt.Sprintf("select %d::utinyint as sample, a, b from (%s)", d.number, d.pairs)
		}, " union all "),
		"create or replace temp table link_compared as select sample, " + outcomes +
			" from (" + e.plan.query("select distinct a, b from link_sample") + ") join link_sample using (a, b)",
	} {
		if err := e.exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// sample counts the outcomes of a drawing.
func (e *engine) sample(ctx context.Context, d drawing) (*sample, error) {
	s := &sample{hidden: make([]bool, len(e.plan.comparisons)), match: 0.1, household: 0.1, scale: d.scale}
	for k, c := range e.plan.comparisons {
		s.hidden[k] = c.column >= 0 && slices.Contains(d.hidden, c.column) ||
			c.aspect == "order" && (slices.Contains(d.hidden, e.plan.given) || slices.Contains(d.hidden, e.plan.family))
	}
	columns := list(e.plan.comparisons, func(k int, _ comparison) string {
		if s.hidden[k] {
			return fmt.Sprintf("0::utinyint as g%d, 0::tinyint as t%d", k, k)
		}
		return fmt.Sprintf("g%d, t%d", k, k)
	}, ", ")
	rows, err := e.conn.QueryContext(ctx, fmt.Sprintf("select %s, count(*) from link_compared where sample = %d group by all order by all", columns, d.number))
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
