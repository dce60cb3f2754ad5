package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Archive keeps every file received, unchanged, under the SHA-256 of its
// content: archive/ab/abcdef... A file is either there whole or not at all.
type Archive struct {
	root string
}

// NewArchive is the archive in folder root, made on first use.
func NewArchive(root string) *Archive { return &Archive{root: root} }

// ErrChanged says that a file was still being written while it was copied.
var ErrChanged = errors.New("the file changed while it was read")

// Unreadable says that the file itself couldn't be read: it is gone, its rights or
// its disk forbid it, a program on another machine holds it. The archive is well.
type Unreadable struct{ Err error }

func (e *Unreadable) Error() string { return e.Err.Error() }

func (e *Unreadable) Unwrap() error { return e.Err }

// Stored is what Put learned of a file.
type Stored struct {
	SHA256   string
	Size     int64
	Modified time.Time
}

// Put copies the file at path into the archive, unless its content is there
// already and sound, and returns its hash: a damaged copy is mended by the same file
// dropped again. The copy is durable when Put returns. A file
// that changes meanwhile is ErrChanged, and nothing is kept of it.
func (a *Archive) Put(ctx context.Context, path string) (Stored, error) {
	stored, err := a.put(ctx, path)
	if err != nil && !errors.Is(err, ErrChanged) {
		err = fmt.Errorf("archive: %w", err)
	}
	return stored, err
}

func (a *Archive) put(ctx context.Context, path string) (_ Stored, err error) {
	src, err := os.Open(path)
	if err != nil {
		return Stored{}, &Unreadable{err}
	}
	defer src.Close()
	before, err := src.Stat()
	if err != nil {
		return Stored{}, &Unreadable{err}
	}
	incoming := filepath.Join(a.root, "tmp")
	if err := os.MkdirAll(incoming, 0o700); err != nil {
		return Stored{}, err
	}
	tmp, err := os.CreateTemp(incoming, "put-*")
	if err != nil {
		return Stored{}, err
	}
	defer func() {
		if tmp != nil {
			err = errors.Join(err, tmp.Close(), os.Remove(tmp.Name()))
		}
	}()
	h := sha256.New()
	source := &reader{ctx: ctx, Reader: src}
	n, err := io.Copy(io.MultiWriter(tmp, h), source)
	if err != nil {
		if source.failed != nil && ctx.Err() == nil {
			return Stored{}, &Unreadable{err}
		}
		return Stored{}, err
	}
	after, err := os.Stat(path)
	if err != nil || n != before.Size() || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return Stored{}, ErrChanged
	}
	stored := Stored{SHA256: hex.EncodeToString(h.Sum(nil)), Size: n, Modified: before.ModTime()}
	final := a.Path(stored.SHA256)
	if a.Verify(ctx, stored.SHA256) == nil {
		return stored, syncDir(filepath.Dir(final)) // a process killed here before may not have
	}
	if err := tmp.Sync(); err != nil {
		return Stored{}, err
	}
	if err := tmp.Chmod(0o400); err != nil {
		return Stored{}, err
	}
	name := tmp.Name()
	if err := tmp.Close(); err != nil {
		return Stored{}, err
	}
	tmp = nil
	if err := os.MkdirAll(filepath.Dir(final), 0o700); err != nil {
		return Stored{}, err
	}
	if err := os.Rename(name, final); err != nil {
		return Stored{}, errors.Join(err, os.Remove(name))
	}
	return stored, errors.Join(syncDir(filepath.Dir(final)), syncDir(a.root))
}

// Temp is the path of a new file in the archive's own temporary folder; there is no
// such file yet.
func (a *Archive) Temp(name string) (string, error) {
	incoming := filepath.Join(a.root, "tmp")
	if err := os.MkdirAll(incoming, 0o700); err != nil {
		return "", fmt.Errorf("archive: %w", err)
	}
	path := filepath.Join(incoming, name)
	if err := os.RemoveAll(path); err != nil {
		return "", fmt.Errorf("archive: %w", err)
	}
	return path, nil
}

// Adopt moves a file of the temporary folder to its place in the archive and
// returns its hash. It is durable when Adopt returns.
func (a *Archive) Adopt(ctx context.Context, path string) (string, error) {
	stored, err := a.put(ctx, path)
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		return "", fmt.Errorf("archive: %w", err)
	}
	return stored.SHA256, nil
}

// Remove takes a content out of the archive, if it is there.
func (a *Archive) Remove(sha string) error {
	path := a.Path(sha)
	if err := os.Remove(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return fmt.Errorf("archive: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// Path is where the content with this hash is, or would be.
func (a *Archive) Path(sha string) string { return filepath.Join(a.root, sha[:2], sha) }

// Sweep removes what a killed run left half-copied.
func (a *Archive) Sweep() error {
	if err := os.RemoveAll(filepath.Join(a.root, "tmp")); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}

// Verify reads a stored content again: nil when it is still what its name says.
func (a *Archive) Verify(ctx context.Context, sha string) error {
	f, err := os.Open(a.Path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("archive: %s is missing", sha)
	}
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, &reader{ctx: ctx, Reader: f}); err != nil {
		return fmt.Errorf("archive: %s: %w", sha, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != sha {
		return fmt.Errorf("archive: %s: the content was changed (it is now %s)", sha, got)
	}
	return nil
}

// reader stops reading when its context ends, and remembers whether it was the source
// that failed.
type reader struct {
	ctx context.Context
	io.Reader
	failed error
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF {
		r.failed = err
	}
	return n, err
}
