package link

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// What a run learned and weighed is kept for later ones in tables named linkage_*,
// beside the mentions it is about:
//
//	linkage_state      one text: the learned, in JSON
//	linkage_mention    n, id, digest: the records, and a hash of what each said
//	linkage_record     link_record of them
//	linkage_key        rule, key, n: the keys of each record, by the rules in use
//	linkage_pair       a, b, weight, pull, conflict: candidate pairs worth remembering
//	linkage_completed  the same, of pairs weighed to complete a component
//	linkage_count_*    link_count_*: how frequent values were among those learned from
//	linkage_role       word, given, family: how often a word was seen in which name
//
// They hold what mentions say of people, and are as private.
const keptPrefix = "linkage_"

// learned is what later runs need beside the tables.
type learned struct {
	Fingerprint string // of the program and its rules
	End         int    // the last submission of the reference
	Records     int    // learned from
	Model       Model
	Typical     map[string]float64
	Along       map[int][]int
	Crowds      []string
	Rules       []keptRule // in use
	Window      int
}

type keptRule struct{ Number, Pairs int }

// table is where a thing that may be kept is.
func (e *engine) table(name string) string {
	if e.kept {
		return keptPrefix + name
	}
	return "link_" + name
}

// create begins the statement that makes it.
func (e *engine) create(name string) string {
	if e.kept {
		return "create or replace table " + keptPrefix + name
	}
	return "create or replace temp table link_" + name
}

// showRecords shows the records kept under the name that queries know.
func (e *engine) showRecords(ctx context.Context) error {
	if !e.kept {
		return nil
	}
	return e.exec(ctx, "create or replace temp view link_record as from linkage_record")
}

// digest is the SQL of a hash of all that a loaded record says.
func (e *engine) digest() string {
	return "hash(" + list(e.inputColumns(), func(i int, _ string) string { return fmt.Sprintf("i%d", i) }, ", ") + ")"
}

// note keeps which records were learned from, and what they said; where nothing is
// kept, they are those that will be clustered.
func (e *engine) note(ctx context.Context) (err error) {
	if !e.kept {
		e.ids, err = e.strings(ctx, "select id from link_input order by n")
		return err
	}
	return e.exec(ctx, e.create("mention")+" as select n::integer as n, id, "+e.digest()+" as digest from link_input order by n")
}

// createKeys makes room for the keys of records.
func (e *engine) createKeys(ctx context.Context) error {
	if !e.kept {
		return nil
	}
	return e.exec(ctx, e.create("key")+" (rule utinyint, key ubigint, n integer)")
}

// keepKeys keeps link_key, the keys of a rule.
func (e *engine) keepKeys(ctx context.Context, rule int) error {
	if !e.kept {
		return nil
	}
	return e.keepSome(ctx, "linkage_key", "link_key", fmt.Sprintf("%d, key, n from link_key order by key, n", rule))
}

// keepSome adds rows selected from a temporary table to a kept one, unless there are
// none: DuckDB 1.5.6 loses what is inserted into a table after a select of no rows
// was, in a transaction that has put hundreds of thousands there (TestKeepNothing).
func (e *engine) keepSome(ctx context.Context, into, from, selected string) error {
	var some bool
	if err := e.conn.QueryRowContext(ctx, "select exists(from "+from+")").Scan(&some); err != nil || !some {
		return err
	}
	return e.exec(ctx, "insert into "+into+" select "+selected)
}

// fingerprint is of all that decides how records are compared, so far as it shows:
// the program's version, and its SQL.
func (e *engine) fingerprint() string {
	blank := &engine{fields: e.fields, plan: newPlan(e.fields)}
	h := sha256.New()
	fmt.Fprintln(h, e.options.Version, blank.plan.query(""), blank.doubts(), blank.plan.anyConflict(), keep, perRecord, own, weigh)
	for _, r := range blank.plan.rules() {
		fmt.Fprintln(h, r.keysSQL(0), r.order)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// remember writes down what was learned.
func (e *engine) remember(ctx context.Context, end int) error {
	_, window := e.budget()
	l := learned{Fingerprint: e.fingerprint(), End: end, Records: e.n, Model: *e.model, Typical: e.typical, Along: e.along, Crowds: e.crowds, Window: window}
	for _, b := range e.blocked {
		l.Rules = append(l.Rules, keptRule{b.number, b.pairs})
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := e.keepRoles(ctx); err != nil {
		return err
	}
	for _, query := range []string{
		e.create("completed") + " (a integer, b integer, weight double, pull double, conflict boolean)",
		e.create("state") + " as select " + quote(string(text)) + " as state",
	} {
		if err := e.exec(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// resume takes up what an earlier run learned from the reference that ends at end;
// false when there is no such thing, or other rules made it.
func (e *engine) resume(ctx context.Context, end int) (learned, bool, error) {
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
	if err := json.Unmarshal([]byte(text), &l); err != nil || l.End != end || l.Fingerprint != e.fingerprint() {
		return l, false, nil
	}
	e.n, e.typical, e.along, e.crowds = l.Records, l.Typical, l.Along, l.Crowds
	e.plan = newPlan(e.fields)
	e.plan.typical = e.typical
	e.model = e.plan.newModel(e.n)
	e.model.take(l.Model)
	rules := e.plan.rules()
	for _, r := range l.Rules {
		e.blocked = append(e.blocked, blocking{rule: rules[r.Number], number: r.Number, pairs: r.Pairs})
	}
	return l, true, e.recallRoles(ctx)
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

// keepRoles writes down what words of names were seen as.
func (e *engine) keepRoles(ctx context.Context) error {
	if err := e.exec(ctx, e.create("role")+" (word varchar, given double, family double)"); err != nil || e.roles == nil {
		return err
	}
	_, err := e.db.Append(ctx, e.table("role"), nil, e.roles.rows())
	return err
}

func (e *engine) recallRoles(ctx context.Context) error {
	if len(e.full) == 0 {
		return nil
	}
	e.roles = newRoles()
	rows, err := e.conn.QueryContext(ctx, "select word, given, family from linkage_role order by word")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var word string
		var given, family float64
		if err := rows.Scan(&word, &given, &family); err != nil {
			return err
		}
		e.roles.add(word, given, family)
	}
	return rows.Err()
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
