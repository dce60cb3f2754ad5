package run

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
)

// A census is who is who tonight beside who was who: the persons that linkage found,
// and the ids their mentions went under. Most persons are who they were, with the
// same rows; only of the others, and of those they share words or an id with, does
// the registry have to be asked anything.
type census struct {
	*runner
	said  []description
	of    []int32 // the person of each description, by number
	sizes []int32 // mentions of each person
	// gone are mentions that went under an id in the edition before, and don't stand.
	gone []departed
	open []bool   // persons to ask the registry about
	ids  []string // of each person: of those who aren't open, the one they had
	// Of those that are open.
	people   []person
	registry *registry
}

// departed is a mention that stands no more, and what it said.
type departed struct{ mention, id, exact, placed string }

// takeCensus compares tonight's persons with those before.
func (r *runner) takeCensus(ctx context.Context, said []description, of []int32) (*census, error) {
	c := &census{runner: r, said: said, of: of}
	persons := int32(0)
	for _, n := range of {
		persons = max(persons, n+1)
	}
	c.sizes, c.open, c.ids = make([]int32, persons), make([]bool, persons), make([]string, persons)
	for _, n := range of {
		c.sizes[n]++
	}
	if err := c.readGone(ctx); err != nil {
		return nil, err
	}
	c.openChanged()
	c.openSharing()
	return c, c.ask(ctx)
}

// readGone reads the mentions that stand no more: none, most nights.
func (c *census) readGone(ctx context.Context) error {
	n := int64(0)
	for _, d := range c.said {
		if d.was != "" {
			n++
		}
	}
	before, _, err := scalar[int64](ctx, c.db.Conn(), "select count(*) from person_mention")
	if err != nil || before == n {
		return err
	}
	found, err := c.db.Conn().QueryContext(ctx, `select p.mention_id, p.person_id, coalesce(d.keys, '') from person_mention p
		left join description d using (mention_id) left join submission s using (submission_id)
		where s.status is null or s.status not in ('acceptee', 'reserves')`)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var d departed
		var keys string
		if err := found.Scan(&d.mention, &d.id, &keys); err != nil {
			return err
		}
		if len(keys) >= 2*keyDigits {
			d.exact, d.placed = keys[:keyDigits], keys[keyDigits:2*keyDigits]
		}
		c.gone = append(c.gone, d)
	}
	return found.Err()
}

// openChanged opens the persons that don't have the same rows as before, saying the
// same.
func (c *census) openChanged() {
	before := map[string]int32{} // id -> its mentions
	for _, d := range c.said {
		before[d.was]++
	}
	for _, d := range c.gone {
		before[d.id]++
	}
	for i, d := range c.said {
		switch n := c.of[i]; {
		case d.was == "" || d.made:
			c.open[n] = true
		case c.ids[n] == "":
			c.ids[n] = d.was
			c.open[n] = c.open[n] || before[d.was] != c.sizes[n]
		case c.ids[n] != d.was:
			c.open[n] = true
		}
	}
}

// openSharing opens the persons that share words with one that changed: what tells
// them apart may have changed with it.
func (c *census) openSharing() {
	words := map[string]bool{}
	for i, d := range c.said {
		if c.open[c.of[i]] {
			words[d.exact], words[d.placed] = true, true
		}
	}
	for _, d := range c.gone {
		words[d.exact], words[d.placed] = true, true
	}
	var sharing []int32
	for i, d := range c.said {
		if n := c.of[i]; !c.open[n] && (words[d.exact] || words[d.placed]) {
			sharing = append(sharing, n)
		}
	}
	c.openAll(sharing)
}

func (c *census) openAll(persons []int32) {
	for _, n := range persons {
		c.open[n] = true
	}
}

// ask asks the registry about those that are open, and about those whose id one of
// them went under, until there are no more.
func (c *census) ask(ctx context.Context) error {
	holder := map[string]int32{}
	for n, id := range c.ids {
		if !c.open[n] {
			holder[id] = int32(n)
		}
	}
	for {
		var err error
		if c.people, err = c.gather(); err != nil {
			return err
		}
		if c.registry, err = c.registryOf(ctx, c.keys()); err != nil {
			return err
		}
		var claimed []int32
		for _, known := range c.registry.byKey {
			if n, ok := holder[known.id]; ok && !c.open[n] {
				claimed = append(claimed, n)
			}
		}
		if len(claimed) == 0 {
			return c.readIssued(ctx, c.registry, c.people)
		}
		c.openAll(claimed)
	}
}

// keys are all by which the registry may know those that are open.
func (c *census) keys() []string {
	var keys []string
	for _, p := range c.people {
		keys = append(append(keys, p.keys...), p.also...)
	}
	for i, d := range c.said {
		if c.open[c.of[i]] {
			keys = append(keys, d.placed, d.exact)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// shared stands for the owner of a key that two persons' descriptions have.
const shared = -1

// gather makes the persons that are open, with the keys of their descriptions. A
// description that two different persons share (a name and nothing else, or two
// persons whom a human told apart) is told apart by the report it stands in, or by
// its row.
func (c *census) gather() ([]person, error) {
	secret, err := c.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	owner := c.owners()
	place := make([]int32, len(c.sizes)) // in people, from 1
	var people []person
	for i, d := range c.said {
		n := c.of[i]
		if !c.open[n] {
			continue
		}
		if place[n] == 0 {
			people = append(people, person{number: n, mentions: make([]string, 0, c.sizes[n])})
			place[n] = int32(len(people))
		}
		p := &people[place[n]-1]
		key, also := d.exact, d.placed
		switch {
		case owner[d.exact] != shared:
		case owner[d.placed] != shared:
			key, also = d.placed, d.exact
		default:
			key, also = keyed(secret, "identity\n"+d.placed+"\n"+d.mention, keyDigits), d.exact
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

// owners finds whose the words of those that are open are, among everybody.
func (c *census) owners() map[string]int32 {
	owner := map[string]int32{}
	for i, d := range c.said {
		if n := c.of[i]; c.open[n] {
			for _, key := range []string{d.exact, d.placed} {
				if other, seen := owner[key]; seen && other != n {
					owner[key] = shared
				} else {
					owner[key] = n
				}
			}
		}
	}
	for i, d := range c.said {
		if n := c.of[i]; !c.open[n] {
			for _, key := range []string{d.exact, d.placed} {
				if _, seen := owner[key]; seen {
					owner[key] = shared
				}
			}
		}
	}
	return owner
}

// name gives everybody their id, and returns what the registry must learn.
func (c *census) name() []newRow {
	ids, learn := c.registry.assign(c.people)
	for i, p := range c.people {
		c.ids[p.number] = ids[i]
	}
	return learn
}

// write brings table person_mention from what it was to what it is, and leaves in
// tables person_moved and person_still whose rows are not what they were, and whose
// are. buried are rows of purged mentions.
func (c *census) write(ctx context.Context, buried [][]driver.Value) error {
	var off, on [][]driver.Value
	moved := map[string]bool{}
	move := func(mention, was, is string) {
		if was == is {
			return
		}
		if was != "" {
			off, moved[was] = append(off, []driver.Value{mention}), true
		}
		if is != "" {
			on, moved[is] = append(on, []driver.Value{mention, is}), true
		}
	}
	stays := map[string]string{}
	for _, row := range buried {
		stays[row[0].(string)] = row[1].(string)
	}
	for _, d := range c.gone {
		move(d.mention, d.id, stays[d.mention])
		delete(stays, d.mention)
	}
	for i, d := range c.said {
		move(d.mention, d.was, c.ids[c.of[i]])
	}
	for _, row := range buried {
		if id, ok := stays[row[0].(string)]; ok {
			move(row[0].(string), "", id)
		}
	}
	return c.writeMoves(ctx, off, on, moved)
}

func (c *census) writeMoves(ctx context.Context, off, on [][]driver.Value, moved map[string]bool) error {
	err := c.db.Exec(ctx, "create or replace temp table person_off (mention_id varchar); create or replace temp table person_moved (person_id varchar)")
	if err == nil && len(off) > 0 {
		if _, err = c.db.Append(ctx, "person_off", nil, slices.Values(off)); err == nil {
			err = c.db.Exec(ctx, "delete from person_mention where mention_id in (from person_off)")
		}
	}
	if err == nil {
		_, err = c.db.Append(ctx, "person_mention", nil, slices.Values(on))
	}
	if err == nil {
		_, err = c.db.Append(ctx, "person_moved", nil, func(yield func([]driver.Value) bool) {
			for id := range moved {
				if !yield([]driver.Value{id}) {
					return
				}
			}
		})
	}
	if err == nil {
		err = c.db.Exec(ctx, `create or replace temp table person_still as
			select distinct person_id from person_mention where person_id not in (from person_moved)`)
	}
	if err != nil {
		return fmt.Errorf("write persons: %w", err)
	}
	return nil
}
