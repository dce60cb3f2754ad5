package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// Reader answers anybody's questions about a published database: it reads that
// file and, whatever SQL it is given, nothing else of the machine. The one place
// it can write is its own scratch folder.
type Reader struct {
	db      *DB
	scratch string // private folder: what doesn't fit in memory, and answers as files
}

// spill is how much of the disk one question may use, which others need too.
const spill = "8GiB"

// OpenReader opens the database at path to be asked. Close removes the scratch
// folder.
func OpenReader(ctx context.Context, path string, o Options) (*Reader, error) {
	scratch, err := os.MkdirTemp("", "cp3-query-")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", filepath.Base(path), err)
	}
	o.ReadOnly = true
	db, err := Open(ctx, path, o)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(scratch))
	}
	r := &Reader{db, scratch}
	// The order matters: what stays allowed is said before the rest is forbidden, and
	// the lock comes last.
	for _, s := range []string{
		"set temp_directory = " + Quote(filepath.Join(scratch, "spill")),
		"set max_temp_directory_size = '" + spill + "'",
		"set allowed_paths = [" + Quote(r.answer()) + "]",
		"set enable_external_access = false",
		"set lock_configuration = true",
	} {
		if err := db.Exec(ctx, s); err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", filepath.Base(path), err), r.Close())
		}
	}
	return r, nil
}

// Close releases the database and removes the scratch folder.
func (r *Reader) Close() error { return errors.Join(r.db.Close(), os.RemoveAll(r.scratch)) }

// answer is where DuckDB writes an answer as a file.
func (r *Reader) answer() string { return filepath.Join(r.scratch, "answer") }

// Answer is the beginning of what a query gives, each value as DuckDB writes it.
type Answer struct {
	Columns []string
	Numbers []bool // which columns hold numbers
	Rows    [][]sql.NullString
	More    bool // there are more rows than these
}

// Ask returns the first rows of a query's answer; limit 0 gives all.
func (r *Reader) Ask(ctx context.Context, query string, limit int) (Answer, error) {
	var a Answer
	var err error
	if a.Numbers, err = r.numbers(ctx, query); err != nil {
		return a, asked(ctx, err)
	}
	text := "select columns(*)::varchar from (" + relation(query) + ")"
	if limit > 0 {
		text += fmt.Sprint(" limit ", limit+1)
	}
	rows, err := r.db.conn.QueryContext(ctx, text)
	if err != nil {
		return a, asked(ctx, err)
	}
	defer rows.Close()
	if a.Columns, err = rows.Columns(); err != nil {
		return a, asked(ctx, err)
	}
	into := make([]any, len(a.Columns))
	for rows.Next() {
		if limit > 0 && len(a.Rows) == limit {
			a.More = true
			break
		}
		row := make([]sql.NullString, len(a.Columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return a, asked(ctx, err)
		}
		a.Rows = append(a.Rows, row)
	}
	return a, asked(ctx, rows.Err())
}

// numbers tells which columns of a query's answer are numbers, without asking for
// a row.
func (r *Reader) numbers(ctx context.Context, query string) ([]bool, error) {
	rows, err := r.db.conn.QueryContext(ctx, relation(query)+" limit 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	are := make([]bool, len(types))
	for i, t := range types {
		are[i] = numeric.MatchString(t.DatabaseTypeName())
	}
	return are, rows.Err()
}

var numeric = regexp.MustCompile(`^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$`)

// The forms an answer can have as a file, by name, with the options of COPY. DuckDB
// writes them itself, so that every type is exactly what it is in the database.
var forms = map[string]string{
	"csv":     "format csv, header true, delimiter ',', nullstr ''",
	"json":    "format json, array true",
	"parquet": "format parquet, compression zstd",
}

// Write has the answer of a query written as a file of a form: csv, json or
// parquet. The file is the reader's own, overwritten by its next answer and gone
// with it.
func (r *Reader) Write(ctx context.Context, query, form string) (file string, rows int64, err error) {
	options, ok := forms[form]
	if !ok {
		return "", 0, fmt.Errorf("write answer: no form %q", form)
	}
	text := fmt.Sprintf("copy (%s) to %s (%s, use_tmp_file false)", relation(query), Quote(r.answer()), options)
	if err := r.db.conn.QueryRowContext(ctx, text).Scan(&rows); err != nil {
		return "", 0, asked(ctx, err)
	}
	return r.answer(), rows, nil
}

// relation makes of a query, with or without its semicolon, something to select
// from: a select, a pivot, describe, summarize, show.
func relation(query string) string { return "from (\n" + query[:length(query)] + "\n)" }

// length is how much of a text is the query, without the semicolons, blanks and
// comments that may follow it.
func length(query string) int {
	end := 0
	for at := 0; at < len(query); {
		n := token.FindStringIndex(query[at:])[1]
		switch word := query[at : at+n]; {
		case word == ";", strings.TrimSpace(word) == "", strings.HasPrefix(word, "--"), strings.HasPrefix(word, "/*"):
		default:
			end = at + n
		}
		at += n
	}
	return end
}

// token is a quoted text or name (a quote that is never closed goes to the end), a
// comment, or one character.
var token = regexp.MustCompile(`^(?s:'(?:[^']|\'\')*(?:'|$)|"[^"]*(?:"|$)|\$\$.*?(?:\$\$|$)|--[^\n]*|/\*.*?(?:\*/|$)|.)`)

// BadQuery is a query that DuckDB refuses or can't finish because of what it says.
type BadQuery struct{ Message string }

func (e *BadQuery) Error() string { return e.Message }

// asked tells the mistakes of a query from troubles of the machine.
func asked(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var d *duckdb.Error
	if !errors.As(err, &d) {
		return err
	}
	switch d.Type {
	case duckdb.ErrorTypeIO, duckdb.ErrorTypeOutOfMemory, duckdb.ErrorTypeInternal, duckdb.ErrorTypeFatal, duckdb.ErrorTypeInterrupt:
		return err
	}
	return &BadQuery{ownWords(d.Msg)}
}

var lineOfError = regexp.MustCompile(`(?s)\n+LINE (\d+):.*$`)

// ownWords leaves, of DuckDB's message, what is about the user's text: the excerpt
// with an arrow under it goes, the line is counted in the query as it was given.
func ownWords(message string) string {
	at := lineOfError.FindStringSubmatch(message)
	if at == nil {
		return message
	}
	var line int
	_, _ = fmt.Sscan(at[1], &line) // digits, by the expression
	return strings.TrimSpace(lineOfError.ReplaceAllString(message, "")) + fmt.Sprintf(" (line %d of the query)", max(1, line-1))
}
