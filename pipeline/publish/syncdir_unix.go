//go:build unix

package publish

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes names in a folder durable. File systems that don't know how to
// (some network shares) say EINVAL or ENOTSUP: their renames are as durable as
// they get.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, f.Close())
}
