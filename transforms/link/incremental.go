package link

import (
	"context"
	"fmt"
)

// A night's new records are compared with those there before them, by the model
// that the reference taught; no other pair is weighed. What makes a night equal to
// a run from scratch is that whether two records are compared, and what they weigh,
// depends on the reference and on the records that came before the later of the two,
// never on those after: the ledger's order numbers them, and a place in a large block
// is counted by those of the reference that stand before it.
// Clusters are made anew from all weights each time.

// runKept links the mentions that stand of a relation, of so many at most, with what
// earlier runs kept, and keeps what this one adds. Beside the spec's columns it has late, whether a mention
// came after the reference, its seq in the ledger, and stands.
func (e *engine) runKept(ctx context.Context, end int, from string, most int, decisions []Decision) (*Result, error) {
	e.stage("load")
	raw, err := e.load(ctx, relation{from, "late, case when late then seq end, ", "late", "stands", most})
	if err != nil {
		return nil, err
	}
	e.stage("prepare")
	e.prepare(raw)
	e.stand(raw)
	digests := raw.digests // the rest of it isn't needed any more
	state, known, err := e.resume(ctx, end, digests)
	if err != nil {
		return nil, err
	}
	if known {
		e.frequencies()
	} else if state, err = e.begin(ctx, end); err != nil {
		return nil, err
	}
	e.stage("add")
	if err := e.add(ctx, state, digests); err != nil {
		return nil, fmt.Errorf("add: %w", err)
	}
	e.stage("cluster")
	e.toStanding()
	return e.cluster(ctx, decisions)
}

// begin learns the model from the reference, and weighs its pairs.
func (e *engine) begin(ctx context.Context, end int) (learned, error) {
	if err := e.learnModel(ctx); err != nil {
		return learned{}, err
	}
	return e.remember(ctx, end)
}

// add weighs the pairs of the later records that aren't kept yet, each with those
// before it, and keeps what it finds.
func (e *engine) add(ctx context.Context, state learned, digests []uint64) error {
	first := max(state.Mentions, e.records.learned)
	if first < e.records.n {
		b := e.newBlocker(first, e.records.n, state.Window)
		for _, r := range e.blocked {
			if err := ctx.Err(); err != nil {
				return err
			}
			b.gather(r.rule)
			b.propose(uint8(r.number), r.rule)
		}
		b.sort(func(int, uint64) {})
		added, err := e.score(ctx, b.proposals)
		if err != nil {
			return err
		}
		e.pairs = append(e.pairs, added...)
	}
	return e.keepNew(ctx, state, digests)
}

// toStanding brings the pairs to the numbers of the records that stand.
func (e *engine) toStanding() {
	number := make([]int32, e.records.n)
	for i := range number {
		number[i] = -1
	}
	for i, n := range e.rows {
		number[n] = int32(i)
	}
	standing := e.pairs[:0]
	for _, p := range e.pairs {
		a, b := number[p.a], number[p.b]
		if a >= 0 && b >= 0 {
			p.a, p.b = min(a, b), max(a, b)
			standing = append(standing, p)
		}
	}
	e.arrange(standing)
}
