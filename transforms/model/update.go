package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What is derived can be brought up to date instead of derived again, when it is
// known whose rows changed. A header says how far a model allows for it:
//
//   - by: unit. The model's rows of one key, in that column, follow from the rows of
//     that key in other such models, and from nothing else that changes. The rows of
//     changed keys are derived again, and those of no key (NULL, or one that isn't
//     among the keys); the others stay.
//   - adds_up: [n, lines]. What the model says of all keys is the sum, in these
//     columns of whole numbers, of what it says of each; a row exists while the
//     first of them isn't 0. What it said of the changed keys is taken off, what it
//     says of them now is added.
//   - watches: [cohort_year]. Models of which a model by key takes more than its own
//     keys' rows: when one of them changes, everything is derived.
//
// Any other model is derived again, from all rows. Nothing but the SQL says what a
// model is: it is the same text that is asked about all keys and about some, with
// views of the same names before the tables that it reads. A check with local: true
// looks at the rows of one key at a time, so that it has to look at changed keys only.

// Changed says whose rows changed since the tables were derived: two tables of one
// column that have every key between them.
type Changed struct {
	Keys  string // those that changed, or are new, or are gone
	Still string // the others
}

// errWatched says that a watched model changed.
var errWatched = errors.New("a watched model changed")

// Update brings what Build derived up to date, in the caller's transaction. It
// reports whether that was possible; if not, everything was derived.
func (p *Project) Update(ctx context.Context, db DB, c Changed) (updated bool, err error) {
	u := &update{project: p, db: db, Changed: c}
	switch err := u.run(ctx); {
	case errors.Is(err, errWatched):
		return false, p.Build(ctx, db)
	case err != nil:
		return false, fmt.Errorf("update model: %w", err)
	}
	return true, nil
}

// update is one of all models.
type update struct {
	Changed
	project *Project
	db      DB
	main    string // what the database's own tables are qualified with
	steps   []step
	queries map[string]*query
	watched []string
}

func (u *update) exec(ctx context.Context, format string, args ...any) error {
	_, err := u.db.ExecContext(ctx, fmt.Sprintf(format, args...))
	return err
}

func (u *update) run(ctx context.Context) error {
	if err := u.project.layDocumentation(ctx, u.db); err != nil {
		return err
	}
	if err := u.begin(ctx); err != nil {
		return err
	}
	if err := u.keepOld(ctx); err != nil {
		return err
	}
	for _, s := range u.steps {
		if err := u.step(ctx, s); err != nil {
			return err
		}
	}
	return u.project.compareHeaders(ctx, u.db)
}

// begin finds out what is to be done.
func (u *update) begin(ctx context.Context) (err error) {
	if u.steps, err = u.project.plan(ctx, u.db); err != nil {
		return err
	}
	return u.index(ctx)
}

// index finds out where the models are.
func (u *update) index(ctx context.Context) error {
	u.queries = map[string]*query{}
	for _, q := range u.project.models {
		u.queries[q.name] = q
		u.watched = append(u.watched, q.header.Watches...)
	}
	return scan(ctx, u.db, "select current_database()", func(row []string) { u.main = ident(row[0]) + ".main." })
}

// keepOld asks, before anything changes, what models said of the changed keys, and
// keeps what is watched.
func (u *update) keepOld(ctx context.Context) error {
	if err := u.keepOldRows(ctx); err != nil {
		return err
	}
	for _, s := range u.steps {
		if s.query == nil || len(s.query.header.AddsUp) == 0 {
			continue
		}
		err := u.small(ctx, s.needs, old, func() error {
			return u.exec(ctx, "create or replace temp table %s as\n%s", ident(old+s.name), s.query.sql)
		})
		if err != nil {
			return fmt.Errorf("%s: %w", s.query.path, err)
		}
	}
	for _, name := range u.watched {
		if err := u.exec(ctx, "create or replace temp table %s as from %s", ident(old+name), u.main+ident(name)); err != nil {
			return err
		}
	}
	return nil
}

// keepOldRows keeps the changed keys' rows of the models that others add up.
func (u *update) keepOldRows(ctx context.Context) error {
	var names []string
	for _, s := range u.steps {
		if s.query != nil && len(s.query.header.AddsUp) > 0 {
			names = append(names, s.needs...)
		}
	}
	for _, family := range u.project.families() {
		if slices.Contains(names, family) {
			for _, q := range u.project.family(family) {
				names = append(names, q.name)
			}
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if q := u.queries[name]; q == nil || q.header.By == "" || q.layer == staging {
			continue
		}
		if err := u.exec(ctx, "create or replace temp table %s as %s", ident(old+name), u.changedRows(name)); err != nil {
			return err
		}
	}
	return nil
}

// changedRows selects a model's own rows of the changed keys.
func (u *update) changedRows(name string) string {
	return fmt.Sprintf("select * from %s where %s in (from %s)", u.main+ident(name), ident(u.queries[name].header.By), u.Keys)
}

// Prefixes of temporary tables: what was said of the changed keys, what is, what
// differs.
const (
	old        = "old_"
	now        = "now_"
	difference = "difference_"
)

func (u *update) step(ctx context.Context, s step) error {
	q := s.query
	if q == nil {
		return nil // a family is a view of its members
	}
	var err error
	switch {
	case q.layer == staging:
		return q.build(ctx, u.db) // a view, whatever is behind it
	case q.header.By != "":
		err = u.stepBy(ctx, s)
	case len(q.header.AddsUp) > 0:
		err = u.stepSum(ctx, s)
	default:
		return u.stepWhole(ctx, s)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", q.path, err)
	}
	return nil
}

// stepWhole derives a model from all rows.
func (u *update) stepWhole(ctx context.Context, s step) error {
	err := s.query.build(ctx, u.db)
	if err == nil && slices.Contains(u.watched, s.name) {
		return u.compareWatched(ctx, s.name)
	}
	return err
}

// derive asks a model about the changed keys.
func (u *update) derive(ctx context.Context, s step) error {
	return u.small(ctx, s.needs, now, func() error {
		return u.exec(ctx, "create or replace temp table %s as\n%s", ident(now+s.name), s.query.sql)
	})
}

// stepBy replaces the rows of changed keys, and of none.
func (u *update) stepBy(ctx context.Context, s step) error {
	if err := u.derive(ctx, s); err != nil {
		return err
	}
	table := u.main + ident(s.name)
	err := u.exec(ctx, "delete from %[1]s where not exists (from %[2]s as still(key) where key = %[1]s.%[3]s)", table, u.Still, ident(s.query.header.By))
	if err != nil {
		return err
	}
	return u.exec(ctx, "insert into %s from %s", table, ident(now+s.name))
}

// stepSum takes off what the model said of the changed keys and adds what it says,
// where that makes a difference.
func (u *update) stepSum(ctx context.Context, s step) error {
	if err := u.derive(ctx, s); err != nil {
		return err
	}
	shapes, err := describe(ctx, u.db)
	if err != nil {
		return err
	}
	var less, sum, differs, same []string
	for _, c := range shapes[now+s.name] {
		name := ident(c.Name)
		if slices.Contains(s.query.header.AddsUp, c.Name) {
			less, sum = append(less, "-"+name+" as "+name), append(sum, fmt.Sprintf("cast(sum(%s) as %s) as %s", name, c.Type, name))
			differs = append(differs, fmt.Sprintf("sum(part.%s) <> 0", name))
		} else {
			less, sum = append(less, name), append(sum, name)
			same = append(same, fmt.Sprintf("moved.%[1]s is not distinct from kept.%[1]s", name))
		}
	}
	table, moved := u.main+ident(s.name), "temp.main."+ident(difference+s.name)
	here := fmt.Sprintf("exists (from %s as moved where %s)", moved, strings.Join(same, " and "))
	for _, query := range []string{
		fmt.Sprintf("create or replace temp table %s as select %s from (from %s union all select %s from %s) as part group by all having %s",
			ident(difference+s.name), strings.Join(sum, ", "), ident(now+s.name), strings.Join(less, ", "), ident(old+s.name), strings.Join(differs, " or ")),
		fmt.Sprintf("create or replace temp table %s as select %s from (select * from %s as kept where %s union all from %s) as part group by all having sum(part.%s) <> 0",
			ident(now+s.name), strings.Join(sum, ", "), table, here, moved, ident(s.query.header.AddsUp[0])),
		fmt.Sprintf("delete from %s as kept where %s", table, here),
		fmt.Sprintf("insert into %s from %s", table, ident(now+s.name)),
	} {
		if err := u.exec(ctx, "%s", query); err != nil {
			return err
		}
	}
	return nil
}

// compareWatched fails when a watched model isn't what it was.
func (u *update) compareWatched(ctx context.Context, name string) error {
	changed := false
	err := scan(ctx, u.db, fmt.Sprintf("((from %[1]s except all from %[2]s) union all (from %[2]s except all from %[1]s)) limit 1", u.main+ident(name), ident(old+name)),
		func([]string) { changed = true })
	if err == nil && changed {
		return errWatched
	}
	return err
}

// small has names stand, while f works, for the rows of the changed keys only, in
// every model that is by key, as they were or as they are.
func (u *update) small(ctx context.Context, names []string, when string, f func() error) (err error) {
	var stood []string
	defer func() {
		for _, name := range stood {
			err = errors.Join(err, u.exec(context.WithoutCancel(ctx), "drop view temp.main.%s", ident(name)))
		}
	}()
	for _, name := range names {
		rows := u.rows(name, when)
		if rows == "" {
			continue
		}
		if err := u.exec(ctx, "create or replace temp view %s as %s", ident(name), rows); err != nil {
			return err
		}
		stood = append(stood, name)
	}
	return f()
}

// rows selects a model's rows of the changed keys; "" for one that isn't by key.
func (u *update) rows(name, when string) string {
	q := u.queries[name]
	if q == nil {
		return u.familyRows(name, when)
	}
	switch {
	case q.header.By == "":
		return ""
	case q.layer == staging:
		return u.changedRows(name)
	}
	return "select * from temp.main." + ident(when+name)
}

// familyRows does so for a family: of members that aren't by key, all rows.
func (u *update) familyRows(name, when string) string {
	var parts []string
	some := false
	for _, q := range u.project.family(name) {
		rows := u.rows(q.name, when)
		some = some || rows != ""
		if rows == "" {
			rows = "select * from " + u.main + ident(q.name)
		}
		parts = append(parts, fmt.Sprintf("select %s as source, * from (%s)", literal(q.name), rows))
	}
	if !some {
		return ""
	}
	return strings.Join(parts, " union all ")
}
