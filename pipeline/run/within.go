package run

import (
	"context"

	"cp3/pipeline/store"
)

// within does the work of a night in a transaction. Not all that DuckDB does can be
// spilled: should its share not do, it does the work again with all the memory that
// was said, as a night a little too large is better than none.
func (r *runner) within(ctx context.Context, work func() error) error {
	err := r.db.Tx(ctx, work)
	all := r.Config.Resources.share(100)
	if !store.OutOfMemory(err) || all == "" {
		return err
	}
	r.Log.Warn("the database's share of resources.memory is too small: working again with all of it", "error", err)
	if err := r.db.Exec(ctx, "set memory_limit = "+store.Quote(all)); err != nil {
		return err
	}
	return r.db.Tx(ctx, work)
}
