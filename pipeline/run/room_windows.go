package run

import (
	"hash/fnv"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// room is how many bytes are left for us on the disk that holds dir, and a number
// that tells disks apart.
func room(dir string) (left int64, disk uint64, err error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, 0, err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return 0, 0, err
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(filepath.VolumeName(abs))) // a hash never fails
	return int64(free), h.Sum64(), nil
}
