package serve

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cp3/connectors/inbox"
	"cp3/schedules"

	"github.com/fsnotify/fsnotify"
)

// watched is the schedule that stands for "something was dropped".
var watched = &schedules.Schedule{Name: "depot", Job: schedules.Run, Overlap: schedules.Wait,
	Retries: schedules.Retries{Max: 3, Backoff: time.Minute, Limit: 10 * time.Minute}}

// watch asks for a run each time depot/ has changed and come to rest.
func (s *service) watch(ctx context.Context) error {
	depot := s.Run.Workspace.Depot()
	events := s.events(ctx, depot)
	seen := uint64(0) // differs from any folder's print: the first look asks for a run
	for {
		print, err := fingerprint(depot)
		if err != nil {
			s.log.Warn("depot can't be looked at", "error", err.Error())
			s.gauges.depot.Set(0)
		} else {
			s.gauges.depot.Set(1)
			if print != seen {
				seen = print
				s.dropped(ctx)
			}
		}
		if !s.pause(ctx, events) {
			return nil
		}
	}
}

// dropped asks for a run, unless one that was asked for has still to begin: it
// will see everything that is there by then.
func (s *service) dropped(ctx context.Context) {
	if s.asked.CompareAndSwap(false, true) {
		s.queue(ctx, task{schedule: watched, attempt: 1})
	}
}

// pause waits for the next look: the poll, or an event and a moment for the burst
// it belongs to. It is false when the service stops.
func (s *service) pause(ctx context.Context, events <-chan struct{}) bool {
	wait, cancel := context.WithCancel(ctx)
	defer cancel()
	polled := make(chan error, 1)
	go func() { polled <- s.Run.Sleep(wait, s.Poll) }()
	select {
	case <-polled:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	case <-events:
		return s.Run.Sleep(ctx, 500*time.Millisecond) == nil
	}
}

// events delivers one signal per burst of file events below depot; nil, and so
// never a signal, where the file system has none to give.
func (s *service) events(ctx context.Context, depot string) <-chan struct{} {
	if s.NoEvents {
		return nil
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		s.log.Warn("no file events here: looking every so often", "error", err.Error())
		return nil
	}
	if err := addFolders(w, depot); err != nil {
		s.log.Warn("no file events for depot: looking every so often", "error", err.Error())
	}
	signal := make(chan struct{}, 1)
	go func() {
		defer w.Close()
		for {
			select {
			case <-ctx.Done():
				return
			case e, ok := <-w.Events:
				if !ok {
					return
				}
				if info, err := os.Stat(e.Name); err == nil && info.IsDir() {
					_ = addFolders(w, e.Name) // the poll sees what is in it anyway
				}
				select {
				case signal <- struct{}{}:
				default:
				}
			case <-w.Errors: // an overflow: the poll sees everything anyway
			}
		}
	}()
	return signal
}

func addFolders(w *fsnotify.Watcher, root string) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return w.Add(name)
	})
}

// fingerprint changes whenever a workbook below depot appears, changes or goes.
func fingerprint(depot string) (uint64, error) {
	h := fnv.New64a()
	err := filepath.WalkDir(depot, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == depot {
				return err
			}
			return nil
		}
		if d.IsDir() || inbox.Temporary(d.Name()) {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return nil // gone meanwhile
		}
		fmt.Fprintln(h, name, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	return h.Sum64() | 1, err
}
