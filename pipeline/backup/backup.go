// Package backup writes a workspace's private area to one encrypted file and
// brings it back. It knows two formats, both older than cp3 and meant to outlive
// it: a tar archive compressed with gzip, inside an age file (age-encryption.org).
// Without cp3, `age -d -i KEY FILE | tar xz` does the same as [Read].
//
// A *recipient* is a public key, which may stand in a configuration file; its
// *identity* is the private key, which is needed to restore and should be kept
// somewhere else. Who has the backup and not the identity has nothing.
package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"
)

// Options of [Write].
type Options struct {
	Recipients []string               // at least one: age1...
	Skip       func(path string) bool // paths below the root, slash-separated, that are left out
}

// Write writes what is below root under the given names, files or folders, to w
// and returns how many files that was. Names that don't exist are left out. A
// file that grows meanwhile is written as long as it was when it was met.
func Write(ctx context.Context, w io.Writer, root string, names []string, o Options) (files int, err error) {
	recipients, err := parseRecipients(o.Recipients)
	if err != nil {
		return 0, fmt.Errorf("backup: %w", err)
	}
	sealed, err := age.Encrypt(w, recipients...)
	if err != nil {
		return 0, fmt.Errorf("backup: %w", err)
	}
	packed := gzip.NewWriter(sealed)
	out := tar.NewWriter(packed)
	for _, name := range names {
		n, err := add(ctx, out, root, name, o.Skip)
		files += n
		if err != nil {
			return files, fmt.Errorf("backup: %w", err)
		}
	}
	// The order matters: each closing writes what the next must hold.
	if err := errors.Join(out.Close(), packed.Close(), sealed.Close()); err != nil {
		return files, fmt.Errorf("backup: %w", err)
	}
	return files, nil
}

// add writes one name and what is below it, sorted.
func add(ctx context.Context, out *tar.Writer, root, name string, skip func(string) bool) (files int, err error) {
	from, err := filepath.EvalSymlinks(filepath.Join(root, name)) // it may be a link to another disk
	if err != nil {
		return 0, ignoreMissing(err)
	}
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err := errors.Join(ctx.Err(), ignoreMissing(err)); err != nil || d == nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(filepath.Join(name, rel))
		if skip != nil && skip(rel) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.IsDir() && !d.Type().IsRegular() {
			return fmt.Errorf("%s is neither a file nor a folder", path)
		}
		if !d.IsDir() {
			files++
		}
		return addOne(out, path, rel, d.IsDir())
	})
	return files, err
}

// ignoreMissing lets a name that isn't there be left out.
func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func addOne(out *tar.Writer, path, rel string, dir bool) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a day of the journal, removed as too old since the folder was listed
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	h := &tar.Header{Name: rel, Mode: int64(info.Mode().Perm()), ModTime: info.ModTime(), Format: tar.FormatPAX}
	if dir {
		h.Typeflag, h.Name = tar.TypeDir, rel+"/"
		return out.WriteHeader(h)
	}
	h.Typeflag, h.Size = tar.TypeReg, info.Size()
	if err := out.WriteHeader(h); err != nil {
		return err
	}
	if _, err := io.CopyN(out, f, info.Size()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func parseRecipients(keys []string) ([]age.Recipient, error) {
	var all []age.Recipient
	for _, key := range keys {
		r, err := age.ParseRecipients(strings.NewReader(key))
		if err != nil {
			return nil, fmt.Errorf("recipient %q: %w", key, err)
		}
		all = append(all, r...)
	}
	if len(all) == 0 {
		return nil, errors.New("no recipient: nobody could read the backup")
	}
	return all, nil
}

// CheckRecipients says what is wrong with recipients, if anything.
func CheckRecipients(keys []string) error {
	_, err := parseRecipients(keys)
	return err
}

// NewIdentity makes a pair of keys: the text of an identity file and the
// recipient that belongs to it.
func NewIdentity() (identity, recipient string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("backup: %w", err)
	}
	return fmt.Sprintf("# public key: %s\n%s\n", id.Recipient(), id), id.Recipient().String(), nil
}

// Latest lists the files of dir whose names begin and end so, newest first by name:
// names hold the time they were made at.
func Latest(dir, begin, end string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range slices.Backward(entries) {
		if strings.HasPrefix(e.Name(), begin) && strings.HasSuffix(e.Name(), end) {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	return names, nil
}
