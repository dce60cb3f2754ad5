package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"cp3/pipeline/publish"
	"cp3/pipeline/store"
)

// QueryOptions say what is asked of the publication.
type QueryOptions struct {
	SQL     string
	Edition int           // one of those kept; 0: the current one
	Time    time.Duration // after which the query is stopped; 0: none
}

// Answers is a published database being asked. What a query can do is the store's
// concern (see [store.Reader]): read that database, and nothing else.
type Answers struct {
	reader *store.Reader
	o      QueryOptions
}

// BadQuery is a query with a mistake in it.
type BadQuery = store.BadQuery

// SlowQuery says that a query took all the time it was given.
type SlowQuery struct{ After time.Duration }

func (e *SlowQuery) Error() string {
	return fmt.Sprintf("the query was stopped after %v: give it longer with --timeout, or ask for less", e.After)
}

// NoEdition says that an edition isn't there to be asked.
type NoEdition struct {
	Number int
	Kept   []int
}

func (e *NoEdition) Error() string {
	if e.Number == 0 {
		return "nothing was published yet: cp3 run makes the first edition"
	}
	return fmt.Sprintf("edition %d is not kept under publication/editions/: choose among %v", e.Number, e.Kept)
}

// OpenAnswers opens the publication's database to ask it o.SQL. It reads nothing
// of the private area.
func OpenAnswers(ctx context.Context, o Options, q QueryOptions) (*Answers, error) {
	dir, err := editionFolder(o.Workspace.Publication(), q.Edition)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	reader, err := store.OpenReader(ctx, filepath.Join(dir, publish.DatabaseName), store.Options{
		Threads: o.Config.Resources.Threads, Memory: o.Config.Resources.database(),
	})
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	return &Answers{reader, q}, nil
}

// editionFolder is where the files of an edition are.
func editionFolder(publication string, number int) (string, error) {
	m, err := publish.ReadManifest(publication)
	if errors.Is(err, fs.ErrNotExist) {
		return "", &NoEdition{}
	}
	if err != nil || number == 0 || number == m.Edition {
		return publication, err
	}
	kept, err := publish.Kept(publication)
	if err != nil {
		return "", err
	}
	for _, n := range kept {
		if n == number {
			return filepath.Join(publication, "editions", fmt.Sprint(n)), nil
		}
	}
	return "", &NoEdition{number, kept}
}

// Close ends the questions.
func (a *Answers) Close() error { return a.reader.Close() }

// Table is the beginning of the answer as text; limit 0 gives all of it.
func (a *Answers) Table(ctx context.Context, limit int) (store.Answer, error) {
	ctx, cancel := a.within(ctx)
	defer cancel()
	t, err := a.reader.Ask(ctx, a.o.SQL, limit)
	return t, a.failed(err)
}

// File is the whole answer in a file of a form, csv, json or parquet; the file is
// gone when a is closed.
func (a *Answers) File(ctx context.Context, form string) (name string, rows int64, err error) {
	ctx, cancel := a.within(ctx)
	defer cancel()
	name, rows, err = a.reader.Write(ctx, a.o.SQL, form)
	return name, rows, a.failed(err)
}

func (a *Answers) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if a.o.Time <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, a.o.Time)
}

func (a *Answers) failed(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		err = &SlowQuery{a.o.Time}
	}
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	return nil
}
