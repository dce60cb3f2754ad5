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
	records *records
	placed  places
	typical [][aspects]float64 // by field: the chance that two persons share a value
	along   map[int][]int      // by field of names: the fields that go with them
	roles   *roles             // of words in names; nil: no full names
	plan    *plan
	model   *Model
	blocked []blocking
	pairs   []weighed // in the order of pairs
	starts  []int32   // where those of each first record begin
	ids     []string  // of the records that stand, sorted
	rows    []int32   // and which of records these are
}

// Options of a run. The zero value is right for any data.
type Options struct {
	// Progress is told the name of each stage as it starts; nil: nobody is.
	Progress func(stage string)
	// Version is the program's: what another one learned isn't relied on. Of Mentions
	// alone.
	Version string
	// Reuse is the least number of records from which on what was learned and weighed
	// in earlier runs is used again; 0: 20,000. Of Mentions alone.
	Reuse int
}

// Run links the records of in: which of them are the same person. The result
// depends on the records only, not on the order of rows nor on how many threads there
// are. Close releases what the Result holds.
func Run(ctx context.Context, db DB, in Input, spec Spec, o Options) (*Result, error) {
	if err := spec.validate(); err != nil {
		return nil, err
	}
	r, err := newEngine(db, spec, o).run(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	return r, nil
}

func newEngine(db DB, spec Spec, o Options) *engine {
	e := &engine{db: db, conn: db.Conn(), spec: spec, options: o}
	e.fields, e.full = resolve(spec)
	e.plan = newPlan(e.fields)
	return e
}

func (e *engine) run(ctx context.Context, in Input) (*Result, error) {
	e.stage("load")
	records := relation{from: in.From, late: "false", stands: "true"}
	if err := e.conn.QueryRowContext(ctx, "select count(*) from "+in.From).Scan(&records.most); err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	raw, err := e.load(ctx, records)
	if err != nil {
		return nil, err
	}
	e.stage("prepare")
	e.prepare(raw)
	e.stand(raw)
	if err := e.learnModel(ctx); err != nil {
		return nil, err
	}
	e.arrange(e.pairs)
	e.stage("cluster")
	return e.cluster(ctx, in.Decisions)
}

// learnModel learns the model, and weighs the pairs of the records it is learned from.
func (e *engine) learnModel(ctx context.Context) error {
	e.along = e.goesAlong()
	e.frequencies()
	e.model = e.plan.newModel(e.records.learned, e.typical)
	e.stage("block")
	proposals, err := e.block(ctx)
	if err != nil {
		return fmt.Errorf("block: %w", err)
	}
	e.stage("learn")
	if err := e.learn(ctx, proposals); err != nil {
		return fmt.Errorf("learn: %w", err)
	}
	e.stage("score")
	if e.pairs, err = e.score(ctx, proposals); err != nil {
		return fmt.Errorf("score: %w", err)
	}
	return nil
}

// stand numbers the records that stand by their ids, in whose order those learned from
// are already.
func (e *engine) stand(r *raw) {
	var settled, late []int32
	for n, stands := range r.stands {
		switch {
		case !stands:
		case n < r.late:
			settled = append(settled, int32(n))
		default:
			late = append(late, int32(n))
		}
	}
	slices.SortFunc(late, func(a, b int32) int { return strings.Compare(r.ids[a], r.ids[b]) })
	e.rows = make([]int32, 0, len(settled)+len(late))
	for _, n := range late {
		before, _ := slices.BinarySearchFunc(settled, r.ids[n], func(m int32, id string) int { return strings.Compare(r.ids[m], id) })
		e.rows = append(append(e.rows, settled[:before]...), n)
		settled = settled[before:]
	}
	e.rows = append(e.rows, settled...)
	e.ids = make([]string, len(e.rows))
	for i, n := range e.rows {
		e.ids[i] = r.ids[n]
	}
}

func (e *engine) stage(name string) {
	if e.options.Progress != nil {
		e.options.Progress(name)
	}
}

func (e *engine) exec(ctx context.Context, query string) error {
	_, err := e.db.ExecContext(ctx, query)
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

// close drops every temporary table and view of the run.
func (e *engine) close(ctx context.Context) error {
	drops, err := e.strings(ctx, `select 'drop view temp.' || view_name from duckdb_views() where temporary and starts_with(view_name, 'link_')
		union all select 'drop table temp.' || table_name from duckdb_tables() where temporary and starts_with(table_name, 'link_') order by 1 desc`)
	if err != nil {
		return err
	}
	for _, drop := range drops {
		if err := e.exec(ctx, drop); err != nil {
			return err
		}
	}
	return nil
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
