package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// WriteFile writes a file whole: its name holds what it held or b, never a part of
// b, whatever happens to the process or the machine. It goes through a second name
// in the same folder, always the same one, so that what a killed process left there
// is written over by the next instead of staying: an answer half written holds names.
// (The system's temporary folder, where libraries put such files when they can, is
// nobody's private area.)
//
// A mode that lets nobody else read is kept whatever the process's umask; another one
// is what the umask leaves of it.
func WriteFile(name string, b []byte, mode fs.FileMode) error {
	return writeThrough(passingName(name), name, b, mode)
}

// passingName is the second name of a file: hidden, and of no kind that anything
// looks for.
func passingName(name string) string {
	return filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+passingEnd)
}

// passingEnd is how second names end.
const passingEnd = ".cp3tmp"

func writeThrough(passing, name string, b []byte, mode fs.FileMode) (err error) {
	f, err := os.OpenFile(passing, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", name, errors.Join(err, f.Close(), os.Remove(passing)))
		}
	}()
	if mode&0o077 == 0 {
		if err := f.Chmod(mode); err != nil {
			return err
		}
	}
	if _, err := f.Write(b); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(passing, name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// syncFolder makes new names in a folder durable, where the system can: some network
// file systems, and Windows, refuse.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}

// listed are the files of a folder whose names begin and end so, sorted; none where
// there is no such folder. (Not a pattern: the folder's own name may hold brackets.)
func listed(dir, begin, end string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), begin) && strings.HasSuffix(e.Name(), end) {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	return names, err
}
