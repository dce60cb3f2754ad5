//go:build unix

package run

import "syscall"

// laxUmask lets everybody read what is made from now on, until it is undone.
func laxUmask() (restore func()) {
	was := syscall.Umask(0)
	return func() { syscall.Umask(was) }
}
