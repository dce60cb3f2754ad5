package model

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A model is asked about few rows by views of the names of the tables it reads, which
// stand before these: the same SQL then reads those rows.

// stand has views stand, by name what each selects, and no other.
func (u *update) stand(ctx context.Context, views map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(u.stood)) {
		if _, wanted := views[name]; wanted {
			continue
		}
		if err := u.exec(ctx, "drop view temp.main.%s", ident(name)); err != nil {
			return err
		}
		delete(u.stood, name)
	}
	for _, name := range slices.Sorted(maps.Keys(views)) {
		if u.stood[name] == views[name] {
			continue
		}
		if err := u.exec(ctx, "create or replace temp view %s as %s", ident(name), views[name]); err != nil {
			return err
		}
		u.stood[name] = views[name]
	}
	return nil
}

// small selects, of the models among names that are by key, the rows of the changed
// keys, as they were or as they are; and for a reader whose rows of no key are of
// something, what differs of the models these follow from.
func (u *update) small(names []string, when string, reader *query) map[string]string {
	views := map[string]string{}
	for _, name := range names {
		if rows := u.rows(name, when, reader); rows != "" {
			views[name] = rows
		}
	}
	return views
}

// ask asks a model while views stand, and keeps what it says in a temporary table.
func (u *update) ask(ctx context.Context, s step, when string, views map[string]string) error {
	if err := u.stand(ctx, views); err != nil {
		return err
	}
	return u.exec(ctx, "create or replace temp table %s as\n%s", ident(when+s.name), s.query.sql)
}

// rows selects a model's rows of the changed keys; "" for one that is read whole.
func (u *update) rows(name, when string, reader *query) string {
	q := u.queries[name]
	switch {
	case q == nil && when == now:
		return u.familyRows(name, reader)
	case q == nil && u.ownRows(name) == "":
		return ""
	case q == nil: // as it was kept
	case q.header.By == "" && q.header.Of != "" && reader != nil && reader.header.Of != "":
		return fmt.Sprintf("select * from %s where %s", u.main+ident(name), marked(ident(q.header.Of)))
	case q.header.By == "":
		return ""
	case q.layer == staging:
		return u.changedRows(name)
	}
	return "select * from temp.main." + ident(when+name)
}

// familyRows does so for a family as it is: of members that are read whole, all rows.
func (u *update) familyRows(name string, reader *query) string {
	some := false
	all := u.union(name, func(q *query) string {
		rows := u.rows(q.name, now, reader)
		some = some || rows != ""
		return cmp.Or(rows, "select * from "+u.main+ident(q.name))
	})
	if !some {
		return ""
	}
	return all
}

// union selects the rows of a family's members, each with its member's name first, as the
// family's view does; "" when no member has any.
func (u *update) union(family string, rows func(*query) string) string {
	var parts []string
	for _, q := range u.project.family(family) {
		if of := rows(q); of != "" {
			parts = append(parts, fmt.Sprintf("select %s as source, * from (%s)", literal(q.name), of))
		}
	}
	return strings.Join(parts, " union all ")
}
