package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/big"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// Rows are the values of some columns of a relation, in its order, as nil, bool,
// int64, float64, string, time.Time or []any of these. The slice is reused. They are
// read where they lie in DuckDB's vectors, as Fetch does, where the columns' types are
// the usual ones; the database isn't to be asked for anything else meanwhile.
func (d *DB) Rows(ctx context.Context, relation string, columns []string) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		query := "select " + idents(columns) + " from " + qualified(relation)
		err := d.byVectors(ctx, query, func(r mapping.Result) error { return yieldChunks(ctx, r, yield) })
		if errors.Is(err, errByRow) {
			err = d.yieldRows(ctx, query, yield)
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, fmt.Errorf("rows of %s: %w", relation, err))
		}
	}
}

// errEnough says that who reads wants no more.
var errEnough = errors.New("enough")

// yieldChunks is the way of vectors; errByRow, before any row, when a column's type isn't
// read so.
func yieldChunks(ctx context.Context, result mapping.Result, yield func([]any, error) bool) error {
	columns := make([]valueReader, mapping.ColumnCount(&result))
	for i := range columns {
		if !columns[i].reads(result, mapping.IdxT(i)) {
			return errByRow
		}
	}
	values := make([]any, len(columns))
	return eachChunk(ctx, result, func(chunk mapping.DataChunk) error {
		for i := range columns {
			columns[i].see(chunk, i)
		}
		for n := range int(mapping.DataChunkGetSize(chunk)) {
			for i := range columns {
				values[i] = columns[i].value(n)
			}
			if !yield(values, nil) {
				return errEnough
			}
		}
		return nil
	})
}

// valueReader reads the values of a column.
type valueReader struct {
	vector
	// The texts that came already: columns of codes repeat few of them.
	known map[string]any
}

// reads reports whether a result's column is of a type that is read here.
func (r *valueReader) reads(result mapping.Result, column mapping.IdxT) bool {
	t := mapping.ColumnLogicalType(&result, column)
	defer mapping.DestroyLogicalType(&t)
	r.kind, r.known = mapping.GetTypeId(t), map[string]any{}
	return r.kind != mapping.TypeList && chunked(r.kind, t)
}

// value is the value of a row.
func (r *valueReader) value(row int) any {
	if r.isNull(row) {
		return nil
	}
	switch r.kind {
	case mapping.TypeVarchar:
		return r.text(row)
	case mapping.TypeInteger:
		return int64(get[int32](r.data, row))
	case mapping.TypeBigInt:
		return get[int64](r.data, row)
	case mapping.TypeDouble:
		return get[float64](r.data, row)
	case mapping.TypeBoolean:
		return get[bool](r.data, row)
	case mapping.TypeDate:
		const day = 24 * 60 * 60
		return time.Unix(int64(get[int32](r.data, row))*day, 0).UTC()
	default:
		return time.UnixMicro(get[int64](r.data, row)).UTC()
	}
}

// mostKnown texts of a column are kept in mind: one that has more repeats little.
const mostKnown = 1024

func (r *valueReader) text(row int) any {
	there := r.textAt(row)
	if v, known := r.known[there]; known {
		return v
	}
	s := strings.Clone(there)
	var v any = s
	if len(r.known) < mostKnown {
		r.known[s] = v
	}
	return v
}

// yieldRows is the driver's own way.
func (d *DB) yieldRows(ctx context.Context, query string, yield func([]any, error) bool) error {
	return d.byDriver(ctx, query, func(values []any) error {
		for i := range values {
			values[i] = plain(values[i])
		}
		if !yield(values, nil) {
			return errEnough
		}
		return nil
	})
}

// plain gives a driver's value the form of the few types callers know.
func plain(v any) any {
	switch v := v.(type) {
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case int:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	case float32:
		return float64(v)
	case *big.Int: // sums of integers are HUGEINT
		if v.IsInt64() {
			return v.Int64()
		}
		f, _ := new(big.Float).SetInt(v).Float64()
		return f
	case duckdb.Decimal:
		return v.Float64()
	case []byte:
		return string(v)
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
		return v
	case nil, bool, int64, float64, string, time.Time:
		return v
	}
	return fmt.Sprint(v)
}
