package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"cp3/pipeline"
	"cp3/pipeline/publish"
	"cp3/pipeline/store"
)

// Rebuilt is what a rebuild found.
type Rebuilt struct {
	Edition int      `json:"edition"`
	Same    bool     `json:"same"`    // every table is byte for byte what it was
	Changed []string `json:"changed"` // published tables that are not
}

// ErrNothingPublished says that there is no edition to rebuild.
var ErrNothingPublished = errors.New("nothing was published yet: nothing to rebuild: cp3 run makes the first edition")

// rebuilt is a ledger entry: the edition stands again, under another manifest.
type rebuilt struct {
	Edition  int    `json:"edition"`
	Manifest string `json:"manifest"`
}

// Rebuild derives the warehouse and the last edition again from archive and
// ledger alone, beside the old ones, and puts them in their place. What is not
// derived is carried over: the person ids issued and the answers given.
func Rebuild(ctx context.Context, o Options) (_ Rebuilt, err error) {
	release, err := o.Workspace.Lock(o.Command, o.Now())
	if err != nil {
		return Rebuilt{}, err
	}
	defer func() { err = errors.Join(err, release()) }()
	began := o.Now()
	defer func() { err = o.remember("rebuild", began, err) }()
	r, err := begin(o)
	if err != nil {
		return Rebuilt{}, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if len(r.editions) == 0 {
		return Rebuilt{}, ErrNothingPublished
	}
	return r.rebuild(ctx)
}

func (r *runner) rebuild(ctx context.Context) (Rebuilt, error) {
	r.rebuilding = true
	e, before := r.lastEdition(), r.current
	// What arrived or was decided since the edition is the next run's.
	r.received = slices.DeleteFunc(r.received, func(got pipeline.Received) bool { return got.Seq > e.Ledger })
	if err := r.readBy(e.Ledger); err != nil {
		return Rebuilt{}, err
	}
	if err := r.openFresh(ctx); err != nil {
		return Rebuilt{}, err
	}
	if err := r.db.Tx(ctx, func() error { return r.derive(ctx, &e) }); err != nil {
		return Rebuilt{}, err
	}
	if err := r.publish(ctx, e); err != nil {
		return Rebuilt{}, err
	}
	if err := r.settleFresh(ctx); err != nil {
		return Rebuilt{}, err
	}
	if err := r.recordRebuilt(e); err != nil {
		return Rebuilt{}, err
	}
	changed := changedTables(before, r.current)
	return Rebuilt{Edition: e.Number, Same: len(changed) == 0, Changed: changed}, nil
}

func (r *runner) rebuildFile() string { return r.Workspace.Warehouse() + ".rebuild" }

// carryOver copies what no submission says from the old warehouse, if there is
// one that opens: a lost registry costs ids, not numbers.
func (r *runner) carryOver(ctx context.Context) error {
	file := r.Workspace.Warehouse()
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	err := r.settleWarehouse(ctx, file)
	if err == nil {
		err = r.db.Exec(ctx, fmt.Sprintf("attach %s as before (read_only)", store.Quote(file)))
	}
	if err != nil {
		r.Log.Warn("the old warehouse does not open: ids are issued anew", "error", err.Error())
		return nil
	}
	tables := []string{"person_registry", "person_change", "review_question", "answer"}
	if !r.rebuilding && r.sameRules(ctx) {
		tables = append(tables, readingTables...) // no need to read the workbooks again
	}
	for _, table := range tables {
		if err := r.carry(ctx, table); err != nil {
			r.Log.Warn("not carried over from the old warehouse", "table", table, "error", err.Error())
		}
	}
	if err := r.db.Exec(ctx, "detach before"); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	return nil
}

// carry copies one table of the old warehouse, without what was purged.
func (r *runner) carry(ctx context.Context, table string) error {
	where := ""
	if slices.Contains(readingTables, table) {
		where = "where submission_id not in (from buried)"
	}
	return r.db.Exec(ctx, fmt.Sprintf("insert into %[1]s by name select * from before.main.%[1]s %[2]s order by rowid", store.Ident(table), where))
}

// sameRules reports whether the old warehouse was read by the rules of the new one.
func (r *runner) sameRules(ctx context.Context) bool {
	same, ok, err := scalar[bool](ctx, r.db.Conn(), `select old.value = new.value from before.main.durable old join durable new using (key) where key = 'reading_rules'`)
	return err == nil && ok && same
}

// settleWarehouse brings into the file what a killed run left in the log beside it.
func (r *runner) settleWarehouse(ctx context.Context, file string) error {
	old, err := openPatiently(ctx, file, writerPatience, store.Options{Threads: 1})
	if err != nil {
		return err
	}
	return errors.Join(old.Exec(ctx, "checkpoint"), old.Close())
}

// replaceWarehouse puts the new warehouse in the place of the old one in one step:
// a process killed here leaves one of them, with the ids and answers both hold.
func (r *runner) replaceWarehouse() error {
	old := r.Workspace.Warehouse()
	// A log beside the old file would be replayed into the new one. It is empty:
	// the old one was opened to write, and closed, before anything was copied.
	if err := os.Remove(old + ".wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("rebuild: %w", err)
	}
	if err := os.Rename(r.rebuildFile(), old); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	return nil
}

func (r *runner) recordRebuilt(e edition) error {
	sum, err := fileSum(r.Workspace.Publication(), publish.ManifestName)
	if err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	if sum == r.signedOff {
		return nil
	}
	_, err = r.ledger.Append(r.at, store.KindRebuilt, rebuilt{Edition: e.Number, Manifest: sum})
	return err
}

// changedTables compares the CSV of two editions: the form that is the same byte
// for byte when the rows are.
func changedTables(before, after publish.Manifest) []string {
	sums := map[string]string{}
	for _, f := range before.Files {
		if path.Ext(f.Path) == ".csv" {
			sums[f.Path] = f.SHA256
		}
	}
	var changed []string
	for _, f := range after.Files {
		if path.Ext(f.Path) != ".csv" {
			continue
		}
		if sums[f.Path] != f.SHA256 {
			changed = append(changed, f.Table)
		}
		delete(sums, f.Path)
	}
	for gone := range sums {
		changed = append(changed, gone)
	}
	slices.Sort(changed)
	return slices.Compact(changed)
}
