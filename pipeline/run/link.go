package run

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"

	"cp3/transforms/link"
)

// link decides which mentions are the same person and gives each person its id.
// Mentions of every submission that stands are linked together, within and
// across members.
func (r *runner) link(ctx context.Context) error {
	r.Progress.Stage("link", 0)
	clusters, err := r.clusters(ctx)
	if err != nil {
		return err
	}
	people, err := r.people(ctx, clusters)
	if err != nil {
		return err
	}
	g, err := r.registry(ctx)
	if err != nil {
		return err
	}
	ids, learn := g.assign(people)
	buried, err := r.buriedPersons(ctx, g)
	if err != nil {
		return err
	}
	if err := r.writePersons(ctx, people, ids, buried); err != nil {
		return err
	}
	r.described = describe(people, ids)
	if err := r.learnIDs(ctx, learn); err != nil {
		return err
	}
	r.Log.Info("linked", "mentions", len(clusters), "persons", len(people))
	return nil
}

// clusters maps each mention to the mention that stands for its person.
func (r *runner) clusters(ctx context.Context) (map[string]string, error) {
	standing, _, err := scalar[int64](ctx, r.db.Conn(), `select count(*) from mention join submission using (submission_id)
		where submission.status in ('acceptee', 'reserves')`)
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	if standing == 0 {
		return nil, nil // nobody to link, nothing to learn from
	}
	if err := r.hideBuried(ctx); err != nil {
		return nil, err
	}
	result, err := link.Mentions(ctx, r.db, nil, link.Options{})
	if err != nil {
		return nil, err
	}
	clusters := make(map[string]string, len(result.IDs))
	for mention, cluster := range result.Clusters() {
		clusters[mention] = cluster
	}
	return clusters, errors.Join(result.Close(ctx), r.showBuried(ctx))
}

// people gathers clusters with the identity keys of their mentions. A description
// so thin that two different persons share it (a name and nothing else) is told
// apart by where it stands.
func (r *runner) people(ctx context.Context, clusters map[string]string) ([]person, error) {
	secret, err := r.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	found, err := r.db.Conn().QueryContext(ctx, `select mention_id, submission_id, sheet, row, coalesce(family_name, ''), coalesce(given_name, ''),
		coalesce(full_name, ''), sex, coalesce(birth_date::varchar, ''), coalesce(birth_precision, ''), coalesce(nationality, ''),
		coalesce(doc_type, ''), coalesce(doc_number, ''), coalesce(phone, '') from mention order by mention_id`)
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	defer found.Close()
	keyOf := map[string]string{}
	owner := map[string]string{} // identity key -> cluster, "" when shared
	for found.Next() {
		var mention, submission, sheet string
		var row int
		fields := make([]string, 10)
		into := []any{&mention, &submission, &sheet, &row}
		for i := range fields {
			into = append(into, &fields[i])
		}
		if err := found.Scan(into...); err != nil {
			return nil, fmt.Errorf("link: %w", err)
		}
		cluster, ok := clusters[mention]
		if !ok || r.buried(submission) {
			continue // of a submission that does not stand, or says no more who it is about
		}
		key := identityKey(secret, fields...)
		keyOf[mention] = key
		if other, seen := owner[key]; seen && other != cluster {
			cluster = ""
		}
		owner[key] = cluster
	}
	if err := found.Err(); err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	byCluster := map[string]*person{}
	for mention, key := range keyOf {
		if owner[key] == "" {
			key = keyed(secret, "identity\n"+key+"\n"+mention)[:32]
		}
		p := byCluster[clusters[mention]]
		if p == nil {
			p = &person{}
			byCluster[clusters[mention]] = p
		}
		p.keys = append(p.keys, key)
		p.mentions = append(p.mentions, mention)
	}
	people := make([]person, 0, len(byCluster))
	for _, p := range byCluster {
		slices.Sort(p.mentions)
		slices.Sort(p.keys)
		p.keys = slices.Compact(p.keys)
		people = append(people, *p)
	}
	slices.SortFunc(people, func(a, b person) int { return slices.Compare(a.keys, b.keys) })
	return people, nil
}

// registry reads the ids issued so far, oldest first.
func (r *runner) registry(ctx context.Context) (*registry, error) {
	secret, err := r.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	g := &registry{secret: secret, byKey: map[string]issuedID{}, issued: map[string]bool{}}
	found, err := r.db.Conn().QueryContext(ctx, "select identity_key, person_id from person_registry order by rowid")
	if err != nil {
		return nil, fmt.Errorf("person registry: %w", err)
	}
	defer found.Close()
	first := map[string]int{}
	for n := 0; found.Next(); n++ {
		var key, id string
		if err := found.Scan(&key, &id); err != nil {
			return nil, fmt.Errorf("person registry: %w", err)
		}
		if _, ok := first[id]; !ok {
			first[id] = n
		}
		g.byKey[key] = issuedID{id, first[id]}
		g.issued[id] = true
	}
	return g, found.Err()
}

// describe lists what is known of each person by the registry.
func describe(people []person, ids []string) []newRow {
	var all []newRow
	for i, p := range people {
		for _, key := range p.keys {
			all = append(all, newRow{key, ids[i]})
		}
	}
	return all
}

func (r *runner) writePersons(ctx context.Context, people []person, ids []string, buried [][]driver.Value) error {
	if err := r.db.Exec(ctx, "delete from person_mention"); err != nil {
		return fmt.Errorf("write persons: %w", err)
	}
	_, err := r.db.Append(ctx, "person_mention", nil, func(yield func([]driver.Value) bool) {
		for i, p := range people {
			for _, m := range p.mentions {
				if !yield([]driver.Value{m, ids[i]}) {
					return
				}
			}
		}
		for _, row := range buried {
			if !yield(row) {
				return
			}
		}
	})
	return err
}

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
