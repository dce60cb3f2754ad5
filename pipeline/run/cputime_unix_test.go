//go:build unix

package run_test

import (
	"syscall"
	"time"
)

// cpuTime is what the process has worked so far: unlike the clock, it doesn't
// count the time other programs had the processor.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
