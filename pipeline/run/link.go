package run

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"

	"cp3/transforms/link"
)

// link decides which mentions are the same person and gives each person its id.
// Mentions of every submission that stands are linked together, within and across
// members, whatever was linked before: what a night finds is what one night with
// everything would have found. Only ids remember.
func (r *runner) link(ctx context.Context, e edition) error {
	r.Progress.Stage("link", 0)
	said, err := r.descriptions(ctx, r.db.Conn())
	if err != nil {
		return fmt.Errorf("link: %w", err)
	}
	linked, err := r.clusters(ctx, said)
	if err != nil {
		return err
	}
	people, err := r.people(linked, said)
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
	if err := r.keepChanges(ctx, e, g, people, ids, said); err != nil {
		return err
	}
	if err := r.writePersons(ctx, people, ids, buried); err != nil {
		return err
	}
	r.described = describe(people, ids)
	if err := r.learnIDs(ctx, learn); err != nil {
		return err
	}
	r.Log.Info("linked", "mentions", len(linked), "persons", len(people))
	return nil
}

// clusters maps each mention to the mention that stands for its person, and lays
// down what a human should decide.
func (r *runner) clusters(ctx context.Context, said []description) (map[string]string, error) {
	if len(said) == 0 {
		return nil, r.layQuestions(ctx, nil, said) // nobody to link, nothing to learn from
	}
	if err := r.hideBuried(ctx); err != nil {
		return nil, err
	}
	result, err := link.Mentions(ctx, r.db, linkDecisions(standing(r.pairs), said), link.Options{})
	if err != nil {
		return nil, err
	}
	clusters := maps.Collect(result.Clusters())
	err = r.layQuestions(ctx, result, said)
	return clusters, errors.Join(err, result.Close(ctx), r.showBuried(ctx))
}

// people gathers clusters with the keys of their descriptions. A description that
// two different persons share (a name and nothing else, or two persons whom a
// human told apart) is told apart by the report it stands in, or by its row.
func (r *runner) people(clusters map[string]string, said []description) ([]person, error) {
	secret, err := r.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	owner := map[string]string{} // key -> cluster, "" when shared
	own := func(key, cluster string) {
		if other, seen := owner[key]; seen && other != cluster {
			cluster = ""
		}
		owner[key] = cluster
	}
	for _, d := range said {
		own(d.exact, clusters[d.mention])
		own(d.placed, clusters[d.mention])
	}
	byCluster := map[string]*person{}
	for _, d := range said {
		p := byCluster[clusters[d.mention]]
		if p == nil {
			p = &person{}
			byCluster[clusters[d.mention]] = p
		}
		key, also := d.exact, d.placed
		switch {
		case owner[d.exact] != "":
		case owner[d.placed] != "":
			key, also = d.placed, d.exact
		default:
			key, also = keyed(secret, "identity\n"+d.placed+"\n"+d.mention)[:32], d.exact
		}
		p.keys, p.also, p.mentions = append(p.keys, key), append(p.also, also), append(p.mentions, d.mention)
	}
	people := make([]person, 0, len(byCluster))
	for _, p := range byCluster {
		slices.Sort(p.keys)
		slices.Sort(p.also)
		p.keys, p.also = slices.Compact(p.keys), slices.Compact(p.also)
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
