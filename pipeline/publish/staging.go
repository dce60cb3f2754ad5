package publish

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
)

// staging is the folder of an edition while its files are written. The source gives one
// thing at a time, so tables are written one after the other; what needs only rows that
// were read goes on beside that, and so does the description of each file, which is
// made durable on the occasion: a disk takes its time for each.
type staging struct {
	dir      string
	reached  func(point string) // Options.reach
	ctx      context.Context    // ends with the first error
	stop     context.CancelCauseFunc
	busy     sync.WaitGroup
	hands    chan struct{} // as many files are being described at once
	database sync.Mutex    // of which one is made at a time
	mu       sync.Mutex
	files    []File // described
	fault    any    // of the program, met beside
	traced   []byte
}

// reach is Options.reach for what is done beside, too.
func (s *staging) reach(point string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reached(point)
}

func newStaging(ctx context.Context, dir string, reached func(point string)) *staging {
	s := &staging{dir: dir, hands: make(chan struct{}, 4), reached: reached}
	s.ctx, s.stop = context.WithCancelCause(ctx)
	return s
}

// beside has something done beside whatever comes next. Its error ends the staging.
func (s *staging) beside(do func() error) {
	s.busy.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				s.stop(fmt.Errorf("a fault: %v", v))
				s.mu.Lock()
				defer s.mu.Unlock()
				s.fault, s.traced = v, debug.Stack()
			}
		}()
		if err := do(); err != nil {
			s.stop(err)
		}
	})
}

// end waits for what is done beside, whether what it was beside of went well or not,
// and gives the first error of all. A fault is met again by who waits. Nothing is
// written any more when it returns.
func (s *staging) end(err error) ([]File, error) {
	if err != nil {
		s.stop(err)
	}
	s.busy.Wait()
	defer s.stop(nil)
	if s.fault != nil {
		panic(fmt.Sprintf("%v\n\n%s", s.fault, s.traced))
	}
	if s.ctx.Err() != nil {
		return nil, context.Cause(s.ctx)
	}
	slices.SortFunc(s.files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return s.files, nil
}

// place is where a file of the edition lies, in a folder that is there.
func (s *staging) place(path string) (string, error) {
	at := filepath.Join(s.dir, filepath.FromSlash(path))
	return at, os.MkdirAll(filepath.Dir(at), 0o755)
}

// put writes a file of the edition.
func (s *staging) put(f File, content []byte) error {
	at, err := s.place(f.Path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(at, content, 0o644); err != nil {
		return err
	}
	s.wrote(f)
	return nil
}

// wrote has a file that is written, of which path, rows and table are known, described:
// its size and hash are read back.
func (s *staging) wrote(f File) {
	s.beside(func() (err error) {
		s.hands <- struct{}{}
		defer func() { <-s.hands }()
		if s.ctx.Err() != nil {
			return nil
		}
		at := filepath.Join(s.dir, filepath.FromSlash(f.Path))
		if f.SHA256, f.Bytes, err = hashFile(at); err != nil {
			return err
		}
		if err := syncFile(at); err != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.files = append(s.files, f)
		return nil
	})
}
