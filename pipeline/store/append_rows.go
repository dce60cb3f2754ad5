//go:build !duckdb_arrow

package store

import (
	"context"
	"database/sql/driver"
	"iter"
)

func (d *DB) appendBatches(ctx context.Context, table string, columns []string, rows iter.Seq[[]driver.Value]) (int, error) {
	return d.appendVectors(ctx, table, columns, rows)
}
