//go:build !unix

package convert

import (
	"context"
	"os/exec"
)

// command is LibreOffice with a limit on time alone: this system has neither
// process groups nor limits that a shell sets.
func (p *Program) command(ctx context.Context, args []string, alone bool) *exec.Cmd {
	if alone {
		return nil
	}
	return exec.CommandContext(ctx, p.path, args...)
}

func reap(*exec.Cmd) {}
