package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

// queryForms are what an answer can be printed or written as.
var queryForms = []string{"table", "csv", "json", "parquet"}

// queryFlags are the verb's own.
type queryFlags struct {
	run.QueryOptions
	file, form, out string
	rows            int
}

func (a *app) query() *cobra.Command {
	var q queryFlags
	cmd := &cobra.Command{
		Use:   `query "SELECT ..."`,
		Short: "Ask the published database in SQL: a table, CSV, JSON or Parquet",
		Long: "Ask snia.duckdb of the current edition one query. It is opened read-only and locked: whatever the query says, no\n" +
			"other file is read or written. Tables: cp3 query \"show tables\"; columns: cp3 query \"describe valeurs\".\n" +
			"More questions with their SQL: docs/guide-analyste.md.",
		Example: "  cp3 query \"select code, valeur from valeurs where annee = 2020 and sexe = 'T' and trimestre is null and region is null\"\n" +
			"  cp3 query --file question.sql --out reponse.parquet\n" +
			"  cp3 query --edition 7 \"from tableau_de_suivi\" --format csv",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("query takes one query, between quotes: cp3 query \"SELECT ...\"")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := q.complete(args, cmd.Flags().Changed("format"), a.json, cmd.InOrStdin()); err != nil {
				return err
			}
			return a.runQuery(cmd, q)
		},
	}
	f := cmd.Flags()
	f.StringVar(&q.file, "file", "", "read the query from a file; - is standard input")
	f.StringVar(&q.form, "format", "table", "table, csv, json or parquet (default: what the name of --out says)")
	f.StringVar(&q.out, "out", "", "write the answer to a file")
	f.IntVar(&q.rows, "rows", 200, "rows of a table to print; 0: all")
	f.IntVar(&q.Edition, "edition", 0, "ask an older edition, of those kept under publication/editions/")
	f.DurationVar(&q.Time, "timeout", time.Minute, "stop the query after this time; 0: never")
	return cmd
}

// complete checks what was asked and reads the query.
func (q *queryFlags) complete(args []string, formGiven, json bool, stdin io.Reader) error {
	switch ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(q.out)), "."); {
	case formGiven:
	case json:
		q.form = "json"
	case slices.Contains(queryForms[1:], ext):
		q.form = ext
	case q.out != "":
		return usageError{fmt.Errorf("query: --out %s: end the name in .csv, .json or .parquet, or say which with --format", q.out)}
	}
	switch {
	case !slices.Contains(queryForms, q.form):
		return usageError{fmt.Errorf("query: --format %s: choose table, csv, json or parquet", q.form)}
	case q.form == "table" && q.out != "":
		return usageError{errors.New("query: a table is for reading here: with --out, choose csv, json or parquet")}
	case q.form == "parquet" && q.out == "":
		return usageError{errors.New("query: Parquet is no text: say where to write it: --out answer.parquet")}
	case (q.file == "") == (len(args) == 0):
		return usageError{errors.New("query: give the query or the file it is in: cp3 query \"SELECT ...\", cp3 query --file question.sql")}
	}
	return q.read(args, stdin)
}

func (q *queryFlags) read(args []string, stdin io.Reader) error {
	var text []byte
	var err error
	switch q.file {
	case "":
		text = []byte(args[0])
	case "-":
		text, err = io.ReadAll(stdin)
	default:
		text, err = os.ReadFile(q.file)
	}
	var path *os.PathError
	if errors.As(err, &path) {
		return usageError{fmt.Errorf("query: --file %s: %w", q.file, path.Err)}
	}
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	q.SQL = strings.TrimPrefix(string(text), "\ufeff") // as Windows editors begin files
	if strings.TrimSpace(q.SQL) == "" {
		return usageError{errors.New("query: the query is empty")}
	}
	return nil
}

func (a *app) runQuery(cmd *cobra.Command, q queryFlags) (err error) {
	o, err := a.open("query")
	if err != nil {
		return err
	}
	// A reader that leaves (| head) is no reason to die before the scratch folder is gone.
	signal.Ignore(syscall.SIGPIPE)
	answers, err := run.OpenAnswers(cmd.Context(), o, q.QueryOptions)
	var none *run.NoEdition
	if errors.As(err, &none) && none.Number > 0 {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, answers.Close()) }()
	if q.form == "table" {
		err = a.printAnswer(cmd, answers, q.rows)
	} else {
		err = a.sendAnswer(cmd, answers, q)
	}
	var bad *run.BadQuery
	switch {
	case errors.As(err, &bad):
		return usageError{err}
	case errors.Is(err, syscall.EPIPE): // whoever reads has enough
		return nil
	case errors.Is(err, context.Canceled):
		return errors.New("query: stopped before it had an answer")
	}
	return err
}

// sendAnswer writes the answer as a file: to --out, whole or not at all, or to
// standard output.
func (a *app) sendAnswer(cmd *cobra.Command, answers *run.Answers, q queryFlags) error {
	name, rows, err := answers.File(cmd.Context(), q.form)
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer f.Close()
	if q.out == "" {
		if _, err := io.Copy(a.Stdout, f); err != nil {
			return fmt.Errorf("query: %w", err)
		}
		return nil
	}
	if err := writeWhole(q.out, f); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	fmt.Fprintln(a.Stderr, a.say("query.written", "rows", strconv.FormatInt(rows, 10), "out", q.out))
	return nil
}

// writeWhole puts a file in place only once it is complete.
func writeWhole(path string, from io.Reader) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = io.Copy(f, from)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// printAnswer prints the beginning of the answer in aligned columns, and says so
// when there is more.
func (a *app) printAnswer(cmd *cobra.Command, answers *run.Answers, limit int) error {
	t, err := answers.Table(cmd.Context(), limit)
	if err != nil {
		return err
	}
	lines := [][]string{t.Columns}
	for _, row := range t.Rows {
		line := make([]string, len(row))
		for c, v := range row {
			line[c] = "NULL"
			if v.Valid {
				line[c] = inOneLine.Replace(v.String)
			}
		}
		lines = append(lines, line)
	}
	printAligned(a.Stdout, lines, t.Numbers)
	if t.More {
		fmt.Fprintln(a.Stdout, a.say("query.more", "rows", strconv.Itoa(len(t.Rows))))
	} else {
		fmt.Fprintln(a.Stdout, a.say("query.rows", "rows", strconv.Itoa(len(t.Rows))))
	}
	return nil
}

// inOneLine keeps a value on its line of the table.
var inOneLine = strings.NewReplacer("\n", "⏎", "\r", "", "\t", " ")

// printAligned prints a head, a rule and lines; columns of numbers are flush
// right.
func printAligned(w io.Writer, lines [][]string, numbers []bool) {
	widths := make([]int, len(numbers))
	for _, line := range lines {
		for c, v := range line {
			widths[c] = max(widths[c], utf8.RuneCountInString(v))
		}
	}
	for n, line := range lines {
		fmt.Fprintln(w, aligned(line, widths, numbers))
		if n == 0 {
			rule := make([]string, len(widths))
			for c, width := range widths {
				rule[c] = strings.Repeat("─", width)
			}
			fmt.Fprintln(w, strings.Join(rule, "  "))
		}
	}
}

func aligned(line []string, widths []int, numbers []bool) string {
	cells := make([]string, len(line))
	for c, v := range line {
		blank := strings.Repeat(" ", widths[c]-utf8.RuneCountInString(v))
		if cells[c] = v + blank; numbers[c] {
			cells[c] = blank + v
		}
	}
	return strings.TrimRight(strings.Join(cells, "  "), " ")
}
