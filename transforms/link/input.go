package link

import (
	"bufio"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
)

// DB is what the engine needs of a DuckDB database: one connection, so that
// temporary tables are seen by all its statements, and bulk loading.
type DB interface {
	Conn() *sql.Conn
	// Append adds rows to a table; nil is NULL. It returns how many.
	Append(ctx context.Context, table string, columns []string, rows iter.Seq[[]driver.Value]) (int, error)
}

// Input is the records to link, and what people have already decided about some
// of them.
type Input struct {
	// From is what follows FROM in SQL: a table's or view's name, or a table
	// function. Columns are the spec's; their types don't matter, all is read as
	// text.
	From      string
	Decisions []Decision
}

// Decision is a human's word on two records. It outranks the model.
type Decision struct {
	A, B string // record ids
	Same bool   // the same person; else: two persons
}

// csvTable is where a CSV file is loaded.
const csvTable = "link_csv"

// FromFile makes the records of a CSV or Parquet file available: by its name's
// end, .parquet or anything else for CSV (comma, UTF-8, header; spaces after
// commas are trimmed).
func FromFile(ctx context.Context, db DB, path string) (Input, error) {
	if strings.HasSuffix(strings.ToLower(path), ".parquet") {
		if _, err := os.Stat(path); err != nil {
			return Input{}, err
		}
		return Input{From: "read_parquet(" + quote(path) + ")"}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return Input{}, err
	}
	defer f.Close()
	if err := loadCSV(ctx, db, f); err != nil {
		return Input{}, fmt.Errorf("%s: %w", path, err)
	}
	return Input{From: csvTable}, nil
}

func loadCSV(ctx context.Context, db DB, f io.Reader) error {
	b := bufio.NewReaderSize(f, 1<<20)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	r := csv.NewReader(b)
	r.TrimLeadingSpace = true
	r.ReuseRecord = true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty: a header line is expected")
	}
	if err != nil {
		return err
	}
	columns, err := headerColumns(header)
	if err != nil {
		return err
	}
	definitions := make([]string, len(columns))
	for i, c := range columns {
		definitions[i] = ident(c) + " varchar"
	}
	create := "create or replace temp table " + csvTable + " (" + strings.Join(definitions, ", ") + ")"
	if _, err := db.Conn().ExecContext(ctx, create); err != nil {
		return err
	}
	var broken error
	rows := func(yield func([]driver.Value) bool) {
		row := make([]driver.Value, len(columns))
		for {
			record, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				broken = err
				return
			}
			for i, v := range record {
				row[i] = strings.TrimSpace(v)
			}
			if !yield(row) {
				return
			}
		}
	}
	_, err = db.Append(ctx, csvTable, nil, rows)
	return errors.Join(broken, err)
}

func headerColumns(header []string) ([]string, error) {
	columns := make([]string, len(header))
	for i, h := range header {
		columns[i] = strings.TrimSpace(h)
		if columns[i] == "" {
			return nil, fmt.Errorf("column %d has no name in the header", i+1)
		}
		if slices.ContainsFunc(columns[:i], func(c string) bool { return strings.EqualFold(c, columns[i]) }) {
			return nil, fmt.Errorf("column %q is in the header twice", columns[i])
		}
	}
	return columns, nil
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
