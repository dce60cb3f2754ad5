package store

import (
	"context"
	"errors"
	"fmt"
	"unsafe"

	"cp3/pipeline"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// Fetch runs a query and visits its rows where they lie in DuckDB's vectors: the
// driver's own rows box each value, which costs more than most that is done with it.
// Columns are VARCHAR, INTEGER, BIGINT, UBIGINT, DOUBLE or BOOLEAN. All of the result
// is in memory at once: what is large is asked for in parts.
//
// A driver that no longer lets its connection be seen gives the same rows, slower.
func (d *DB) Fetch(ctx context.Context, query string, visit func(pipeline.QueryRow) error) error {
	return d.FetchMany(ctx, query, func(rows []pipeline.QueryRow) error {
		for _, row := range rows {
			if err := visit(row); err != nil {
				return err
			}
		}
		return nil
	})
}

// FetchMany is Fetch by some thousand rows, which several goroutines may look into.
func (d *DB) FetchMany(ctx context.Context, query string, visit func([]pipeline.QueryRow) error) error {
	err := d.byVectors(ctx, query, func(r mapping.Result) error { return fetchChunks(ctx, r, visit) })
	if errors.Is(err, errByRow) {
		return d.fetchRows(ctx, query, visit)
	}
	return err
}

// byVectors runs a query and has its result taken in DuckDB's own vectors; errByRow where
// the driver no longer lets its connection be seen.
func (d *DB) byVectors(ctx context.Context, query string, take func(mapping.Result) error) error {
	return d.conn.Raw(func(c any) error {
		conn, ok := connection(c)
		if !ok {
			return errByRow
		}
		return execute(ctx, conn, query, take)
	})
}

// row is a row under visit.
type row struct {
	columns []vector
	values  []any // when the driver gave them
	i       int
}

func (r *row) Text(c int) (string, bool) {
	if r.values != nil {
		s, ok := r.values[c].(string)
		return s, ok
	}
	v := &r.columns[c]
	if v.isNull(r.i) {
		return "", false
	}
	return v.textAt(r.i), true
}

func (r *row) Int(c int) int64 {
	if r.values != nil {
		return wholeOf(r.values[c])
	}
	v := &r.columns[c]
	switch {
	case v.isNull(r.i):
		return 0
	case v.kind == mapping.TypeInteger:
		return int64(get[int32](v.data, r.i))
	}
	return get[int64](v.data, r.i)
}

func (r *row) Float(c int) float64 {
	if r.values != nil {
		f, _ := r.values[c].(float64)
		return f
	}
	if v := &r.columns[c]; !v.isNull(r.i) {
		return get[float64](v.data, r.i)
	}
	return 0
}

func (r *row) Bool(c int) bool {
	if r.values != nil {
		b, _ := r.values[c].(bool)
		return b
	}
	v := &r.columns[c]
	return !v.isNull(r.i) && get[bool](v.data, r.i)
}

func wholeOf(value any) int64 {
	switch n := value.(type) {
	case int32:
		return int64(n)
	case int64:
		return n
	case uint64:
		return int64(n)
	}
	return 0
}

func (v *vector) isNull(i int) bool {
	return v.valid != nil && *(*uint64)(unsafe.Add(v.valid, i/64*8))>>(i%64)&1 == 0
}

// textAt is a text where it lies in a VARCHAR vector, valid as long as that.
func (v *vector) textAt(i int) string {
	t := (*varchar)(unsafe.Add(v.data, i*int(unsafe.Sizeof(varchar{}))))
	if t.length <= uint32(len(t.begin)+len(t.rest)) {
		return unsafe.String((*byte)(unsafe.Pointer(&t.begin)), int(t.length))
	}
	return unsafe.String(*(**byte)(unsafe.Pointer(&t.rest)), int(t.length))
}

// get reads one of an array of C.
func get[T any](data unsafe.Pointer, i int) T {
	var t T
	return *(*T)(unsafe.Add(data, uintptr(i)*unsafe.Sizeof(t)))
}

// fetchChunks is the way of vectors.
func fetchChunks(ctx context.Context, result mapping.Result, visit func([]pipeline.QueryRow) error) error {
	columns := make([]vector, mapping.ColumnCount(&result))
	for i := range columns {
		columns[i].kind = mapping.ColumnType(&result, mapping.IdxT(i))
		if !fetched(columns[i].kind) {
			return fmt.Errorf("fetch: column %d is of a type that isn't read", i+1)
		}
	}
	rows := make([]pipeline.QueryRow, mapping.VectorSize()) // of any chunk: they look into the columns it has
	for i := range rows {
		rows[i] = &row{columns: columns, i: i}
	}
	return eachChunk(ctx, result, func(chunk mapping.DataChunk) error {
		for i := range columns {
			columns[i].see(chunk, i)
		}
		return visit(rows[:mapping.DataChunkGetSize(chunk)])
	})
}

// eachChunk visits a result's chunks, each until the visit ends.
func eachChunk(ctx context.Context, result mapping.Result, visit func(mapping.DataChunk) error) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		chunk := mapping.FetchChunk(result)
		if chunk.Ptr == nil {
			return nil
		}
		err := visit(chunk)
		mapping.DestroyDataChunk(&chunk)
		if err != nil {
			return err
		}
	}
}

// see has a vector be that of a chunk's column.
func (v *vector) see(chunk mapping.DataChunk, column int) {
	of := mapping.DataChunkGetVector(chunk, mapping.IdxT(column))
	v.data, v.valid = mapping.VectorGetData(of), mapping.VectorGetValidity(of)
}

func fetched(kind mapping.Type) bool {
	switch kind {
	case mapping.TypeVarchar, mapping.TypeInteger, mapping.TypeBigInt, mapping.TypeUBigInt, mapping.TypeDouble, mapping.TypeBoolean:
		return true
	}
	return false
}

// fetchRows is the driver's own way, one by one.
func (d *DB) fetchRows(ctx context.Context, query string, visit func([]pipeline.QueryRow) error) error {
	return d.byDriver(ctx, query, func(values []any) error { return visit([]pipeline.QueryRow{&row{values: values}}) })
}

// byDriver runs a query and visits the driver's values, row by row, in a slice that is reused.
func (d *DB) byDriver(ctx context.Context, query string, visit func(values []any) error) error {
	rows, err := d.conn.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := visit(values); err != nil {
			return err
		}
	}
	return rows.Err()
}
