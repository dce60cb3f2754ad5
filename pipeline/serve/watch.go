package serve

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cp3/connectors/inbox"
	"cp3/pipeline/run"
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
	var asked time.Time
	gone := false
	for {
		print, err := fingerprint(depot)
		s.gauges.depot.Set(map[bool]float64{true: 1}[err == nil])
		if (err != nil) != gone { // told when it changes, not at every look
			gone = err != nil
			s.tellDepot(err)
		}
		if now := s.Run.Now(); err == nil && (print != seen || s.unfinished(now.Sub(asked))) {
			seen, asked = print, now
			s.dropped(ctx)
		}
		if !s.pause(ctx, events) {
			return nil
		}
	}
}

func (s *service) tellDepot(err error) {
	if err == nil {
		s.log.Info("depot can be looked at again")
		return
	}
	s.log.Warn("depot can't be looked at", "error", err.Error())
}

// How long after a run that could not take a file the next one tries, although
// nothing about the file has changed: a copy that just ended, a workbook that
// somebody's Excel has let go of.
const (
	unsettledPause  = time.Minute
	unreadablePause = 10 * time.Minute
)

// unfinished reports whether the last run left files that may be ready since.
func (s *service) unfinished(since time.Duration) bool {
	lasts, err := s.Run.Workspace.Lasts()
	if err != nil {
		return false // it is told where it matters
	}
	return slices.ContainsFunc(lasts["run"].Left, func(l run.Left) bool {
		return l.Reason == "unsettled" && since >= unsettledPause || l.Reason == "unreadable" && since >= unreadablePause
	})
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
	return eachPlace(root, func(dir string) error {
		return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			return w.Add(name)
		})
	})
}

// eachPlace visits a folder, and the folders that links directly in it lead to: the
// drop folder and members' folders may be links to where a share is mounted.
func eachPlace(root string, visit func(dir string) error) error {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return err
	}
	if err := visit(real); err != nil {
		return err
	}
	entries, err := os.ReadDir(real)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type()&fs.ModeSymlink == 0 {
			continue
		}
		if dir, err := filepath.EvalSymlinks(filepath.Join(real, e.Name())); err == nil {
			if err := visit(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// fingerprint changes whenever a workbook below depot appears, changes or goes.
func fingerprint(depot string) (uint64, error) {
	h := fnv.New64a()
	if _, err := os.ReadDir(depot); err != nil {
		return 0, err
	}
	err := eachPlace(depot, func(dir string) error {
		return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			return look(h, name, d, err)
		})
	})
	return h.Sum64() | 1, err
}

// look adds what is seen of one name to a fingerprint.
func look(h io.Writer, name string, d fs.DirEntry, err error) error {
	if err != nil {
		fmt.Fprintln(h, name, "unreadable")
		return nil
	}
	if d.IsDir() || inbox.Temporary(d.Name()) {
		return nil
	}
	info, err := d.Info()
	if err != nil {
		return nil // gone meanwhile
	}
	fmt.Fprintln(h, name, info.Size(), info.ModTime().UnixNano(), info.Mode())
	return nil
}
