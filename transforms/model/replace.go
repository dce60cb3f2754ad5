package model

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// How each kind of model is brought up to date.

// stepWhole derives a model from all rows.
func (u *update) stepWhole(ctx context.Context, s step) error {
	if err := u.stand(ctx, nil); err != nil {
		return err
	}
	err := s.query.create(ctx, u.db)
	if err == nil && slices.Contains(u.watched, s.name) {
		return u.compareWatched(ctx, s.name)
	}
	return err
}

// derive asks a model about the changed keys.
func (u *update) derive(ctx context.Context, s step) error {
	return u.ask(ctx, s, now, u.small(s.needs, now, s.query))
}

// stepBy replaces the rows of changed keys, and of none: of these, when they are of
// something else, those of what differs.
func (u *update) stepBy(ctx context.Context, s step) error {
	if err := u.derive(ctx, s); err != nil {
		return err
	}
	table, by, of := u.main+ident(s.name), ident(s.query.header.By), ident(s.query.header.Of)
	goes := fmt.Sprintf("not exists (from %s as still(key) where key = %s.%s)", u.Still, table, by)
	if s.query.header.Of != "" {
		goes = fmt.Sprintf("%[1]s in (from %[2]s) or %[1]s is null and %[3]s", by, u.Keys, marked(of))
	}
	if err := u.exec(ctx, "delete from %s where %s", table, goes); err != nil {
		return err
	}
	return u.exec(ctx, "insert into %s from %s", table, ident(now+s.name))
}

// stepOf derives a model from all rows and writes what differs, by the values of its
// column. Rows are compared by their hashes, value by value.
func (u *update) stepOf(ctx context.Context, s step) error {
	if err := u.ask(ctx, s, now, nil); err != nil {
		return err
	}
	derived, table, of := ident(now+s.name), u.main+ident(s.name), ident(s.query.header.Of)
	err := u.exec(ctx, `insert into %[1]s select distinct value from (
			select %[4]s as value, hash(here) as said, 1 as times from %[2]s as here union all
			select %[4]s, hash(there), -1 from %[3]s as there
		) group by value, said having sum(times) <> 0`, marks, derived, table, of)
	if err != nil {
		return err
	}
	if err := u.exec(ctx, "delete from %s where %s", table, marked(of)); err != nil {
		return err
	}
	return u.exec(ctx, "insert into %s from %s where %s", table, derived, marked(of))
}

// marks are the values, of the columns of models that are of something, whose rows
// differ from what they were.
const marks = "temp.main.marks"

// marked is the condition that a column has such a value.
func marked(of string) string {
	return fmt.Sprintf("exists (from %s where value is not distinct from %s)", marks, of)
}

// stepSum takes off what the model said of the changed keys and adds what it says,
// where that makes a difference.
func (u *update) stepSum(ctx context.Context, s step) error {
	if err := u.derive(ctx, s); err != nil {
		return err
	}
	columns, err := columnsOf(ctx, u.db, "temp.main."+now+s.name)
	if err != nil {
		return err
	}
	var less, sum, differs, same []string
	for _, c := range columns {
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
