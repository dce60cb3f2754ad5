package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"cp3/pipeline"
	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) run() *cobra.Command {
	var members []string
	var dry bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "One complete run: read what was dropped, publish, answer",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 0, "run takes no argument: see cp3 run --help")(args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			verb := "run"
			if dry {
				verb = "dry-run" // which the journal doesn't tell of: nothing changes
			}
			o, err := a.open(verb)
			if err != nil {
				return err
			}
			if o.Only, err = chosen(members, o.Config.Members); err != nil {
				return err
			}
			if dry {
				plan, err := run.DryRun(cmd.Context(), o)
				if err != nil {
					return err
				}
				return a.printChecked(plan, nil)
			}
			report, err := run.Run(cmd.Context(), o)
			a.endProgress(o)
			a.afterRun(cmd.Context(), o, err)
			var failed *run.ChecksFailed
			if errors.As(err, &failed) {
				a.printFailures(failed)
			}
			if err != nil {
				return err
			}
			return a.printReport(report)
		},
	}
	cmd.Flags().StringArrayVar(&members, "member", nil, "only this member's folder (repeatable)")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "read what was dropped and say what would happen; change nothing")
	return cmd
}

// afterRun tells by e-mail what the run came to. That mail doesn't go fails no run.
func (a *app) afterRun(ctx context.Context, o run.Options, failed error) {
	var locked *run.Locked
	if errors.As(failed, &locked) {
		return // the other one tells
	}
	if _, err := run.Tell(ctx, o, nil); err != nil {
		o.Log.Error("not told", "error", err.Error())
	}
}

// chosen checks --member against the configured members.
func chosen(names []string, known []pipeline.Member) ([]pipeline.Member, error) {
	var only []pipeline.Member
	for _, n := range names {
		m := pipeline.Member(n)
		if !slices.Contains(known, m) {
			return nil, usageError{fmt.Errorf("--member %s: no such member: choose among %s", n, memberList(known))}
		}
		only = append(only, m)
	}
	return only, nil
}

func (a *app) printFailures(failed *run.ChecksFailed) {
	for _, f := range failed.Failures {
		fmt.Fprintln(a.Stderr, a.say("run.check_failed", "check", f.Check, "rows", strconv.Itoa(f.Rows), "claim", f.Description))
	}
}

func (a *app) printReport(r run.Report) error {
	if a.json {
		return a.printJSON(r)
	}
	if len(r.Received) > 0 {
		rows := [][]string{{a.say("head.status"), a.say("head.member"), a.say("head.file"), a.say("head.rows"), a.say("head.issues")}}
		for _, s := range r.Received {
			rows = append(rows, []string{a.statusWord(s.Status), string(s.Member), s.Path,
				fmt.Sprintf("%d/%d", s.Kept, s.Read), a.issueCounts(s.Issues)})
		}
		table(a.Stdout, rows)
	}
	for _, s := range r.Skipped {
		fmt.Fprintln(a.Stdout, a.say("skip."+s.Reason, "path", legible(s.Path)))
	}
	if !r.Published {
		fmt.Fprintln(a.Stdout, a.say("run.nothing_new", "edition", strconv.Itoa(r.Edition)))
		return nil
	}
	fmt.Fprintln(a.Stdout, a.say("run.published", "edition", strconv.Itoa(r.Edition), "answers", strconv.Itoa(r.Answers)))
	return nil
}

// statusWord follows the answers' palette.
func (a *app) statusWord(s pipeline.Status) string {
	return a.paint(statusColour(s), a.say("status."+string(s)))
}

func (a *app) issueCounts(n map[pipeline.Severity]int) string {
	var parts string
	for _, s := range []pipeline.Severity{pipeline.Blocking, pipeline.Error, pipeline.Warning} {
		if n[s] == 0 {
			continue
		}
		if parts != "" {
			parts += ", "
		}
		parts += fmt.Sprintf("%d %s", n[s], a.say("severity."+string(s)))
	}
	if parts == "" {
		return "-"
	}
	return parts
}
