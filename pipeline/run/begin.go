package run

import (
	"errors"
	"fmt"

	"cp3/pipeline"
	"cp3/pipeline/publish"
	"cp3/pipeline/store"
	"cp3/sql"
	"cp3/transforms/model"
)

// begin opens what a run needs, mending what an interrupted one left: half
// copies in the archive, a half-swapped publication, an edition in place that
// the ledger does not know yet.
func begin(o Options) (*runner, error) {
	r := &runner{Options: o, at: o.Now().UTC()}
	r.archive = store.NewArchive(o.Workspace.Archive())
	if err := errors.Join(o.Workspace.close(o.Log), o.Workspace.sweep(), r.archive.Sweep()); err != nil {
		return nil, err
	}
	if err := publish.Recover(o.Workspace.Publication()); err != nil {
		return nil, fmt.Errorf("recover publication: %w", err)
	}
	var err error
	if r.ledger, err = store.OpenLedger(o.Workspace.LedgerFile()); err != nil {
		return nil, err
	}
	if err := r.load(); err != nil {
		return nil, err
	}
	// An edition that stands without its ledger entry was published by a run that
	// was killed right then: the entry is written now, from the manifest.
	if err := r.recordStanding(); err != nil {
		return nil, err
	}
	if r.model, err = model.Load(sql.Files); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *runner) close() error {
	if r.db == nil {
		return nil
	}
	err := r.db.Close()
	r.db = nil
	if err != nil {
		return errors.Join(errors.New("close warehouse"), err)
	}
	return nil
}

// load reads what the ledger and the publication say, and the declarations.
func (r *runner) load() error {
	err := store.Each(r.ledger, store.KindReceived, func(_ store.Entry, got pipeline.Received) error {
		r.received = append(r.received, got)
		return nil
	})
	if err != nil {
		return err
	}
	if err := r.readEditions(); err != nil {
		return err
	}
	if err := r.readTombs(); err != nil {
		return err
	}
	return r.readBy(r.ledger.Len())
}
