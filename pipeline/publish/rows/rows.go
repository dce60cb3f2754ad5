// Package rows reads published tables by the names of their columns, for whatever
// makes other files of them. A table that isn't published has no rows; a column
// that it doesn't declare is NULL in each.
package rows

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"cp3/pipeline"
)

// Source gives the rows of published tables, in their order.
type Source interface {
	Rows(ctx context.Context, relation string, columns []string) iter.Seq2[[]any, error]
}

// Reader reads one table after the other and keeps the first error, after which it
// reads nothing.
type Reader struct {
	Context context.Context
	Source  Source
	Tables  []pipeline.Table
	Err     error
}

// Find is the table of a name.
func Find(tables []pipeline.Table, name string) (pipeline.Table, bool) {
	i := slices.IndexFunc(tables, func(t pipeline.Table) bool { return t.Name == name })
	if i < 0 {
		return pipeline.Table{}, false
	}
	return tables[i], true
}

// Each calls f with some columns, named in one text, of every row of a table.
func (r *Reader) Each(table, columns string, f func(Row)) {
	t, published := Find(r.Tables, table)
	if r.Err != nil || !published {
		return
	}
	var ask []string
	var at []int
	wanted := strings.Fields(columns)
	for i, name := range wanted {
		if slices.ContainsFunc(t.Columns, func(c pipeline.Column) bool { return c.Name == name }) {
			ask, at = append(ask, name), append(at, i)
		}
	}
	row := make(Row, len(wanted))
	for values, err := range r.Source.Rows(r.Context, t.From(), ask) {
		if err != nil {
			r.Err = err
			return
		}
		for n, i := range at {
			row[i] = values[n]
		}
		f(row)
	}
}

// Row is the columns asked for, valid until the next row.
type Row []any

// Text is a column of text; "" when it is NULL.
func (r Row) Text(i int) string {
	s, _ := r[i].(string)
	return s
}

// Whole is a column of whole numbers; 0 when it is NULL.
func (r Row) Whole(i int) int {
	n, _ := r[i].(int64)
	return int(n)
}

// Bool is a column of yes and no; no when it is NULL.
func (r Row) Bool(i int) bool {
	b, _ := r[i].(bool)
	return b
}

// Time is a column of dates; the zero time when it is NULL.
func (r Row) Time(i int) time.Time {
	t, _ := r[i].(time.Time)
	return t
}

// Number is a column of numbers; nil when it is NULL.
func (r Row) Number(i int) *float64 {
	switch v := r[i].(type) {
	case float64:
		return &v
	case int64:
		f := float64(v)
		return &f
	}
	return nil
}
