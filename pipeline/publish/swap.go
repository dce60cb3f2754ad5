package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// places are the folders and the marker a publication's swap works with, all in
// one parent so that renaming moves no byte.
type places struct {
	dir    string // the publication
	next   string // staged; after an exchange, the old edition
	past   string // the old edition, between two renames
	marker string // exists from before the swap until the old edition is gone
	aside  string // files found in an old edition that no edition put there
}

// placesOf resolves dir, which may be a symbolic link to where the publication
// really is.
func placesOf(dir string) (places, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return places{}, err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	parent, base := filepath.Split(dir)
	return places{
		dir:    dir,
		next:   filepath.Join(parent, "."+base+".next"),
		past:   filepath.Join(parent, "."+base+".past"),
		marker: filepath.Join(parent, "."+base+".swap"),
		aside:  filepath.Join(parent, base+"-hors-edition"),
	}, nil
}

// swap puts the staged edition in the publication's place and discards the old
// one. The marker says, whatever happens next, that p.next was whole.
func (p places) swap(o Options) error {
	if err := p.mark(); err != nil {
		return fmt.Errorf("swap: %w", err)
	}
	o.reach("marked")
	absent, err := missing(p.dir)
	if err != nil {
		return fmt.Errorf("swap: %w", err)
	}
	switch {
	case absent:
		err = os.Rename(p.next, p.dir)
	case o.renames:
		err = p.twoRenames(o)
	default:
		if err = exchange(p.next, p.dir); errors.Is(err, errNoExchange) {
			err = p.twoRenames(o)
		}
	}
	if err != nil {
		return fmt.Errorf("swap: %w", errors.Join(err, p.recover(o.Found)))
	}
	if err := syncDir(filepath.Dir(p.dir)); err != nil {
		return fmt.Errorf("swap: %w", err)
	}
	o.reach("swapped")
	if err := p.clean(o.Found); err != nil {
		return fmt.Errorf("discard the old edition (the new one is in place): %w", err)
	}
	o.reach("cleaned")
	return nil
}

// twoRenames is for systems that can't exchange two names. Between the two the
// publication is absent for an instant; recover knows what to do.
func (p places) twoRenames(o Options) error {
	if err := os.Rename(p.dir, p.past); err != nil {
		return err
	}
	o.reach("between renames")
	return os.Rename(p.next, p.dir)
}

func (p places) mark() error {
	f, err := os.OpenFile(p.marker, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return syncDir(filepath.Dir(p.marker))
}

// recover brings the places back to rest after anything.
func (p places) recover(found func(from, to string)) error {
	unmarked, err := missing(p.marker)
	if err != nil {
		return err
	}
	if unmarked {
		// Nothing was swapped: what is staged is half an edition.
		return os.RemoveAll(p.next)
	}
	// An empty folder may have been made in the place of the one being renamed.
	if err := os.Remove(p.dir); err != nil && !errors.Is(err, fs.ErrNotExist) && !isFull(p.dir) {
		return err
	}
	for _, whole := range []string{p.next, p.past} {
		if err := p.bringBack(whole); err == nil || errors.Is(err, fs.ErrNotExist) {
			continue
		} else if whole == p.past {
			return err
		}
	}
	return p.clean(found)
}

// isFull reports whether dir is a folder with something in it.
func isFull(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && len(entries) > 0
}

// bringBack puts a whole edition in the publication's place when that is empty.
func (p places) bringBack(whole string) error {
	absent, err := missing(p.dir)
	if err != nil || !absent {
		return err
	}
	return os.Rename(whole, p.dir)
}

// clean removes old editions, then the marker, in that order: as long as the
// marker is there, what stands beside the publication is a whole edition and may
// hold somebody's file.
func (p places) clean(found func(from, to string)) error {
	for _, old := range []string{p.next, p.past} {
		if err := p.discard(old, found); err != nil {
			return err
		}
	}
	if err := os.Remove(p.marker); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncDir(filepath.Dir(p.dir))
}

// discard removes an old edition's folder. A file that no edition put there is
// somebody's work saved in the wrong place: it is moved aside, never removed.
func (p places) discard(old string, found func(from, to string)) error {
	absent, err := missing(old)
	if err != nil || absent {
		return err
	}
	m, err := ReadManifest(old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	foreign, err := foreignFiles(old, m)
	if err != nil {
		return err
	}
	for _, path := range foreign {
		to, err := freeName(filepath.Join(p.aside, strconv.Itoa(m.Edition), filepath.FromSlash(path)))
		if err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(old, filepath.FromSlash(path)), to); err != nil {
			return err
		}
		if found != nil {
			found(path, to)
		}
	}
	return os.RemoveAll(old)
}

// freeName is path, or path with a number when it is taken; its folder exists.
func freeName(path string) (string, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	ext := filepath.Ext(path)
	stem := path[:len(path)-len(ext)]
	for n := 2; ; n++ {
		absent, err := missing(path)
		if err != nil || absent {
			return path, err
		}
		path = fmt.Sprintf("%s (%d)%s", stem, n, ext)
	}
}
