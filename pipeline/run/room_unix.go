//go:build unix

package run

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// room is how many bytes are left for us on the disk that holds dir, and a number
// that tells disks apart.
func room(dir string) (left int64, disk uint64, err error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return 0, 0, err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return 0, 0, err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		disk = uint64(s.Dev)
	}
	return int64(fs.Bavail) * int64(fs.Bsize), disk, nil
}
