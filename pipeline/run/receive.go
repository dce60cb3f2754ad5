package run

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"cp3/connectors/inbox"
	"cp3/pipeline"
	"cp3/pipeline/store"
)

// receive copies new files into the archive and records them in the ledger, all
// of them together; from then on they can't be lost. A file that was only touched
// is a no-op; one that is still changing waits for the next run.
func (r *runner) receive(ctx context.Context, files []inbox.File) error {
	r.Progress.Stage("archive", len(files))
	known, err := r.lastReceived()
	if err != nil {
		return err
	}
	var news []pipeline.Received
	for _, f := range files {
		if r.tooMuch(f.Size) {
			r.skip(f.Path, "no_room")
			continue
		}
		got, err := r.archive.Put(ctx, filepath.Join(r.Workspace.Depot(), filepath.FromSlash(f.Path)))
		r.Progress.Step(1)
		var unreadable *store.Unreadable
		switch {
		case errors.Is(err, store.ErrChanged), errors.As(err, &unreadable) && errors.Is(err, fs.ErrNotExist):
			r.skip(f.Path, "unsettled")
			continue
		case unreadable != nil: // of this file: if the share is gone, still tells
			r.skip(f.Path, "unreadable")
			continue
		case err != nil:
			return fmt.Errorf("receive: %w", err)
		}
		if again, err := r.contentBuried(got.SHA256); err != nil {
			return fmt.Errorf("receive: %w", err)
		} else if again {
			r.skip(f.Path, "purged")
			continue
		}
		if last, ok := known[f.Path]; ok && last.SHA256 == got.SHA256 {
			continue
		}
		news = append(news, pipeline.Received{
			Member: f.Member, Path: f.Path, Size: got.Size, Modified: got.Modified.UTC(), SHA256: got.SHA256, At: r.at,
		})
	}
	if err := r.depot.still(); err != nil {
		return fmt.Errorf("receive: %w", err)
	}
	if len(news) == 0 {
		return nil
	}
	return r.record(news)
}

// tooMuch reports whether a file is beyond what a workbook may weigh and would leave
// less room on the disk than administrators want to be told of: a film dropped by
// mistake must not end every night in a full disk. With room, it is received, refused
// and answered like anything else.
func (r *runner) tooMuch(size int64) bool {
	if size <= r.Config.Limits.FileMB<<20 {
		return false
	}
	left, _, err := room(r.Workspace.Private())
	return err == nil && left-size < r.Config.Alarms.DiskMB<<20
}

// record gives new files their ids and enters them in the ledger, oldest first.
func (r *runner) record(news []pipeline.Received) error {
	slices.SortFunc(news, func(a, b pipeline.Received) int {
		return cmp.Or(a.Modified.Compare(b.Modified), cmp.Compare(a.Path, b.Path))
	})
	times := map[string]int{}
	for _, got := range r.received {
		times[submissionKey(got)]++
	}
	bodies := make([]any, len(news))
	for i := range news {
		key := submissionKey(news[i])
		news[i].ID = submissionID(key, times[key])
		times[key]++
		news[i].Seq = r.ledger.Len() + 1 + i
		bodies[i] = news[i]
	}
	if _, err := r.ledger.Append(r.at, store.KindReceived, bodies...); err != nil {
		return fmt.Errorf("receive: %w", err)
	}
	r.received = append(r.received, news...)
	r.Log.Info("received", "files", len(news))
	return nil
}

func submissionKey(r pipeline.Received) string {
	return string(r.Member) + "\n" + r.Path + "\n" + r.SHA256
}

// submissionID depends on what was received where, not on when or in which
// order; again counts earlier arrivals of the very same, so that a version put
// back is a submission of its own.
func submissionID(key string, again int) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d", key, again)
	return hex.EncodeToString(h.Sum(nil))[:16]
}
