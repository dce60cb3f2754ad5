package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"cp3/pipeline/run"
	"cp3/pipeline/wording"

	"github.com/spf13/cobra"
)

// Exit codes (design: contract.md).
const (
	exitDone   = 0
	exitFailed = 1 // or `check` refused a file
	exitUsage  = 2 // wrong usage or configuration
	exitLocked = 4 // another run holds the workspace
)

// Env is the outside world of the program; tests bring their own.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Now            func() time.Time
	Sleep          func(context.Context, time.Duration) error
	Entropy        io.Reader
	Terminal       bool // Stderr is a terminal: show progress
	Color          bool // Stdout may be coloured
	Width          int  // of the terminal; 0: unknown
}

// System is the real world. With SOURCE_DATE_EPOCH set (seconds since 1970, the
// convention of reproducible builds), the clock stands still there.
func System() Env {
	return Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Now: clock(os.Getenv("SOURCE_DATE_EPOCH")), Sleep: sleep, Entropy: rand.Reader,
		Terminal: isTerminal(os.Stderr), Color: isTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "",
		Width: terminalWidth(os.Stdout),
	}
}

func clock(epoch string) func() time.Time {
	if s, err := strconv.ParseInt(epoch, 10, 64); err == nil {
		return func() time.Time { return time.Unix(s, 0).UTC() }
	}
	return time.Now
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// app is what every verb shares.
type app struct {
	Env
	workspace string
	lang      string
	json      bool
	closers   []io.Closer // of what stays open until the program ends
}

// usageError is the user's mistake on the command line: exit code 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// silentError has been told already; only its exit code is left.
type silentError struct{ code int }

func (e silentError) Error() string { return fmt.Sprintf("exit %d", e.code) }

// Main runs the program on args and returns its exit code.
func Main(ctx context.Context, args []string, env Env) int {
	a := &app{Env: env}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	err := root.ExecuteContext(ctx)
	for _, c := range a.closers {
		_ = c.Close() // a journal: each line was written when it was told
	}
	return a.exit(err)
}

// exit prints what went wrong, in one line, and chooses the exit code.
func (a *app) exit(err error) int {
	if err == nil {
		return exitDone
	}
	var silent silentError
	if errors.As(err, &silent) {
		return silent.code
	}
	fmt.Fprintf(a.Stderr, "cp3: %s\n", oneLine(err))
	if trouble := run.Trouble(err); trouble != "" {
		fmt.Fprintln(a.Stderr, a.say(trouble))
	}
	var (
		usage  usageError
		config *run.BadConfig
		nowork *run.NotWorkspace
		locked *run.Locked
		bad    badSchedules
		unset  *run.NotConfigured
		full   *run.NotEmpty
		name   *run.BadName
		nosub  *run.UnknownSubmission
	)
	switch {
	case errors.As(err, &locked):
		return exitLocked
	case errors.As(err, &usage), errors.As(err, &config), errors.As(err, &nowork), errors.As(err, &bad), errors.As(err, &unset), errors.As(err, &full),
		errors.As(err, &name), errors.As(err, &nosub):
		return exitUsage
	}
	return exitFailed
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "cp3",
		Short:         "Follow-up of Morocco's CP3 committee: workbooks in, indicators out",
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q: cp3 --help lists them%s", args[0], suggestions(cmd, args[0]))}
			}
			return cmd.Help()
		},
	}
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if a.lang != "" && !slices.Contains(wording.Languages, a.lang) {
			return usageError{fmt.Errorf("--lang %s: choose one of %s", a.lang, strings.Join(wording.Languages, ", "))}
		}
		return nil
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w: see cp3 %s --help", err, cmd.Name())}
	})
	f := root.PersistentFlags()
	f.StringVarP(&a.workspace, "workspace", "w", ".", "the workspace")
	f.StringVar(&a.lang, "lang", "", "language of messages: fr, ar or en (default: lang in cp3.yaml)")
	f.BoolVar(&a.json, "json", false, "answer in JSON")
	root.AddCommand(a.demo(), a.init(), a.run(), a.check(), a.status(), a.rebuild(), a.verify(), a.explain(), a.templates(), a.dedupe(), a.query(),
		a.schedules(), a.serve(), a.backup(), a.restore(), a.purge(), a.remind())
	root.AddCommand(a.aliases(), a.review())
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SuggestionsMinimumDistance = 2
	return root
}

func suggestions(cmd *cobra.Command, word string) string {
	if near := cmd.SuggestionsFor(word); len(near) > 0 {
		return fmt.Sprintf(" (did you mean %s?)", near[0])
	}
	return ""
}

// say is a message of the catalogue in the language asked for.
func (a *app) say(key string, args ...string) string {
	return wording.Text(a.lang, key, pairs(args))
}

func pairs(args []string) map[string]string {
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}

// version is the module version, or the revision it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	return "dev"
}
