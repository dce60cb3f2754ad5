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

// clusters numbers, for each description, the person that its mention is of, and
// lays down what a human should decide.
func (r *runner) clusters(ctx context.Context, said []description) ([]int32, error) {
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
	clusters, err := numbered(result, said)
	if err == nil {
		err = r.layQuestions(ctx, result, said)
	}
	return clusters, errors.Join(err, result.Close(ctx), r.showBuried(ctx))
}

// numbered gives each description's cluster a number. Both are in the order of
// mentions.
func numbered(result *link.Result, said []description) ([]int32, error) {
	if len(result.IDs) != len(said) {
		return nil, fmt.Errorf("link: %d mentions linked of %d", len(result.IDs), len(said))
	}
	of, numbers := make([]int32, 0, len(said)), map[string]int32{}
	for mention, cluster := range result.Clusters() {
		if d := said[len(of)]; d.mention != mention {
			return nil, fmt.Errorf("link: mention %d of %d is another one", len(of)+1, len(said))
		}
		n, known := numbers[cluster]
		if !known {
			n = int32(len(numbers))
			numbers[cluster] = n
		}
		of = append(of, n)
	}
	return of, nil
}

// shared stands for the owner of a key that two clusters' descriptions have.
const shared = -1

// people gathers clusters with the keys of their descriptions. A description that
// two different persons share (a name and nothing else, or two persons whom a
// human told apart) is told apart by the report it stands in, or by its row.
func (r *runner) people(clusters []int32, said []description) ([]person, error) {
	secret, err := r.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	owner, persons := make(map[string]int32, 2*len(said)), int32(0)
	own := func(key string, cluster int32) {
		if other, seen := owner[key]; seen && other != cluster {
			cluster = shared
		}
		owner[key] = cluster
	}
	for i, d := range said {
		own(d.exact, clusters[i])
		own(d.placed, clusters[i])
		persons = max(persons, clusters[i]+1)
	}
	people := make([]person, persons)
	for i, d := range said {
		p := &people[clusters[i]]
		key, also := d.exact, d.placed
		switch {
		case owner[d.exact] != shared:
		case owner[d.placed] != shared:
			key, also = d.placed, d.exact
		default:
			key, also = keyed(secret, "identity\n"+d.placed+"\n"+d.mention, 32), d.exact
		}
		p.keys, p.also, p.mentions = append(p.keys, key), append(p.also, also), append(p.mentions, d.mention)
	}
	for i := range people {
		p := &people[i]
		slices.Sort(p.keys)
		slices.Sort(p.also)
		p.keys, p.also = slices.Compact(p.keys), slices.Compact(p.also)
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
