package run

import (
	"context"
	"database/sql/driver"
	"fmt"
)

// registryOf reads what the registry says of some keys, and of the ids they go under.
func (r *runner) registryOf(ctx context.Context, keys []string) (*registry, error) {
	secret, err := r.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	g := &registry{secret: secret, byKey: map[string]issuedID{}, issued: map[string]bool{}}
	if err := r.layTexts(ctx, "registry_asked", keys); err != nil {
		return nil, fmt.Errorf("person registry: %w", err)
	}
	// The latest id of each key, and when it was first issued.
	found, err := r.db.Conn().QueryContext(ctx, `with known as (
			select g.identity_key, arg_max(g.person_id, g.rowid) as person_id
			from person_registry g semi join registry_asked a on a.value = g.identity_key group by g.identity_key
		),
		issued as (select person_id, min(g.rowid) as n from person_registry g semi join known using (person_id) group by person_id)
		select identity_key, person_id, n from known join issued using (person_id)`)
	if err != nil {
		return nil, fmt.Errorf("person registry: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var key string
		var known issuedID
		if err := found.Scan(&key, &known.id, &known.order); err != nil {
			return nil, fmt.Errorf("person registry: %w", err)
		}
		g.byKey[key] = known
	}
	return g, found.Err()
}

// readIssued reads which of the ids that these people could be given next were given
// before.
func (r *runner) readIssued(ctx context.Context, g *registry, people []person) error {
	next := make([]string, len(people)) // keys
	for i, p := range people {
		next[i] = p.keys[0]
	}
	for n := 0; len(next) > 0; n++ {
		ids, keyOf := make([]string, len(next)), make(map[string]string, len(next))
		for i, key := range next {
			ids[i] = g.id(key, n)
			keyOf[ids[i]] = key
		}
		if err := r.layTexts(ctx, "registry_asked", ids); err != nil {
			return fmt.Errorf("person registry: %w", err)
		}
		issued, err := column[string](ctx, r.db.Conn(), "select distinct person_id from person_registry semi join registry_asked a on a.value = person_id")
		if err != nil {
			return fmt.Errorf("person registry: %w", err)
		}
		next = next[:0]
		for _, id := range issued {
			g.issued[id] = true
			next = append(next, keyOf[id])
		}
	}
	return nil
}

// layTexts makes a temporary table of one column, value.
func (r *runner) layTexts(ctx context.Context, table string, texts []string) error {
	if err := r.db.Exec(ctx, "create or replace temp table "+table+" (value varchar)"); err != nil {
		return err
	}
	_, err := r.db.Append(ctx, table, nil, func(yield func([]driver.Value) bool) {
		row := make([]driver.Value, 1)
		for i := range texts {
			row[0] = &texts[i]
			if !yield(row) {
				return
			}
		}
	})
	return err
}

// described are the descriptions of the persons linked, and their ids, for a purge:
// it makes the warehouse anew, where every person is one the registry was asked about.
func (c *census) described() []newRow {
	if !c.fresh {
		return nil
	}
	var all []newRow
	for _, p := range c.people {
		for _, key := range p.keys {
			all = append(all, newRow{key, c.ids[p.number]})
		}
	}
	return all
}

// learnIDs adds to the registry.
func (r *runner) learnIDs(ctx context.Context, learn []newRow) error {
	_, err := r.db.Append(ctx, "person_registry", nil, func(yield func([]driver.Value) bool) {
		for _, l := range learn {
			if !yield([]driver.Value{l.key, l.id, civil(r.at, r.Config.zone)}) {
				return
			}
		}
	})
	return err
}
