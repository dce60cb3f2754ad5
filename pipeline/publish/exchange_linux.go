package publish

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

var errNoExchange = errors.New("this file system can't exchange two names")

// exchange gives each of two existing paths the other's content, in one step.
func exchange(a, b string) error {
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS), errors.Is(err, unix.ENOTSUP):
		return errNoExchange
	}
	return fmt.Errorf("exchange %s and %s: %w", a, b, err)
}
