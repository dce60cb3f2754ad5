//go:build unix && !linux

package convert

import "syscall"

// withoutNetwork is not to be had here.
func withoutNetwork(*syscall.SysProcAttr) bool { return false }
