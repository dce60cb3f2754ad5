package link

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// engine is one linkage under way.
type engine struct {
	db      DB
	conn    *sql.Conn
	spec    Spec
	options Options
	fields  []field
	full    []string // the spec's full name columns
	typical map[string]float64
	along   map[int][]int // by field of names: the fields that go with them
	plan    *plan
	model   *Model
	blocked []blocking
	n       int // records
	ids     []string
}

// Options of a run. The zero value is right for any data.
type Options struct {
	// Progress is told the name of each stage as it starts; nil: nobody is.
	Progress func(stage string)
}

// Run links the records of in: which of them are the same person. The result
// depends on the records only, not on the order of rows nor on DuckDB's threads.
// The temporary tables it leaves on the connection serve Result's methods; Close
// drops them.
func Run(ctx context.Context, db DB, in Input, spec Spec, o Options) (*Result, error) {
	if err := spec.validate(); err != nil {
		return nil, err
	}
	e := &engine{db: db, conn: db.Conn(), spec: spec, options: o}
	e.fields, e.full = resolve(spec)
	r, err := e.run(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	return r, nil
}

func (e *engine) run(ctx context.Context, in Input) (*Result, error) {
	e.stage("load")
	if err := e.load(ctx, in); err != nil {
		return nil, err
	}
	var err error
	if e.ids, err = e.strings(ctx, "select id from link_input order by n"); err != nil {
		return nil, err
	}
	e.stage("prepare")
	if err := e.prepare(ctx); err != nil {
		return nil, err
	}
	e.plan = newPlan(e.fields)
	e.plan.typical = e.typical
	e.model = e.plan.newModel(e.n)
	e.stage("block")
	if err := e.block(ctx); err != nil {
		return nil, err
	}
	e.stage("learn")
	if err := e.learn(ctx); err != nil {
		return nil, fmt.Errorf("learn: %w", err)
	}
	e.stage("score")
	if err := e.score(ctx); err != nil {
		return nil, fmt.Errorf("score: %w", err)
	}
	e.stage("cluster")
	return e.cluster(ctx, in.Decisions)
}

func (e *engine) stage(name string) {
	if e.options.Progress != nil {
		e.options.Progress(name)
	}
}

func (e *engine) exec(ctx context.Context, query string) error {
	_, err := e.conn.ExecContext(ctx, query)
	return err
}

func (e *engine) drop(ctx context.Context, tables ...string) error {
	for _, t := range tables {
		if err := e.exec(ctx, "drop table if exists "+t); err != nil {
			return err
		}
	}
	return nil
}

// strings reads a query's one column of texts.
func (e *engine) strings(ctx context.Context, query string) ([]string, error) {
	rows, err := e.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var values []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		values = append(values, s)
	}
	return values, rows.Err()
}

// close drops every temporary table of the run.
func (e *engine) close(ctx context.Context) error {
	tables, err := e.strings(ctx, `select table_name from duckdb_tables() where temporary and starts_with(table_name, 'link_') order by 1`)
	if err != nil {
		return err
	}
	for i := range tables {
		tables[i] = ident(tables[i])
	}
	if err := e.exec(ctx, "drop view if exists link_mention"); err != nil {
		return err
	}
	return e.drop(ctx, tables...)
}

// report says what the rule compared, and how much.
func (b blocking) report(e *engine) RuleReport {
	r := RuleReport{Pairs: b.pairs}
	for _, a := range b.atoms {
		key := RuleKey{Part: a.part}
		for _, f := range a.fields {
			if name := e.fields[f].Name; !slices.Contains(key.Columns, name) {
				key.Columns = append(key.Columns, name)
			}
		}
		r.Keys = append(r.Keys, key)
	}
	return r
}

func list[T any](items []T, format func(int, T) string, separator string) string {
	parts := make([]string, len(items))
	for i, item := range items {
		parts[i] = format(i, item)
	}
	return strings.Join(parts, separator)
}
