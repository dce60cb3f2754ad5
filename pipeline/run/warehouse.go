package run

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"cp3/pipeline/store"
)

// openWarehouse opens the private database, making or mending it: a schema that
// is behind is brought up to date, and what was read under other declarations or
// limits is forgotten, to be read again from the archive.
func (r *runner) openWarehouse(ctx context.Context) error {
	if err := r.openFile(ctx, r.Workspace.Warehouse()); err != nil {
		return err
	}
	behind, err := r.behindPurge(ctx)
	if err != nil || !behind {
		return err
	}
	return r.openFresh(ctx)
}

// openFile opens a warehouse and brings it up to date.
func (r *runner) openFile(ctx context.Context, file string) error {
	r.Config.Resources.bound()
	db, err := openPatiently(ctx, file, writerPatience, store.Options{
		Threads: r.Config.Resources.Threads, Memory: r.Config.Resources.database(), Temp: r.Workspace.scratch(),
	})
	if err != nil {
		return err
	}
	r.db = db
	if err := os.Chmod(file, 0o600); err != nil { // DuckDB leaves it to the umask
		return fmt.Errorf("open warehouse: %w", err)
	}
	if err := r.model.Schema(ctx, db.Conn()); err != nil {
		return fmt.Errorf("open warehouse: %w", err)
	}
	if err := r.layIDs(ctx, "buried", slices.Sorted(maps.Keys(r.graves))); err != nil {
		return fmt.Errorf("open warehouse: %w", err)
	}
	if err := db.Tx(ctx, func() error { return r.forgetStale(ctx) }); err != nil {
		return err
	}
	return r.loadResidues(ctx)
}

// How long a warehouse that others have open is asked for again. Whoever looks at it
// (cp3 status, cp3 explain) is done in a moment and must not cost the night its run;
// a run takes longer than anybody wants to wait for a page.
const (
	writerPatience = time.Minute
	readerPatience = 2 * time.Second
)

// openPatiently opens a database, again and again while it is held.
func openPatiently(ctx context.Context, file string, patience time.Duration, o store.Options) (*store.DB, error) {
	until := time.Now().Add(patience)
	for {
		db, err := store.Open(ctx, file, o)
		var held *store.Held
		if err == nil || !errors.As(err, &held) || time.Now().After(until) {
			return db, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// readingTables hold what readings say; everything in them comes from the archive.
var readingTables = append([]string{}, tableOrder...)

// forgottenTables go when readings are forgotten: they, and what follows from each
// row of them.
var forgottenTables = append(slices.Clone(tableOrder), "description")

// forgetStale empties the warehouse of what was read under other rules than
// today's.
func (r *runner) forgetStale(ctx context.Context) error {
	rules, err := r.readingRules()
	if err != nil {
		return err
	}
	was, _, err := scalar[string](ctx, r.db.Conn(), "select value from durable where key = 'reading_rules'")
	if err != nil {
		return fmt.Errorf("open warehouse: %w", err)
	}
	if was == rules {
		return r.forgetTurned(ctx)
	}
	if err := r.forgetDerived(ctx); err != nil {
		return fmt.Errorf("open warehouse: %w", err)
	}
	for _, t := range forgottenTables {
		if err := r.db.Exec(ctx, "delete from "+store.Ident(t)); err != nil {
			return fmt.Errorf("open warehouse: forget %s: %w", t, err)
		}
	}
	return r.db.Exec(ctx, "insert or replace into durable values ('reading_rules', ?)", rules)
}

// readingRules is the fingerprint of what decides how a workbook is understood.
func (r *runner) readingRules() (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, r.Version, r.Config.Limits, r.Config.Members)
	r.writeAliases(h)
	for _, files := range r.Config.Declared.Files() {
		if err := hashFiles(h, files); err != nil {
			return "", fmt.Errorf("fingerprint: %w", err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func removeDatabase(file string) error {
	for _, name := range []string{file, file + ".wal"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
