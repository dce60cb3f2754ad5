package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// Append adds rows to a table in batches, in the transaction under way. Each row
// has one value per column of the table, in its order, or of columns when given;
// nil is NULL. A text may be given as *string, which spares boxing it. A row may be
// made in the same memory as the one before. It returns the number of rows.
//
// Rows become vectors as DuckDB has them (chunk.go), which a thread of its own puts
// into the table while the next are made (feed.go). Tables with columns of other types,
// and a driver that no longer lets its connection be seen, go by the driver's
// appender, value by value. Built with the tag duckdb_arrow, which go-duckdb asks
// for, rows cross as Arrow records (append_arrow.go). All give the same tables;
// docs/performance.md has what each costs.
func (d *DB) Append(ctx context.Context, table string, columns []string, rows iter.Seq[[]driver.Value]) (int, error) {
	n, err := d.appendBatches(ctx, table, columns, rows)
	if err != nil {
		return n, fmt.Errorf("append to %s: %w", table, err)
	}
	return n, nil
}

// appendVectors is the way of vectors, or of the driver's appender.
func (d *DB) appendVectors(ctx context.Context, table string, columns []string, rows iter.Seq[[]driver.Value]) (n int, err error) {
	err = d.conn.Raw(func(c any) error {
		var err error
		n, err = d.appendChunks(ctx, c, table, columns, rows)
		if errors.Is(err, errByRow) {
			n, err = appendByRow(ctx, c, table, columns, rows)
		}
		return err
	})
	return n, err
}

// errByRow says, before any row was asked for, that vectors can't be made.
var errByRow = errors.New("not in chunks")

// appendByRow is the way of the driver's appender.
func appendByRow(ctx context.Context, c any, table string, columns []string, rows iter.Seq[[]driver.Value]) (n int, err error) {
	var a *duckdb.Appender
	if len(columns) > 0 {
		a, err = duckdb.NewAppenderWithColumns(c.(driver.Conn), "", "", table, columns)
	} else {
		a, err = duckdb.NewAppender(c.(driver.Conn), "", "", table)
	}
	if err != nil {
		return 0, err
	}
	for row := range rows {
		for i, v := range row {
			if s, ok := v.(*string); ok {
				row[i] = nil
				if s != nil {
					row[i] = *s
				}
			}
		}
		if err := a.AppendRow(row...); err != nil {
			return n, errors.Join(err, a.Close())
		}
		if n++; n%8192 == 0 && ctx.Err() != nil {
			return n, errors.Join(ctx.Err(), a.Close())
		}
	}
	return n, a.Close()
}

// appendChunks is the way of vectors.
func (d *DB) appendChunks(ctx context.Context, c any, table string, columns []string, rows iter.Seq[[]driver.Value]) (int, error) {
	a, err := openAppender(c, table, columns)
	if err != nil {
		return 0, err
	}
	defer a.close()
	defer func() { d.feed = nil }()
	n, fed, err := a.fill(ctx, rows, func() (*feed, error) { return d.newFeed(a, table, columns) })
	if fed {
		return n, err
	}
	if err == nil && mapping.AppenderFlush(a.appender) == mapping.StateError {
		err = a.failure()
	}
	if err != nil {
		mapping.AppenderClear(a.appender) // or closing would append what is there
	}
	return n, err
}

// appender is DuckDB's own, fed with chunks.
type appender struct {
	conn     mapping.Connection
	appender mapping.Appender
	types    []mapping.LogicalType
	kinds    []mapping.Type
}

// openAppender opens one for a table; errByRow when it is none for chunks.
func openAppender(c any, table string, columns []string) (*appender, error) {
	conn, ok := connection(c)
	if !ok {
		return nil, errByRow
	}
	a := &appender{conn: conn}
	if mapping.AppenderCreateExt(conn, "", "", table, &a.appender) == mapping.StateError {
		err := a.failure()
		a.close()
		return nil, err
	}
	for _, name := range columns {
		if mapping.AppenderAddColumn(a.appender, name) == mapping.StateError {
			err := a.failure()
			a.close()
			return nil, err
		}
	}
	for i := range mapping.AppenderColumnCount(a.appender) {
		t := mapping.AppenderColumnType(a.appender, i)
		a.types = append(a.types, t)
		kind := mapping.GetTypeId(t)
		if !chunked(kind, t) {
			a.close()
			return nil, errByRow
		}
		a.kinds = append(a.kinds, kind)
	}
	return a, nil
}

func (a *appender) close() {
	for i := range a.types {
		mapping.DestroyLogicalType(&a.types[i])
	}
	mapping.AppenderDestroy(&a.appender)
}

func (a *appender) failure() error {
	data := mapping.AppenderErrorData(a.appender)
	defer mapping.DestroyErrorData(&data)
	return failure(mapping.ErrorDataMessage(data))
}

// fill appends the rows, chunk after chunk: those of one chunk by the appender, which
// needs no statement, more than that by a feed.
func (a *appender) fill(ctx context.Context, rows iter.Seq[[]driver.Value], open func() (*feed, error)) (n int, fed bool, err error) {
	c := a.newChunk()
	var f *feed
	defer func() {
		if f == nil {
			c.close()
		}
	}()
	for row := range rows {
		if c.full() {
			if f == nil {
				if f, err = open(); err != nil {
					return n, true, err
				}
				f.chunks = append(f.chunks, c)
				defer f.close()
			}
			if c, err = f.take(ctx, c); err != nil {
				return n, true, err
			}
		}
		if err := c.add(row); err != nil {
			return n, f != nil, err
		}
		n++
	}
	if err := ctx.Err(); err != nil {
		return n, f != nil, err
	}
	if f != nil {
		return n, true, f.finish(c)
	}
	return n, false, a.take(c)
}

// take gives a chunk's rows to DuckDB, which copies them.
func (a *appender) take(c *chunk) error {
	c.seal()
	if mapping.AppendDataChunk(a.appender, c.chunk) == mapping.StateError {
		return a.failure()
	}
	return nil
}
