package run

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"cp3/pipeline/store"
)

// readTombs reads the ledger's tombstones, all of them: what was purged is gone,
// whatever edition is derived.
func (r *runner) readTombs() error {
	return store.Each(r.ledger, store.KindPurged, func(_ store.Entry, t tombstone) error {
		r.bury(t)
		return nil
	})
}

func (r *runner) bury(t tombstone) {
	if r.graves == nil {
		r.graves = map[string]bool{}
	}
	r.tombs = append(r.tombs, t)
	for _, id := range t.Submissions {
		r.graves[id] = true
	}
}

// buried reports whether a submission was purged.
func (r *runner) buried(id string) bool { return r.graves[id] }

// buriedContents are the contents that only purged submissions had.
func (r *runner) buriedContents() map[string]bool {
	only := map[string]bool{}
	for _, got := range r.received {
		if gone, seen := only[got.SHA256]; !seen || gone {
			only[got.SHA256] = r.buried(got.ID)
		}
	}
	for sha, gone := range only {
		if !gone {
			delete(only, sha)
		}
	}
	return only
}

// behindPurge reports whether the warehouse still holds what was purged.
func (r *runner) behindPurge(ctx context.Context) (bool, error) {
	known, _, err := scalar[string](ctx, r.db.Conn(), "select value from durable where key = 'purges'")
	if err != nil {
		return false, fmt.Errorf("open warehouse: %w", err)
	}
	n, _ := strconv.Atoi(known) // "" before the first
	return n < len(r.tombs), nil
}

// openFresh opens a new warehouse beside the old one, which takes its place with
// replaceWarehouse. A file that rows were deleted from still holds them: only one
// they were never written to doesn't.
func (r *runner) openFresh(ctx context.Context) error {
	if err := r.close(); err != nil {
		return err
	}
	if err := removeDatabase(r.rebuildFile()); err != nil {
		return fmt.Errorf("fresh warehouse: %w", err)
	}
	if err := r.openFile(ctx, r.rebuildFile()); err != nil {
		return err
	}
	r.fresh = true
	if err := r.carryOver(ctx); err != nil {
		return err
	}
	return r.db.Exec(ctx, "insert or replace into durable values ('purges', ?)", strconv.Itoa(len(r.tombs)))
}

// settleFresh forgets who was purged, removes what they left outside the
// warehouse, and puts the fresh warehouse in the place of the old one: in that
// order, so that a run killed in between is continued.
func (r *runner) settleFresh(ctx context.Context) error {
	if err := r.forgetBuried(ctx); err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	if err := r.removeBuried(); err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	if err := r.close(); err != nil {
		return err
	}
	if err := r.replaceWarehouse(); err != nil {
		return err
	}
	r.fresh = false
	return r.openWarehouse(ctx)
}

// forgetBuried takes from the registry the descriptions that no mention gives any
// more, and the pseudonyms of persons whom nothing else is known of: they go under
// their pseudonym from then on. Without a purge, ids are never forgotten.
func (r *runner) forgetBuried(ctx context.Context) error {
	if len(r.tombs) == 0 {
		return nil
	}
	if err := r.db.Exec(ctx, "create or replace temp table described (identity_key varchar, person_id varchar)"); err != nil {
		return err
	}
	for chunk := range chunks(r.described, 1000) {
		values := ""
		for i, d := range chunk {
			if i > 0 {
				values += ", "
			}
			values += "(" + store.Quote(d.key) + ", " + store.Quote(d.id) + ")"
		}
		if err := r.db.Exec(ctx, "insert into described values "+values); err != nil {
			return err
		}
	}
	return r.db.Exec(ctx, `delete from person_registry where identity_key not in (select identity_key from described)
		and not (identity_key like '`+pseudonymPrefix+`%' and person_id in (select person_id from described))`)
}

// chunks cuts a list in pieces.
func chunks[T any](all []T, n int) func(func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(all) > 0 {
			k := min(n, len(all))
			if !yield(all[:k]) {
				return
			}
			all = all[k:]
		}
	}
}

// removeBuried removes the workbooks of purged submissions, those that were made of
// files of other formats, and the answers to them: copies of these workbooks.
func (r *runner) removeBuried() error {
	for sha := range r.buriedContents() {
		if err := r.archive.Remove(sha); err != nil {
			return err
		}
		if made := r.turned[sha].To; made != "" {
			if err := r.archive.Remove(made); err != nil {
				return err
			}
		}
	}
	last, err := r.lastReceived()
	if err != nil {
		return err
	}
	for _, got := range r.received {
		if !r.buried(got.ID) || last[got.Path].ID != got.ID {
			continue // the answer that stands is to a later file
		}
		if err := r.removeOlderAnswers(got.Path, ""); err != nil {
			return err
		}
	}
	return nil
}

// nobodies counts the persons of whom only a pseudonym is left.
func (r *runner) nobodies(ctx context.Context) (int, error) {
	n, _, err := scalar[int64](ctx, r.db.Conn(), "select count(distinct person_id) from person_mention where person_id like '"+pseudonymPrefix+"%'")
	return int(n), err
}

// hideBuried keeps purged mentions from linkage: they say too little to be linked,
// and what it learns from should not change with them. For as long as it works, a
// view of their name stands before the table.
func (r *runner) hideBuried(ctx context.Context) error {
	if len(r.tombs) == 0 {
		return nil
	}
	warehouse, _, err := scalar[string](ctx, r.db.Conn(), "select current_database()")
	if err != nil {
		return err
	}
	return r.db.Exec(ctx, `create or replace temp view mention as
		select * from `+store.Ident(warehouse)+`.main.mention where submission_id not in (from temp.main.buried)`)
}

func (r *runner) showBuried(ctx context.Context) error {
	return r.db.Exec(ctx, "drop view if exists temp.main.mention")
}

// buriedPersons are the persons that purged mentions are about: whoever goes under
// their pseudonym's id, or the pseudonym alone.
func (r *runner) buriedPersons(ctx context.Context) ([][]driver.Value, error) {
	if len(r.tombs) == 0 {
		return nil, nil
	}
	pseudonyms, err := r.pseudonyms(ctx)
	if err != nil {
		return nil, err
	}
	standing, err := column[string](ctx, r.db.Conn(), `select mention_id from mention join submission using (submission_id)
		where submission.status in ('acceptee', 'reserves') and submission_id in (from buried) order by mention_id`)
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	secret, err := r.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(standing))
	for i, mention := range standing {
		if ids[i] = pseudonyms[mention]; ids[i] == "" { // it didn't stand when it was purged: somebody, nobody knows who
			ids[i] = pseudonymPrefix + keyed(secret, "purged\n"+mention, 20)
		}
	}
	g, err := r.registryOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var rows [][]driver.Value
	for i, mention := range standing {
		if known, ok := g.byKey[ids[i]]; ok {
			ids[i] = known.id
		}
		rows = append(rows, []driver.Value{mention, ids[i]})
	}
	return rows, nil
}

// pseudonyms are those of all purged mentions.
func (r *runner) pseudonyms(ctx context.Context) (map[string]string, error) {
	all := map[string]string{}
	for _, t := range r.tombs {
		db, err := store.Open(ctx, r.archive.Path(t.Residue), store.Options{ReadOnly: true, Threads: 1})
		if err != nil {
			return nil, fmt.Errorf("pseudonyms: %w", err)
		}
		err = readPseudonyms(ctx, db, all)
		if err = errors.Join(err, db.Close()); err != nil {
			return nil, fmt.Errorf("pseudonyms: %w", err)
		}
	}
	return all, nil
}

func readPseudonyms(ctx context.Context, db *store.DB, into map[string]string) error {
	found, err := db.Conn().QueryContext(ctx, "select mention_id, pseudonym from pseudonym")
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var mention, pseudonym string
		if err := found.Scan(&mention, &pseudonym); err != nil {
			return err
		}
		into[mention] = pseudonym
	}
	return found.Err()
}

// holds reports whether a path received is still in the drop folder.
func (d depot) holds(path string) bool {
	_, err := os.Stat(filepath.Join(d.dir, filepath.FromSlash(path)))
	return err == nil || !errors.Is(err, fs.ErrNotExist)
}

// contentBuried reports whether a content just archived is that of a purged
// submission, dropped again: it is removed again, and not received.
func (r *runner) contentBuried(sha string) (bool, error) {
	if len(r.tombs) == 0 || !r.buriedContents()[sha] {
		return false, nil
	}
	return true, r.archive.Remove(sha)
}
