package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"cp3/pipeline"

	"github.com/duckdb/duckdb-go/v2"
)

// exportStorage is the oldest DuckDB whose readers must open a published file:
// analysts update their tools later than we do.
const exportStorage = "v1.0.0"

// WriteDatabase makes a new DuckDB file at path that holds tables and macros, with
// their comments and nothing else, and returns the rows of each table. The rows are
// those of the Parquet files that WriteParquet makes of the tables, which parquet waits
// for: a DuckDB of its own makes the file, on one thread, while this one may be asked for
// other things. One such file is made at a time. The same rows are the same bytes while a table is one row group (122,880
// rows); in longer ones DuckDB now and then puts a block elsewhere.
func (d *DB) WriteDatabase(ctx context.Context, path string, tables []pipeline.Table, parquet func(table int) (string, error), macros ...pipeline.Macro) ([]int64, error) {
	rows, err := d.writeDatabase(ctx, path, tables, parquet, macros)
	if err != nil {
		return nil, fmt.Errorf("make database: %w", err)
	}
	return rows, nil
}

func (d *DB) writeDatabase(ctx context.Context, path string, tables []pipeline.Table, parquet func(table int) (string, error), macros []pipeline.Macro) (rows []int64, err error) {
	maker, err := d.openMaker(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, maker.Close()) }()
	attach := fmt.Sprintf("attach %s as edition (storage_version %s)", Quote(path), Quote(exportStorage))
	if err := maker.Exec(ctx, attach); err != nil {
		return nil, err
	}
	err = maker.Tx(ctx, func() error { // one commit, one sync
		for i, t := range tables {
			file, err := parquet(i)
			if err != nil {
				return err
			}
			n, err := maker.takeTable(ctx, t, file)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			rows = append(rows, n)
		}
		return maker.storeMacros(ctx, macros)
	})
	if err == nil {
		err = maker.Exec(ctx, "checkpoint edition; detach edition")
	}
	return rows, err
}

// makerMemory is what making a file may take beside the database's own memory: a few row
// groups are less, and what is more is spilled.
const makerMemory = "128MB"

// openMaker opens a DuckDB that lays out a file in one way only. On several threads,
// blocks come in the order in which they were done. The ALP methods leave up to seven
// bytes between compressed columns as they find them in memory: other bytes each
// time, and possibly a piece of somebody's name; and bit packing leaves what was in memory
// where a value is NULL, which in a public file is what was hidden. All goes into the file at the end of
// the transaction, instead of into a log first. It keeps nothing of what it reads, and
// spills into a folder of its own: every DuckDB names its files alike.
func (d *DB) openMaker(ctx context.Context) (*DB, error) {
	o := Options{Threads: 1, Memory: makerMemory}
	if d.temp != "" {
		o.Temp = filepath.Join(d.temp, "edition")
		if err := os.MkdirAll(o.Temp, 0o700); err != nil {
			return nil, err
		}
	}
	maker, err := Open(ctx, "", o)
	if err != nil {
		return nil, err
	}
	err = maker.Exec(ctx, "set enable_external_file_cache = false; set checkpoint_threshold = '1B'; set disabled_compression_methods = "+Quote(unsteady+","+passedOver))
	if err != nil {
		return nil, errors.Join(err, maker.Close())
	}
	return maker, nil
}

// takeTable makes one table of the attached edition from its Parquet file. What Parquet
// has no type for (a HUGEINT is a DOUBLE there) is cast back to the type declared.
func (d *DB) takeTable(ctx context.Context, t pipeline.Table, parquet string) (rows int64, err error) {
	name := "edition.main." + Ident(t.Name)
	columns := make([]string, len(t.Columns))
	comments := []string{comment("table "+name, t.Description, t.Grain)}
	for i, c := range t.Columns {
		columns[i] = Ident(c.Name)
		if c.Type != "" {
			columns[i] += "::" + c.Type
		}
		columns[i] += " as " + Ident(c.Name)
		comments = append(comments, comment("column "+name+"."+Ident(c.Name), c.FR))
	}
	create := "create table " + name + " as select " + strings.Join(columns, ", ") + " from read_parquet(" + Quote(parquet) + ")"
	if err := d.Exec(ctx, create); err != nil {
		return 0, err
	}
	if err := d.Exec(ctx, strings.Join(comments, ";")); err != nil {
		return 0, err
	}
	err = d.conn.QueryRowContext(ctx, "select count(*) from "+name).Scan(&rows)
	return rows, err
}

func comment(on string, sentences ...string) string {
	var said []string
	for _, s := range sentences {
		if s != "" {
			said = append(said, s)
		}
	}
	return "comment on " + on + " is " + Quote(strings.Join(said, "\n"))
}

// WriteParquet writes a table to a new Parquet file.
func (d *DB) WriteParquet(ctx context.Context, path string, t pipeline.Table) (int64, error) {
	return d.copyTo(ctx, path, t, "format parquet, compression zstd")
}

// WriteCSV writes a table to a new CSV file: UTF-8, comma, decimal point, a
// header; NULL is nothing between two commas, an empty text is "".
func (d *DB) WriteCSV(ctx context.Context, path string, t pipeline.Table) (int64, error) {
	return d.copyTo(ctx, path, t, "format csv, header true, delimiter ',', nullstr ''")
}

func (d *DB) copyTo(ctx context.Context, path string, t pipeline.Table, options string) (rows int64, err error) {
	result, err := d.ExecContext(ctx, fmt.Sprintf("copy (%s) to %s (%s, use_tmp_file false)", selection(t), Quote(path), options))
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", t.Name, err)
	}
	return result.RowsAffected()
}

// WriteTable makes a relation of the warehouse, or replaces it, from rows given:
// one value per column, nil for NULL, numbers as int64 or float64. Its schema, when
// its name has one, is made too.
func (d *DB) WriteTable(ctx context.Context, t pipeline.Table, rows iter.Seq[[]any]) error {
	schema, name, qualifies := strings.Cut(t.From(), ".")
	if !qualifies {
		schema, name = "main", t.From()
	} else if err := d.Exec(ctx, "create schema if not exists "+Ident(schema)); err != nil {
		return fmt.Errorf("write table %s: %w", t.From(), err)
	}
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = Ident(c.Name) + " " + c.Type
	}
	create := fmt.Sprintf("create or replace table %s (%s)", qualified(schema+"."+name), strings.Join(columns, ", "))
	if err := d.Exec(ctx, create); err != nil {
		return fmt.Errorf("write table %s: %w", t.From(), err)
	}
	err := d.conn.Raw(func(c any) error {
		a, err := duckdb.NewAppender(c.(driver.Conn), "", schema, name)
		if err != nil {
			return err
		}
		values := make([]driver.Value, len(t.Columns))
		for row := range rows {
			for i, v := range row {
				values[i] = fitted(v, t.Columns[i].Type)
			}
			if err := a.AppendRow(values...); err != nil {
				return errors.Join(err, a.Close())
			}
		}
		return a.Close()
	})
	if err != nil {
		return fmt.Errorf("write table %s: %w", t.From(), err)
	}
	return nil
}

// fitted gives a number the Go type an appender wants for a column.
func fitted(v any, kind string) driver.Value {
	switch n, whole := v.(int64); {
	case !whole:
		return v
	case strings.EqualFold(kind, "INTEGER"):
		return int32(n)
	case strings.EqualFold(kind, "DOUBLE"):
		return float64(n)
	}
	return v
}

// Texts are all values of a published DuckDB or Parquet file as text, with the
// names and comments of a database: everything a reader of the file can see.
func Texts(ctx context.Context, path string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := texts(ctx, path, func(s string) bool { return yield(s, nil) }); err != nil {
			yield("", fmt.Errorf("texts of %s: %w", filepath.Base(path), err))
		}
	}
}

func texts(ctx context.Context, path string, yield func(string) bool) (err error) {
	db, err := Open(ctx, "", Options{Threads: 1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if strings.HasSuffix(path, ".parquet") {
		_, err := db.eachText(ctx, "select * from read_parquet("+Quote(path)+")", yield)
		return err
	}
	if err := db.Exec(ctx, "attach "+Quote(path)+" as edition (read_only)"); err != nil {
		return err
	}
	queries := []string{
		"select table_name, comment, sql from duckdb_tables() where database_name = 'edition'",
		"select column_name, comment from duckdb_columns() where database_name = 'edition'",
		"select view_name, comment, sql from duckdb_views() where database_name = 'edition' and not internal",
		"select function_name, comment, macro_definition from duckdb_functions() where database_name = 'edition' and not internal",
	}
	for row, err := range db.Rows(ctx, "duckdb_tables", []string{"database_name", "schema_name", "table_name"}) {
		if err != nil {
			return err
		}
		if row[0] == "edition" {
			queries = append(queries, fmt.Sprintf("select * from edition.%s.%s", Ident(fmt.Sprint(row[1])), Ident(fmt.Sprint(row[2]))))
		}
	}
	for _, q := range queries {
		if more, err := db.eachText(ctx, q, yield); err != nil || !more {
			return err
		}
	}
	return nil
}

// eachText yields every value a query gives, as DuckDB writes it.
func (d *DB) eachText(ctx context.Context, query string, yield func(string) bool) (more bool, err error) {
	rows, err := d.conn.QueryContext(ctx, "select columns(*)::varchar from ("+query+")")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return false, err
	}
	row, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return false, err
		}
		for _, v := range row {
			if v.Valid && !yield(v.String) {
				return false, nil
			}
		}
	}
	return true, rows.Err()
}

// selection reads a table's declared columns, in the relation's own order of
// rows. Columns nobody declared stay behind.
func selection(t pipeline.Table) string {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Name
	}
	return "select " + idents(columns) + " from " + qualified(t.From())
}

func idents(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = Ident(n)
	}
	return strings.Join(quoted, ", ")
}

// qualified quotes a relation's name, with its schema when it has one.
func qualified(relation string) string {
	parts := strings.Split(relation, ".")
	for i, p := range parts {
		parts[i] = Ident(p)
	}
	return strings.Join(parts, ".")
}
