package run

import (
	"context"
	"encoding/json"
	"errors"

	"cp3/pipeline"
	"cp3/pipeline/publish"
)

// publish writes the edition, swaps it in, and only then records it in the
// ledger: a process killed in between leaves an edition that names itself in its
// manifest, and the next run records it.
func (r *runner) publish(ctx context.Context, e edition) error {
	r.Progress.Stage("publish", 0)
	reading := promise(func() (release, error) { return r.readRelease(e.Number - 1) })
	var kept error
	if !r.rebuilding {
		kept = r.keepRevisions(ctx, e)
	}
	last, err := reading.wait() // in any case: nothing goes on when this is over
	if err := errors.Join(kept, err); err != nil {
		return err
	}
	tables := r.tables()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	told, err := r.disclose(ctx, e, tables, last)
	if err != nil {
		return err
	}
	defer func() {
		cancel()
		_, _ = told.wait()
	}()
	manifest, err := publish.Write(ctx, r.Workspace.Publication(), r.db, publish.Edition{
		Run: e.Run, Number: e.Number, Day: e.Day, Version: e.Version, Tables: tables, Macros: r.model.Macros(),
		Disclose: func(out *publish.Edition) error {
			now, err := told.wait()
			if err != nil {
				return err
			}
			e.Released = now.Edition
			e.Manifest = "" // of a file that holds this record: known only once it is written
			out.Public, out.PublicNumber, out.PublicDay = now.public(), now.Edition, now.Day
			out.Record, err = json.Marshal(e)
			return errors.Join(err, r.settleRelease(ctx, e, now))
		},
	}, publish.Options{Keep: r.Config.Publication.Keep, Found: r.found})
	if err := errors.Join(err, r.dropPublic(ctx)); err != nil {
		return err
	}
	r.current = manifest
	r.report.Published = true
	r.report.Edition = e.Number
	r.Log.Info("published", "edition", e.Number, "inputs", e.Run)
	if r.rebuilding {
		return nil
	}
	return r.recordEdition(e)
}

// found reports a file that somebody put into publication/: it was moved aside,
// not lost.
func (r *runner) found(from, to string) {
	r.Log.Warn("a file in publication/ is no edition's: moved aside", "from", from, "to", to)
}

// tables are the published tables as publish knows them.
func (r *runner) tables() []pipeline.Table {
	var tables []pipeline.Table
	for _, t := range r.model.Published() {
		table := pipeline.Table{Name: t.Name, Description: t.Description, Grain: t.Grain}
		for _, c := range t.Columns {
			table.Columns = append(table.Columns, pipeline.Column{Name: c.Name, Type: c.Type, FR: c.FR, AR: c.AR})
		}
		tables = append(tables, table)
	}
	return tables
}
