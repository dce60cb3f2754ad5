package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// What is derived can be brought up to date instead of derived again, when it is
// known whose rows changed. A header says how far a model allows for it:
//
//   - by: unit. The model's rows of one key, in that column, follow from the rows of
//     that key in other such models, and from nothing else that changes. The rows of
//     changed keys are derived again, and those of no key (NULL, or one that isn't
//     among the keys); the others stay.
//   - of: submission_id. A model that isn't by key is derived from all rows, but
//     written only where it differs from what it was, value by value of this column.
//     In one that is by key, rows whose key is NULL follow, value by value of this
//     column, from such models: they are derived again where these differ, only.
//   - adds_up: [n, lines]. What the model says of all keys is the sum, in these
//     columns of whole numbers, of what it says of each; a row exists while the
//     first of them isn't 0. What it said of the changed keys is taken off, what it
//     says of them now is added. Rows of no key add nothing.
//   - watches: [base_year]. Models of which a model by key takes more than its own
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
	u := newUpdate(p, db, c)
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
	stood   map[string]string // views before tables: what each selects
}

func newUpdate(p *Project, db DB, c Changed) *update {
	return &update{project: p, db: db, Changed: c, stood: map[string]string{}}
}

func (u *update) exec(ctx context.Context, format string, args ...any) error {
	_, err := u.db.ExecContext(ctx, fmt.Sprintf(format, args...))
	return err
}

func (u *update) run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, u.stand(context.WithoutCancel(ctx), nil)) }()
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
	return nil // headers were held to this SQL when it derived everything
}

// begin finds out what is to be done.
func (u *update) begin(ctx context.Context) (err error) {
	if u.steps, err = u.project.plan(ctx, u.db); err != nil {
		return err
	}
	if err := u.exec(ctx, "create or replace temp table %s (value varchar)", marks); err != nil {
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
	slices.Sort(u.watched)
	u.watched = slices.Compact(u.watched)
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
		if err := u.ask(ctx, s, old, u.small(s.needs, old, s.query)); err != nil {
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

// keepOldRows keeps the changed keys' rows of what others add up.
func (u *update) keepOldRows(ctx context.Context) error {
	var names []string
	for _, s := range u.steps {
		if s.query != nil && len(s.query.header.AddsUp) > 0 {
			names = append(names, s.needs...)
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if rows := u.ownRows(name); rows != "" {
			if err := u.exec(ctx, "create or replace temp table %s as %s", ident(old+name), rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownRows selects what a model, or the members of a family, have of the changed keys; ""
// when none is by key.
func (u *update) ownRows(name string) string {
	q := u.queries[name]
	switch {
	case q == nil:
		return u.union(name, func(q *query) string { return u.ownRows(q.name) })
	case q.header.By == "" || q.layer == staging:
		return ""
	}
	return u.changedRows(name)
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
		return nil // a view of what is behind it, made by the same SQL
	case q.header.By != "":
		err = u.stepBy(ctx, s)
	case q.header.Of != "":
		err = u.stepOf(ctx, s)
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
