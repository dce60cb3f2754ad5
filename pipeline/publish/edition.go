package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/publish/interchange"
)

// Source gives an edition its rows. Relations and columns are named as the
// warehouse names them; rows come in the order the warehouse keeps them.
type Source interface {
	// WriteParquet and WriteCSV write one table's columns to a new file and return
	// the number of rows.
	WriteParquet(ctx context.Context, path string, table pipeline.Table) (int64, error)
	WriteCSV(ctx context.Context, path string, table pipeline.Table) (int64, error)
	// WriteDatabase makes a DuckDB file at path that holds tables and macros, each
	// with its comments, and returns how many rows each table has. It takes them from the
	// Parquet files of the tables, in their order, for each of which parquet waits until it
	// is written; and is called while the source is asked for other things, though not for
	// another database.
	WriteDatabase(ctx context.Context, path string, tables []pipeline.Table, parquet func(table int) (string, error), macros ...pipeline.Macro) ([]int64, error)
	// Rows are the values of some columns of a relation: nil, bool, int64, float64,
	// string, time.Time, or []any of these. A slice is valid until the next one.
	Rows(ctx context.Context, relation string, columns []string) iter.Seq2[[]any, error]
}

// Edition is what is to be published.
type Edition struct {
	Run     string
	Number  int
	Day     pipeline.Date // the day the edition speaks of: its files are dated by it
	At      time.Time     // when it was signed off; zero leaves it out
	Version string        // of cp3
	Tables  []pipeline.Table
	Macros  []pipeline.Macro // of the database
	// Public are the tables after disclosure control, under the same names: they go to
	// public/, and files that leave the house are made from them alone. They tell of the
	// edition PublicNumber, of the day PublicDay: of an earlier one as long as its figures
	// stand.
	Public       []pipeline.Table
	PublicNumber int
	PublicDay    pipeline.Date
	// Disclose, when there is one, says what Public is, its number and day, and Record,
	// once Tables are written.
	Disclose func(e *Edition) error
	// Activity names the committee's activity to donors; zero: [interchange.Unregistered].
	Activity interchange.Activity
	// Record is the caller's own account of the edition, kept in the manifest as it is.
	Record json.RawMessage
}

// Options of [Write].
type Options struct {
	// Keep is how many editions stay readable under editions/, the new one
	// included; 0 keeps none.
	Keep int
	// Check looks at the staged edition before it is swapped in; its error leaves
	// the old one in place.
	Check func(ctx context.Context, staged string, m Manifest) error
	// Found is told of each file in the old edition's folder that no edition put
	// there, and of where it was moved.
	Found func(from, to string)

	at      func(point string) // tests stop the process here
	renames bool               // tests swap as systems without an exchange do
}

func (o Options) reach(point string) {
	if o.at != nil {
		o.at(point)
	}
}

// Write publishes an edition in dir. On any error the edition that was there
// still is.
func Write(ctx context.Context, dir string, src Source, e Edition, o Options) (Manifest, error) {
	m, err := write(ctx, dir, src, e, o)
	if err != nil {
		return Manifest{}, fmt.Errorf("publish edition %d: %w", e.Number, err)
	}
	return m, nil
}

func write(ctx context.Context, dir string, src Source, e Edition, o Options) (_ Manifest, err error) {
	p, err := placesOf(dir)
	if err != nil {
		return Manifest{}, err
	}
	if err := p.recover(o.Found); err != nil {
		return Manifest{}, err
	}
	m, err := p.stage(ctx, src, e, o)
	if err != nil {
		return Manifest{}, errors.Join(err, os.RemoveAll(p.next))
	}
	if err := p.swap(o); err != nil {
		return Manifest{}, err
	}
	return m, nil
}

// stage builds the whole edition at p.next and makes it durable.
func (p places) stage(ctx context.Context, src Source, e Edition, o Options) (Manifest, error) {
	if err := os.Mkdir(p.next, 0o755); err != nil {
		return Manifest{}, err
	}
	o.reach("staging")
	files, err := writeFiles(ctx, p.next, src, &e, o)
	if err != nil {
		return Manifest{}, err
	}
	o.reach("files written")
	m := newManifest(e)
	m.Files = files
	if o.Check != nil {
		if err := o.Check(ctx, p.next, m); err != nil {
			return Manifest{}, fmt.Errorf("check: %w", err)
		}
	}
	if err := m.write(p.next); err != nil {
		return Manifest{}, err
	}
	o.reach("manifest written")
	if err := keepEditions(p.dir, p.next, m, o.Keep); err != nil {
		return Manifest{}, err
	}
	if err := syncFolders(p.next); err != nil {
		return Manifest{}, err
	}
	o.reach("staged")
	return m, ctx.Err()
}

// Recover finishes or undoes what a killed [Write] left: afterwards dir is a
// whole edition, the old or the new, or absent if it never was one.
func Recover(dir string) error {
	p, err := placesOf(dir)
	if err != nil {
		return fmt.Errorf("recover publication: %w", err)
	}
	if err := p.recover(nil); err != nil {
		return fmt.Errorf("recover publication: %w", err)
	}
	return nil
}

func missing(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return false, err
}
