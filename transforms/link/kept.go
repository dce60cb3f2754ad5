package link

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"cp3/pipeline"
)

// What a run learned and weighed is kept for later ones in tables named linkage_*,
// beside the mentions it is about:
//
//	linkage_state    one text: the learned, in JSON
//	linkage_mention  n, digest: a hash of what each record said, in their order
//	linkage_pair     a, b, weight, pull, conflict: candidate pairs worth remembering
//
// They hold what follows from what mentions say of people, and are as private.
const keptPrefix = "linkage_"

// learned is what later runs need beside the tables.
type learned struct {
	Fingerprint string // of the program and its rules
	End         int    // the last submission of the reference
	Records     int    // learned from
	Model       Model
	Along       map[int][]int
	Rules       []keptRule // in use
	Window      int

	Mentions int `json:"-"` // kept
	Pairs    int `json:"-"`
}

type keptRule struct{ Number, Pairs int }

// generation counts what the rest of the fingerprint doesn't show: how values are
// folded, judged and hashed. Whoever changes what two records weigh, or whether they
// are compared, counts on.
const generation = 3

// fingerprint is of all that decides how records are compared.
func (e *engine) fingerprint() string {
	h := sha256.New()
	fmt.Fprintln(h, e.options.Version, generation, keep, perRecord, own, weigh, mostRules, fewestRandom, mostRandom, randomEach, rulePairs, priorPairs)
	for _, f := range e.fields {
		fmt.Fprintln(h, f.Column, f.source, priors(f.Kind))
	}
	for _, c := range e.plan.comparisons {
		fmt.Fprintln(h, c.column, c.aspect, c.levels, c.place, c.freedom)
	}
	for _, r := range e.plan.rules() {
		for _, a := range r.atoms {
			fmt.Fprint(h, a.fields, a.part, " ")
		}
		fmt.Fprintln(h)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// remember writes down what was learned, instead of what was before.
func (e *engine) remember(ctx context.Context, end int) (learned, error) {
	_, window := budget(e.records.learned)
	l := learned{Fingerprint: e.fingerprint(), End: end, Records: e.records.learned, Model: *e.model, Along: e.along, Window: window}
	for _, b := range e.blocked {
		l.Rules = append(l.Rules, keptRule{b.number, b.pairs})
	}
	text, err := json.Marshal(l)
	if err != nil {
		return l, err
	}
	if err := Forget(ctx, e.db); err != nil {
		return l, err
	}
	for _, query := range []string{
		"create table linkage_mention (n integer, digest bigint)",
		"create table linkage_pair (a integer, b integer, weight double, pull double, conflict boolean)",
		"create table linkage_state as select " + quote(string(text)) + " as state",
	} {
		if err := e.exec(ctx, query); err != nil {
			return l, err
		}
	}
	return l, nil
}

// keepNew keeps the records and pairs that aren't yet.
func (e *engine) keepNew(ctx context.Context, l learned, digests []uint64) error {
	err := e.keepSome(ctx, "linkage_mention", len(digests)-l.Mentions, func(i int, row []driver.Value) {
		row[0], row[1] = int32(l.Mentions+i), int64(digests[l.Mentions+i])
	}, 2)
	if err != nil {
		return err
	}
	added := e.pairs[l.Pairs:]
	return e.keepSome(ctx, "linkage_pair", len(added), func(i int, row []driver.Value) {
		p := &added[i]
		row[0], row[1], row[2], row[3], row[4] = p.a, p.b, p.weight, p.pull, p.conflict
	}, 5)
}

// keepSome adds n rows to a kept table, unless there are none: DuckDB 1.5.6 loses what
// is inserted into a table after nothing was, in a transaction that has put hundreds
// of thousands there (TestKeepNothing).
func (e *engine) keepSome(ctx context.Context, table string, n int, fill func(i int, row []driver.Value), width int) error {
	if n == 0 {
		return nil
	}
	_, err := e.db.Append(ctx, table, nil, func(yield func([]driver.Value) bool) {
		row := make([]driver.Value, width)
		for i := range n {
			if fill(i, row); !yield(row) {
				return
			}
		}
	})
	return err
}

// resume takes up what an earlier run learned from the reference that ends at end,
// and the pairs it weighed; false when there is no such thing, other rules made it, or
// a record of it says something else now.
func (e *engine) resume(ctx context.Context, end int, digests []uint64) (learned, bool, error) {
	var l learned
	var there bool
	err := e.conn.QueryRowContext(ctx, "select count(*) > 0 from duckdb_tables() where not temporary and database_name = current_database() and table_name = 'linkage_state'").Scan(&there)
	if err != nil || !there {
		return l, false, err
	}
	var text string
	err = e.conn.QueryRowContext(ctx, "select state from linkage_state").Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return l, false, nil
	}
	if err != nil {
		return l, false, err
	}
	if err := json.Unmarshal([]byte(text), &l); err != nil || l.End != end || l.Fingerprint != e.fingerprint() || l.Records != e.records.learned {
		return l, false, nil
	}
	if same, err := e.unchanged(ctx, &l, digests); err != nil || !same {
		return l, false, err
	}
	e.along = l.Along
	e.model = e.plan.newModel(l.Records, make([][aspects]float64, len(e.fields)))
	e.model.take(l.Model)
	rules := e.plan.rules()
	for _, r := range l.Rules {
		e.blocked = append(e.blocked, blocking{rule: rules[r.Number], number: r.Number, pairs: r.Pairs})
	}
	e.pairs = make([]weighed, 0, len(digests)*2)
	err = e.db.Fetch(ctx, "select a, b, weight, pull, conflict from linkage_pair", func(row pipeline.QueryRow) error {
		e.pairs = append(e.pairs, weighed{a: int32(row.Int(0)), b: int32(row.Int(1)), weight: row.Float(2), pull: row.Float(3), conflict: row.Bool(4)})
		return nil
	})
	l.Pairs = len(e.pairs)
	return l, err == nil, err
}

// unchanged reports whether the records kept are all there, in their places, and say
// what they said; it counts them.
func (e *engine) unchanged(ctx context.Context, l *learned, digests []uint64) (bool, error) {
	same := true
	err := e.db.Fetch(ctx, "select n, digest from linkage_mention", func(row pipeline.QueryRow) error {
		n := int(row.Int(0))
		same = same && n < len(digests) && int64(digests[n]) == row.Int(1)
		l.Mentions++
		return nil
	})
	return same && l.Mentions >= l.Records, err
}

// take makes a model's parameters m's own.
func (m *Model) take(from Model) {
	m.Records, m.Match, m.Relatives, m.Household, m.Rules = from.Records, from.Match, from.Relatives, from.Household, from.Rules
	for k := range m.Fields {
		for i, l := range from.Fields[k].Levels {
			to := &m.Fields[k].Levels[i]
			to.M, to.U, to.H = l.M, l.U, l.H
		}
	}
}

// Forget drops all that was kept for later runs.
func Forget(ctx context.Context, db DB) error {
	e := &engine{db: db, conn: db.Conn()}
	tables, err := e.keptTables(ctx, "current_database()")
	if err != nil {
		return fmt.Errorf("link: forget: %w", err)
	}
	return e.drop(ctx, tables...)
}

// Copy takes all that was kept in an attached database over into the current one.
func Copy(ctx context.Context, db DB, from string) error {
	e := &engine{db: db, conn: db.Conn()}
	tables, err := e.keptTables(ctx, quote(from))
	if err != nil {
		return fmt.Errorf("link: copy: %w", err)
	}
	for _, t := range tables {
		if err := e.exec(ctx, fmt.Sprintf("create or replace table %[1]s as from %[2]s.main.%[1]s", t, ident(from))); err != nil {
			return fmt.Errorf("link: copy: %w", err)
		}
	}
	return nil
}

func (e *engine) keptTables(ctx context.Context, database string) ([]string, error) {
	tables, err := e.strings(ctx, "select table_name from duckdb_tables() where not temporary and database_name = "+database+
		" and starts_with(table_name, "+quote(keptPrefix)+") order by 1")
	for i, t := range tables {
		tables[i] = ident(strings.ToLower(t))
	}
	return tables, err
}
