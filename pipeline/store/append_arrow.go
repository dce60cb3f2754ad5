//go:build duckdb_arrow

package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory/mallocator"
	"github.com/duckdb/duckdb-go/v2"
)

// recordRows is how many rows make one Arrow record: eight of DuckDB's chunks.
const recordRows = 16_384

// arrowTypes are the Arrow types of the columns that cross as such.
var arrowTypes = map[string]arrow.DataType{
	"VARCHAR": arrow.BinaryTypes.String, "INTEGER": arrow.PrimitiveTypes.Int32, "BIGINT": arrow.PrimitiveTypes.Int64,
	"DOUBLE": arrow.PrimitiveTypes.Float64, "BOOLEAN": arrow.FixedWidthTypes.Boolean, "DATE": arrow.FixedWidthTypes.Date32,
	"TIMESTAMP": &arrow.TimestampType{Unit: arrow.Microsecond}, "VARCHAR[]": arrow.ListOf(arrow.BinaryTypes.String),
}

// appendBatches has DuckDB pull Arrow records of the rows as if they were a table.
func (d *DB) appendBatches(ctx context.Context, table string, columns []string, rows iter.Seq[[]driver.Value]) (int, error) {
	schema, ok, err := d.arrowSchema(ctx, table, columns)
	if err != nil {
		return 0, err
	}
	if !ok {
		return d.appendVectors(ctx, table, columns, rows)
	}
	r := newRecords(ctx, schema, rows)
	defer r.close()
	// DuckDB 1.5.6 loses what is inserted into a table after a select of no rows was,
	// in a transaction that has put hundreds of thousands there.
	if !r.some() {
		return r.rows, r.failed
	}
	var release func()
	err = d.conn.Raw(func(c any) error {
		a, err := duckdb.NewArrowFromConn(c.(driver.Conn))
		if err == nil {
			release, err = a.RegisterView(r, "cp3_records")
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	defer release()
	err = d.Exec(ctx, "insert into "+target(table, columns)+" select * from cp3_records")
	r.close()
	if r.failed != nil && (ctx.Err() != nil || !errors.Is(r.failed, context.Canceled)) {
		err = r.failed // DuckDB's words for it say less
	}
	return r.rows, errors.Join(err, d.Exec(context.WithoutCancel(ctx), "drop view if exists cp3_records"))
}

// arrowSchema is what the columns of a table are in Arrow; ok is false when one of
// them has no type of arrowTypes.
func (d *DB) arrowSchema(ctx context.Context, table string, columns []string) (_ *arrow.Schema, ok bool, err error) {
	what := "*"
	if len(columns) > 0 {
		names := make([]string, len(columns))
		for i, c := range columns {
			names[i] = Ident(c)
		}
		what = strings.Join(names, ", ")
	}
	empty, err := d.conn.QueryContext(ctx, "select "+what+" from "+Ident(table)+" limit 0")
	if err != nil {
		return nil, false, err
	}
	defer empty.Close()
	types, err := empty.ColumnTypes()
	if err != nil {
		return nil, false, err
	}
	var fields []arrow.Field
	for _, t := range types {
		typ := arrowTypes[t.DatabaseTypeName()]
		if typ == nil {
			return nil, false, nil
		}
		fields = append(fields, arrow.Field{Name: t.Name(), Type: typ, Nullable: true})
	}
	return arrow.NewSchema(fields, nil), true, nil
}

// records are rows as a stream of Arrow records, in memory of C's: DuckDB reads it
// while Go's may move. They are made by a goroutine of their own while DuckDB takes
// the one before. (An iterator can't be pulled from DuckDB's threads.)
type records struct {
	ctx    context.Context
	cancel context.CancelFunc
	schema *arrow.Schema
	made   chan arrow.RecordBatch
	record arrow.RecordBatch
	first  arrow.RecordBatch // made, and not given yet
	// Of the goroutine until made is closed.
	rows   int
	failed error
}

func newRecords(ctx context.Context, schema *arrow.Schema, rows iter.Seq[[]driver.Value]) *records {
	ctx, cancel := context.WithCancel(ctx)
	r := &records{ctx: ctx, cancel: cancel, schema: schema, made: make(chan arrow.RecordBatch, 1)}
	go func() {
		defer close(r.made)
		r.failed = r.make(rows)
	}()
	return r
}

func (r *records) Retain()                        {}
func (r *records) Release()                       {}
func (r *records) Schema() *arrow.Schema          { return r.schema }
func (r *records) RecordBatch() arrow.RecordBatch { return r.record }
func (r *records) Record() arrow.RecordBatch      { return r.record }

// some reports whether there is a record at all.
func (r *records) some() bool {
	r.first = <-r.made
	return r.first != nil
}

// Next gives the next record. DuckDB asks Err after the last.
func (r *records) Next() bool {
	r.let(r.record)
	if r.first != nil {
		r.record, r.first = r.first, nil
		return true
	}
	r.record = <-r.made
	return r.record != nil
}

// Err is why there is no other record; asked once made is closed.
func (r *records) Err() error {
	if r.record != nil {
		return nil
	}
	return r.failed
}

func (r *records) let(record arrow.RecordBatch) {
	if record != nil {
		record.Release()
	}
}

// close waits for the goroutine to end and lets go of what nobody took.
func (r *records) close() {
	r.cancel()
	for record := range r.made {
		r.let(record)
	}
	r.let(r.record)
	r.let(r.first)
	r.record, r.first = nil, nil
}

// make makes the records of all rows.
func (r *records) make(rows iter.Seq[[]driver.Value]) error {
	b := array.NewRecordBuilder(mallocator.NewMallocator(), r.schema)
	defer b.Release()
	n := 0
	for row := range rows {
		if err := r.add(b, row); err != nil {
			return err
		}
		if n++; n%recordRows == 0 {
			if err := r.hand(b.NewRecordBatch()); err != nil {
				return err
			}
		}
		r.rows = n
	}
	if n%recordRows == 0 {
		return nil
	}
	return r.hand(b.NewRecordBatch())
}

func (r *records) hand(record arrow.RecordBatch) error {
	select {
	case r.made <- record:
		return nil
	case <-r.ctx.Done():
		record.Release()
		return r.ctx.Err()
	}
}

func (r *records) add(b *array.RecordBuilder, row []driver.Value) error {
	if len(row) != r.schema.NumFields() {
		return fmt.Errorf("a row of %d values for %d columns", len(row), r.schema.NumFields())
	}
	for i, v := range row {
		if err := put(b.Field(i), v); err != nil {
			return fmt.Errorf("column %s: %w", r.schema.Field(i).Name, err)
		}
	}
	return nil
}

// put adds a value to a column.
func put(column array.Builder, value driver.Value) error {
	switch v := value.(type) {
	case nil:
		column.AppendNull()
		return nil
	case string:
		if b, ok := column.(*array.StringBuilder); ok {
			b.Append(strings.ToValidUTF8(v, "\uFFFD"))
			return nil
		}
	case *string:
		if v == nil {
			column.AppendNull()
			return nil
		}
		return put(column, *v)
	case bool:
		if b, ok := column.(*array.BooleanBuilder); ok {
			b.Append(v)
			return nil
		}
	case float64:
		if b, ok := column.(*array.Float64Builder); ok {
			b.Append(v)
			return nil
		}
	case int32:
		return putInteger(column, int64(v))
	case int64:
		return putInteger(column, v)
	case int:
		return putInteger(column, int64(v))
	case time.Time:
		switch b := column.(type) {
		case *array.Date32Builder:
			b.Append(arrow.Date32FromTime(v))
			return nil
		case *array.TimestampBuilder:
			b.Append(arrow.Timestamp(v.UnixMicro()))
			return nil
		}
	case []string:
		if b, ok := column.(*array.ListBuilder); ok {
			b.Append(true)
			for _, s := range v {
				b.ValueBuilder().(*array.StringBuilder).Append(s)
			}
			return nil
		}
	}
	return fmt.Errorf("%T can't be a %s", value, column.Type())
}

func putInteger(column array.Builder, v int64) error {
	switch b := column.(type) {
	case *array.Int32Builder:
		if int64(int32(v)) != v {
			return fmt.Errorf("%d is out of range", v)
		}
		b.Append(int32(v))
	case *array.Int64Builder:
		b.Append(v)
	case *array.Float64Builder:
		b.Append(float64(v))
	default:
		return fmt.Errorf("an integer can't be a %s", column.Type())
	}
	return nil
}
