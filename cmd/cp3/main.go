// Command cp3 turns the workbooks members drop in a shared folder into the
// committee's follow-up table. See README.md.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(program(System())) }

// program is Main until it is told to stop: what is under way is let go of, the
// next start continues it.
func program(env Env) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Main(ctx, os.Args[1:], env)
}
