package link

import (
	"bufio"
	"bytes"
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
	"unicode/utf8"

	"cp3/pipeline"

	"golang.org/x/text/encoding/charmap"
)

// DB is what the engine needs of a DuckDB database: one connection, so that
// temporary tables are seen by all its statements, and rows by the hundred thousand.
type DB interface {
	Conn() *sql.Conn
	// ExecContext runs statements that return nothing.
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	// Append adds rows to a table; nil is NULL. It returns how many.
	Append(ctx context.Context, table string, columns []string, rows iter.Seq[[]driver.Value]) (int, error)
	// Fetch visits the rows of a query.
	Fetch(ctx context.Context, query string, visit func(pipeline.QueryRow) error) error
	// FetchMany visits them by the thousand; any goroutine may read them until it returns.
	FetchMany(ctx context.Context, query string, visit func([]pipeline.QueryRow) error) error
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
// end, .parquet or anything else for CSV with a header; spaces around values are
// trimmed. Commas and UTF-8 are expected; semicolons, tabs and Windows-1252, as
// spreadsheets save them, are understood.
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
	r.Comma = separator(b)
	r.TrimLeadingSpace = r.Comma != '\t'
	r.ReuseRecord = true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty: a header line is expected")
	}
	if err != nil {
		return err
	}
	if strings.ContainsRune(header[0], 0) {
		return errors.New("this is UTF-16: save it as CSV UTF-8")
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
				row[i] = strings.TrimSpace(decoded(v))
			}
			if !yield(row) {
				return
			}
		}
	}
	_, err = db.Append(ctx, csvTable, nil, rows)
	return errors.Join(broken, err)
}

// separator is what the header's names stand between: commas, unless there are more
// of another usual one.
func separator(b *bufio.Reader) rune {
	head, _ := b.Peek(b.Size())
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best := ','
	for _, c := range ";\t|" {
		if bytes.Count(line, []byte(string(c))) > bytes.Count(line, []byte(string(best))) {
			best = c
		}
	}
	return best
}

// decoded is a value in UTF-8: what isn't was written in Windows-1252.
func decoded(v string) string {
	if utf8.ValidString(v) {
		return v
	}
	s, err := charmap.Windows1252.NewDecoder().String(v)
	if err != nil {
		return strings.ToValidUTF8(v, "�")
	}
	return s
}

func headerColumns(header []string) ([]string, error) {
	columns := make([]string, len(header))
	for i, h := range header {
		columns[i] = strings.TrimSpace(decoded(h))
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
