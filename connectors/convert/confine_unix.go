//go:build unix

package convert

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"
)

// command is LibreOffice in a process group of its own, with the shell's limits on
// the size of files (in 512-byte blocks) and on memory (in KiB), which every child
// inherits; nil when it can't be alone, without a network, on this system.
func (p *Program) command(ctx context.Context, args []string, alone bool) *exec.Cmd {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if alone && !withoutNetwork(attr) {
		return nil
	}
	limits := fmt.Sprintf(`ulimit -c 0; ulimit -f %d; ulimit -v %d 2>/dev/null; exec "$0" "$@"`, p.limits.Bytes/512, p.limits.Memory/1024)
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", limits, p.path}, args...)...)
	cmd.SysProcAttr = attr
	cmd.Cancel = func() error { return killGroup(cmd) }
	return cmd
}

// reap ends what the command left behind: LibreOffice's launcher has children.
func reap(cmd *exec.Cmd) { _ = killGroup(cmd) }

func killGroup(cmd *exec.Cmd) error {
	err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return nil
	}
	return err
}
