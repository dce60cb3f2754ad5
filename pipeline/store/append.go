package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"

	"github.com/duckdb/duckdb-go/v2"
)

// Append adds rows to a table in batches, in the transaction under way. Each row
// has one value per column of the table, in its order, or of columns when given;
// nil is NULL. It returns the number of rows.
//
// Built with the tag duckdb_arrow, which go-duckdb asks for, batches cross as Arrow
// records (append_arrow.go); without it, through DuckDB's own appender. Both give
// the same tables; docs/performance.md has what each costs.
func (d *DB) Append(ctx context.Context, table string, columns []string, rows iter.Seq[[]driver.Value]) (int, error) {
	n, err := d.appendBatches(ctx, table, columns, rows)
	if err != nil {
		return n, fmt.Errorf("append to %s: %w", table, err)
	}
	return n, nil
}

// appendByRow is the way of the appender: value by value into DuckDB's own chunks.
func (d *DB) appendByRow(ctx context.Context, table string, columns []string, rows iter.Seq[[]driver.Value]) (n int, err error) {
	err = d.conn.Raw(func(c any) error {
		var a *duckdb.Appender
		var err error
		if len(columns) > 0 {
			a, err = duckdb.NewAppenderWithColumns(c.(driver.Conn), "", "", table, columns)
		} else {
			a, err = duckdb.NewAppender(c.(driver.Conn), "", "", table)
		}
		if err != nil {
			return err
		}
		for row := range rows {
			if err := a.AppendRow(row...); err != nil {
				return errors.Join(err, a.Close())
			}
			if n++; n%8192 == 0 && ctx.Err() != nil {
				return errors.Join(ctx.Err(), a.Close())
			}
		}
		return a.Close()
	})
	return n, err
}
