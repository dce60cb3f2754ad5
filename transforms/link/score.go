package link

import (
	"context"
	"fmt"
	"math"
	"strings"
)

// keep is the least weight, in bits, of a pair worth remembering: far below what
// merges, for pairs against also count when clusters meet.
const keep = -10

// chunk is how many candidate pairs are scored at a time.
const chunk = 1_000_000

// score weighs every candidate pair into link_pair (a, b, weight, pull, conflict).
func (e *engine) score(ctx context.Context) error {
	if err := e.exec(ctx, e.create("pair")+" (a integer, b integer, weight double, pull double, conflict boolean)"); err != nil {
		return err
	}
	total := 0
	for _, b := range e.blocked {
		total += b.pairs
	}
	parts := total/chunk + 1
	for part := range parts {
		pairs := fmt.Sprintf("select distinct a, b from link_candidate where a >= %d and a < %d", e.bound(part, parts), e.bound(part+1, parts))
		if err := e.weighIn(ctx, pairs); err != nil {
			return err
		}
	}
	return nil
}

// weighIn weighs pairs (a, b) and adds those worth remembering.
func (e *engine) weighIn(ctx context.Context, pairs string) error {
	query := "select a, b, weight, pull, conflict from (" + e.weighed(pairs) + fmt.Sprintf(") where weight >= %d", keep)
	if !e.kept {
		return e.exec(ctx, "insert into link_pair "+query)
	}
	if err := e.exec(ctx, "create or replace temp table link_weighed as "+query); err != nil {
		return err
	}
	return e.keepSome(ctx, "linkage_pair", "link_weighed", "* from link_weighed")
}

// bound is where the part-th of equal parts of the candidate pairs begins: a pair's
// first record is more often among the first ones.
func (e *engine) bound(part, parts int) int {
	return int(float64(e.n) * (1 - math.Sqrt(1-float64(part)/float64(parts))))
}

// weighed selects (a, b, weight, pull, conflict, g<k>, t<k>, b<k>) for pairs, b<k>
// what comparison k says in bits. The pull is
// what the pair counts for when clusters meet: its weight, but against no more than
// by what contradicts in it. The prior, by which any two records are thought
// strangers, isn't evidence against two that say little.
func (e *engine) weighed(pairs string) string {
	m := e.model
	t := m.tables()
	var bits, household []string
	for k := range e.plan.comparisons {
		bits = append(bits, fmt.Sprintf("%s + t%d as b%d", lookup(k, t.match[k]), k, k))
		shift := ""
		if t.shifted[k] {
			shift = fmt.Sprintf(" + t%d", k)
		}
		household = append(household, lookup(k, t.household[k])+shift)
	}
	prior := number6(math.Log2(m.Match / (1 - m.Match - m.Relatives)))
	each := func(format string) string {
		return list(bits, func(k int, _ string) string { return fmt.Sprintf(format, k) }, " + ")
	}
	weight := "m"
	if m.Household {
		weight = fmt.Sprintf("m - log2(1 + %s * pow(2, least(h, 500)))", number6(m.Relatives/(1-m.Match-m.Relatives)))
	}
	for _, d := range e.doubts() {
		weight += fmt.Sprintf(" - case when %s then %d else 0 end", d.sql, d.bits)
	}
	steps := []string{
		e.plan.query(pairs),
		"select *, " + strings.Join(append(bits, strings.Join(household, " + ")+" as h"), ", "),
		"select *, " + prior + " + " + each("b%d") + " as m, " + each("least(b%d, 0)") + " as against",
		"select *, " + weight + " as weight, " + e.plan.anyConflict() + " as conflict",
		"select *, case when weight < 0 then greatest(weight, against + weight - m) else weight end as pull",
	}
	sql := steps[0]
	for _, s := range steps[1:] {
		sql = s + " from (" + sql + ")"
	}
	return sql
}

// lookup is what comparison k's level says, in bits by level, in SQL.
func lookup(k int, bits []float64) string {
	cases := list(bits, func(i int, b float64) string { return fmt.Sprintf("when %d then %s", i+1, number6(b)) }, " ")
	return fmt.Sprintf("case g%d %s else 0.0::double end", k, cases)
}

func number6(f float64) string { return fmt.Sprintf("%.9g::double", f) }
