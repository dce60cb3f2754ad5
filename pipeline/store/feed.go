package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// DuckDB's own appender keeps a copy of up to 204,800 rows before it inserts them, so
// that nothing is inserted while rows are made. Here, from the second chunk on, an
// insert … select from a table function of the connection takes each chunk as it is
// made: DuckDB asks for the next when it has put the one before into the table.

// feedFunction is the table function's name in SQL.
const feedFunction = "cp3_rows"

// registerFeed gives the connection the function: before any transaction, as a
// function made in one goes when it is rolled back.
func (d *DB) registerFeed() error {
	return duckdb.RegisterTableUDF(d.conn, feedFunction, duckdb.ChunkTableFunction{
		BindArguments: func(map[string]any, ...any) (duckdb.ChunkTableSource, error) {
			if d.feed == nil {
				return nil, errors.New("no rows are being appended")
			}
			return d.feed, nil
		},
	})
}

// feed is one insertion under way. Its chunks go round: empty ones to who makes rows,
// full ones to DuckDB.
type feed struct {
	columns []duckdb.ColumnInfo
	chunks  []*chunk    // all of them
	made    chan *chunk // full, in order; closed after the last
	spare   chan *chunk // empty
	held    *chunk      // DuckDB reads it until it asks for the next
	over    bool        // made is closed
	failed  error       // why it is, when the rows aren't all; set before
	ended   chan struct{}
	err     error // of the statement, set before ended is closed
}

// feedChunks are one being made, one waiting and one being read.
const feedChunks = 3

// newFeed starts inserting into a table, or columns of it.
func (d *DB) newFeed(a *appender, table string, columns []string) (*feed, error) {
	f := &feed{made: make(chan *chunk, 1), spare: make(chan *chunk, feedChunks), ended: make(chan struct{})}
	for i, kind := range a.kinds {
		t, err := typeInfo(kind)
		if err != nil {
			return nil, err
		}
		f.columns = append(f.columns, duckdb.ColumnInfo{Name: fmt.Sprint("c", i), T: t})
	}
	for range feedChunks - 1 {
		c := a.newChunk()
		f.chunks = append(f.chunks, c)
		f.spare <- c
	}
	d.feed = f
	go func() {
		defer close(f.ended)
		insert := "insert into " + target(table, columns) + " select * from " + feedFunction + "()"
		f.err = execute(context.Background(), a.conn, insert, func(mapping.Result) error { return nil })
	}()
	return f, nil
}

func typeInfo(kind mapping.Type) (duckdb.TypeInfo, error) {
	if kind != mapping.TypeList {
		return duckdb.NewTypeInfo(kind)
	}
	text, err := duckdb.NewTypeInfo(mapping.TypeVarchar)
	if err != nil {
		return nil, err
	}
	return duckdb.NewListInfo(text)
}

// target is a table, with the columns meant, as SQL writes them.
func target(table string, columns []string) string {
	if len(columns) == 0 {
		return Ident(table)
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = Ident(c)
	}
	return Ident(table) + " (" + strings.Join(names, ", ") + ")"
}

// take hands over a chunk and gives an empty one.
func (f *feed) take(ctx context.Context, c *chunk) (*chunk, error) {
	if err := ctx.Err(); err != nil {
		return c, err
	}
	if err := f.hand(c); err != nil {
		return c, err
	}
	select {
	case next := <-f.spare:
		return next, nil
	case <-f.ended:
		return c, f.early()
	}
}

func (f *feed) hand(c *chunk) error {
	select {
	case f.made <- c:
		return nil
	case <-f.ended:
		return f.early()
	}
}

// early is why the statement ended before the rows did.
func (f *feed) early() error {
	if f.err == nil {
		return errors.New("DuckDB took only some of the rows")
	}
	return f.err
}

// finish hands over the last chunk and waits for the end.
func (f *feed) finish(c *chunk) error {
	if c.rows > 0 {
		if err := f.hand(c); err != nil {
			return err
		}
	}
	f.stop(nil)
	return f.err
}

// stop says that there are no more rows, or why the others won't come, which DuckDB
// makes a failed statement of; and waits for its end.
func (f *feed) stop(failed error) {
	if !f.over {
		f.over, f.failed = true, failed
		close(f.made)
	}
	<-f.ended
}

// close ends the statement when nobody has, and lets go of the chunks.
func (f *feed) close() {
	f.stop(errors.New("the rows were given up"))
	for _, c := range f.chunks {
		c.close()
	}
}

// ColumnInfos, Cardinality, Init and FillChunk are what DuckDB's driver asks of a
// table function.
func (f *feed) ColumnInfos() []duckdb.ColumnInfo { return f.columns }

func (f *feed) Cardinality() *duckdb.CardinalityInfo { return nil }

func (f *feed) Init() {}

// FillChunk makes DuckDB's chunk one of the same vectors as the next of ours, which
// stays as it is until it asks again.
func (f *feed) FillChunk(into duckdb.DataChunk) error {
	if f.held != nil {
		f.held.reset()
		f.spare <- f.held
		f.held = nil
	}
	out, ok := rawChunk(&into)
	if !ok {
		return errors.New("the driver hides its chunk")
	}
	c, more := <-f.made
	if !more {
		mapping.DataChunkSetSize(out, 0)
		return f.failed
	}
	f.held = c
	c.seal()
	for i := range c.columns {
		mapping.VectorReferenceVector(mapping.DataChunkGetVector(out, mapping.IdxT(i)), c.columns[i].vector)
	}
	mapping.DataChunkSetSize(out, mapping.IdxT(c.rows))
	return nil
}

// rawChunk is the driver's chunk as its own mapping takes it: see connection.
func rawChunk(c *duckdb.DataChunk) (mapping.DataChunk, bool) {
	field := reflect.ValueOf(c).Elem().FieldByName("chunk")
	if !field.IsValid() || field.Type() != reflect.TypeFor[mapping.DataChunk]() {
		return mapping.DataChunk{}, false
	}
	return mapping.DataChunk{Ptr: field.FieldByName("Ptr").UnsafePointer()}, true
}
