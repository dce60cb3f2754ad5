package run

import (
	"context"
	"fmt"

	"cp3/connectors/inbox"
	"cp3/pipeline"
)

// discover lists the files of depot/ that are new or changed since they were
// last received. Known ones cost a look at their size and time.
func (r *runner) discover(ctx context.Context) ([]inbox.File, error) {
	r.Progress.Stage("discover", 0)
	var err error
	if r.depot, err = r.openDepot(); err != nil {
		return nil, err
	}
	known, err := r.lastReceived()
	if err != nil {
		return nil, err
	}
	fresh := func(f inbox.File) bool {
		last, ok := known[f.Path]
		return !ok || last.Size != f.Size || !last.Modified.Equal(f.Modified)
	}
	files, skipped, err := inbox.Scan(ctx, r.Workspace.Depot(), fresh, inbox.Options{
		Members: r.Config.Members, Only: r.Only, Settle: r.Config.Inbox.Settle, Now: r.Now, Sleep: r.Sleep,
	})
	if err != nil {
		return nil, fmt.Errorf("discover: %w", err)
	}
	for _, s := range skipped {
		r.skip(s.Path, s.Reason)
	}
	news := files[:0:0]
	for _, f := range files {
		if fresh(f) {
			news = append(news, f)
		}
	}
	r.Log.Info("discovered", "files", len(files), "new", len(news), "skipped", len(skipped))
	return news, nil
}

// lastReceived is what the ledger last saw at each path.
func (r *runner) lastReceived() (map[string]pipeline.Received, error) {
	known := map[string]pipeline.Received{}
	for _, got := range r.received {
		known[got.Path] = got
	}
	return known, nil
}

func (r *runner) skip(path, reason string) {
	r.report.Skipped = append(r.report.Skipped, Skipped{Path: path, Reason: reason})
}
