// Package run is one run, stage after stage: discover, archive, read, normalise,
// append, link, compute, check, publish, answer. It is the only package that sees
// everything; each stage is a file of that name.
//
// What has been received is durable once archive returns: the bytes in the
// archive, the fact in the ledger. Everything from read to check happens in one
// transaction of the warehouse, so that a failed check or a killed process leaves
// it as it was. Publishing swaps a whole folder. Answers come last, and only say
// what is durable by then. Whatever was interrupted, the next run finds what is
// missing by comparing what should be (the ledger) with what is (the warehouse,
// the manifest of the publication, the answers written), and continues there.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/publish"
	"cp3/pipeline/read"
	"cp3/pipeline/store"
	"cp3/transforms/model"
)

// Options are what a run depends on; nothing else is read from the outside.
type Options struct {
	Workspace Workspace
	Config    Config
	Command   string // the verb, for the lock and the journal
	Only      []pipeline.Member
	Version   string // of cp3
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error
	Entropy   io.Reader // of what must be chance; nil: the system's
	Reuse     int       // mentions from which on linkage uses earlier nights' weights; 0: link.Options says
	Log       *slog.Logger
	Progress  Progress
}

// Progress is told how long work advances. A nil-safe no-op is Silent.
type Progress interface {
	// Stage starts a stage of total steps (0: unknown) and ends the one before.
	Stage(name string, total int)
	// Step says that n more steps are done.
	Step(n int)
}

// Silent tells nobody.
type Silent struct{}

// Stage does nothing.
func (Silent) Stage(string, int) {}

// Step does nothing.
func (Silent) Step(int) {}

// Report is what a run did.
type Report struct {
	Received  []Receipt       `json:"received"`  // submissions of this run
	Skipped   []Skipped       `json:"skipped"`   // files left for later, and why
	Published bool            `json:"published"` // a new edition took its place
	Edition   int             `json:"edition"`   // the current edition's number; 0 before the first
	Answers   int             `json:"answers"`   // answers written
	Failures  []model.Failure `json:"failures"`  // claims that did not hold: the edition was not published
	Warnings  int             `json:"warnings"`  // quality findings of the edition
	Duration  time.Duration   `json:"-"`
}

// Receipt is one line on a submission of the run.
type Receipt struct {
	ID     string                    `json:"id"`
	Member pipeline.Member           `json:"member"`
	Path   string                    `json:"path"`
	Status pipeline.Status           `json:"status"`
	Read   int                       `json:"rows_read"`
	Kept   int                       `json:"rows_kept"`
	Issues map[pipeline.Severity]int `json:"issues"`
}

// Skipped is a file not taken this time.
type Skipped struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// ChecksFailed says that the new edition broke a claim every edition keeps; the
// old edition stands.
type ChecksFailed struct {
	Failures []model.Failure
}

func (e *ChecksFailed) Error() string {
	return fmt.Sprintf("%d checks failed, first %s: the edition in publication/ was left as it is", len(e.Failures), e.Failures[0].Check)
}

// runner is the state that stages share.
type runner struct {
	Options
	at      time.Time // when the run began: the time of everything it records
	depot   depot
	retours os.FileInfo // the folder of the answers, while they are written
	archive *store.Archive
	ledger  *store.Ledger
	reader  *read.Reader
	model   *model.Project
	db      *store.DB // nil until something is to be done

	decided   []Alias               // spellings that were decided
	pairs     []pairDecision        // what was decided of persons, what stands no more too
	turned    map[string]conversion // files of other formats, by SHA-256
	received  []pipeline.Received   // everything the ledger knows, in its order
	editions  []edition             // every edition, oldest first
	signedOff string                // hash of the manifest in place, by the ledger
	current   publish.Manifest      // of the edition in place; zero before the first

	stems      map[string]string            // file without its ending -> first received of that name
	stemmed    int                          // how many of received stems knows
	byID       map[string]pipeline.Received // received, by id
	rebuilding bool                         // derive the last edition again instead of making a new one
	fresh      bool                         // the warehouse that is open is to take the place of the old one
	tombs      []tombstone                  // of every purge, oldest first
	graves     map[string]bool              // the submissions they name
	described  []newRow                     // descriptions of the persons linked, and their ids
	updated    bool                         // the tables were brought up to date, not derived anew
	heavy      sync.Mutex                   // held while a heavy file is read
	report     Report
}

// Run does one complete run. The error of a workspace held by another run is
// *Locked, of a broken claim *ChecksFailed.
func Run(ctx context.Context, o Options) (_ Report, err error) {
	release, err := o.Workspace.Lock(o.Command, o.Now())
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, release()) }()
	began := o.Now()
	var skipped []Skipped
	defer func() { err = o.remember("run", began, err, o.left(&skipped)) }()
	r, err := begin(o)
	if err != nil {
		return Report{}, err
	}
	defer func() { skipped = r.report.Skipped }()
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.run(ctx); err != nil {
		return r.report, err
	}
	r.report.Duration = o.Now().Sub(r.at)
	return r.report, nil
}

func (r *runner) run(ctx context.Context) error {
	files, err := r.discover(ctx)
	if err != nil {
		return err
	}
	if err := r.receive(ctx, files); err != nil {
		return err
	}
	if err := r.convert(ctx); err != nil {
		return err
	}
	inputs, err := r.inputs()
	if err != nil {
		return err
	}
	r.report.Edition = r.current.Edition
	if r.upToDate(inputs) && !r.fresh {
		r.Log.Info("nothing new", "edition", r.current.Edition)
		return nil
	}
	if r.db == nil {
		if err := r.openWarehouse(ctx); err != nil {
			return err
		}
	}
	if err := r.makeEdition(ctx, inputs); err != nil {
		return err
	}
	if r.fresh {
		if err := r.settleFresh(ctx); err != nil {
			return err
		}
	}
	return r.answer(ctx)
}

// makeEdition derives and publishes, unless the edition in place was made from the
// same inputs; a fresh warehouse needs to be derived all the same.
func (r *runner) makeEdition(ctx context.Context, inputs string) error {
	if r.published(inputs) {
		if !r.fresh {
			return nil
		}
		e := r.lastEdition()
		r.rebuilding = true
		defer func() { r.rebuilding = false }()
		return r.within(ctx, func() error { return r.derive(ctx, &e) })
	}
	var e edition
	err := r.within(ctx, func() error {
		e = r.thisEdition(inputs)
		return r.derive(ctx, &e)
	})
	if err != nil {
		return err
	}
	return r.publish(ctx, e)
}

// derive brings the warehouse from what was received to what will be published.
func (r *runner) derive(ctx context.Context, e *edition) error {
	if err := r.append(ctx); err != nil {
		return err
	}
	if err := r.count(ctx, e); err != nil {
		return err
	}
	debug.FreeOSMemory() // what was read is in the database: room for it, not for Go
	if err := r.link(ctx, *e); err != nil {
		return err
	}
	debug.FreeOSMemory()
	if err := r.compute(ctx, *e); err != nil {
		return err
	}
	if err := r.await(ctx, e); err != nil {
		return err
	}
	return r.check(ctx)
}
