package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
)

// WrongKey says that a backup was made for other recipients.
type WrongKey struct{ Err error }

func (e *WrongKey) Error() string {
	return "this identity opens none of the backup's locks: give the private key of one of its recipients"
}

func (e *WrongKey) Unwrap() error { return e.Err }

// Read unpacks a backup into dir, which must exist and be empty, with one of the
// identities in the text of an identity file. On error dir holds part of it: a
// backup that was cut short or changed is noticed, at the latest at its end.
func Read(ctx context.Context, r io.Reader, dir, identities string) (files int, err error) {
	files, err = read(ctx, r, dir, identities)
	if err != nil {
		return files, fmt.Errorf("restore: %w", err)
	}
	return files, nil
}

func read(ctx context.Context, r io.Reader, dir, identities string) (files int, err error) {
	ids, err := age.ParseIdentities(strings.NewReader(identities))
	if err != nil {
		return 0, fmt.Errorf("identity: %w", err)
	}
	opened, err := age.Decrypt(r, ids...)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return 0, &WrongKey{err}
	}
	if err != nil {
		return 0, err
	}
	unpacked, err := gzip.NewReader(opened)
	if err != nil {
		return 0, err
	}
	in := tar.NewReader(unpacked)
	times := map[string]time.Time{}
	for {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err := errors.Join(err, ctx.Err()); err != nil {
			return files, err
		}
		if err := extract(in, h, dir); err != nil {
			return files, err
		}
		times[filepath.Join(dir, filepath.FromSlash(h.Name))] = h.ModTime
		if h.Typeflag == tar.TypeReg {
			files++
		}
	}
	// The tar's end is not the file's: what follows must be intact as well.
	if _, err := io.Copy(io.Discard, unpacked); err != nil {
		return files, err
	}
	if _, err := io.Copy(io.Discard, opened); err != nil {
		return files, err
	}
	for path, at := range times {
		if err := os.Chtimes(path, at, at); err != nil {
			return files, err
		}
	}
	return files, nil
}

// extract writes one entry, made durable, strictly below dir.
func extract(in io.Reader, h *tar.Header, dir string) (err error) {
	name := filepath.FromSlash(strings.TrimSuffix(h.Name, "/"))
	if !filepath.IsLocal(name) {
		return fmt.Errorf("%q leads out of the backup", h.Name)
	}
	path := filepath.Join(dir, name)
	mode := os.FileMode(h.Mode).Perm()
	switch h.Typeflag {
	case tar.TypeDir:
		return os.MkdirAll(path, mode|0o700)
	case tar.TypeReg:
	default:
		return fmt.Errorf("%q is neither a file nor a folder", h.Name)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode|0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.Copy(f, in); err != nil {
		return err
	}
	return errors.Join(f.Chmod(mode), f.Sync())
}
