package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/run"
	"cp3/pipeline/serve"

	"github.com/spf13/cobra"
)

func (a *app) status() *cobra.Command {
	var submission string
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Where things stand: runs, submissions received, expected, late",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 0, "status takes no argument: see cp3 status --help")(args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.open("status")
			if err != nil {
				return err
			}
			if submission != "" {
				account, err := run.AccountOf(cmd.Context(), o, submission)
				if err != nil {
					return err
				}
				return a.printAccount(account)
			}
			all, err := loadSchedules(o)
			if err != nil {
				return err
			}
			lines, err := serve.Outlooks(o.Workspace, all, a.Now(), 1)
			if err != nil {
				return err
			}
			state, failed := run.Status(cmd.Context(), o)
			state.Needs = append(serve.Needs(lines), state.Needs...)
			if failed != nil && !a.json {
				a.printNeeds(state.Needs) // the worst trouble is the first to be told
				return failed
			}
			return errors.Join(a.printState(state, lines, o.Config.Zone()), failed)
		},
	}
	cmd.Flags().StringVar(&submission, "submission", "", "the account of one submission, cell by cell: its id, receipt number or file")
	return cmd
}

// wholeState is what --json tells: the workspace's state and its schedules'.
type wholeState struct {
	run.State
	Schedules []serve.Outlook `json:"schedules"`
}

func (a *app) printState(s run.State, lines []serve.Outlook, zone *time.Location) error {
	if a.json {
		return a.printJSON(wholeState{s, lines})
	}
	if s.Holder != nil {
		fmt.Fprintln(a.Stdout, a.say("status.running", "verb", s.Holder.Command, "pid", strconv.Itoa(s.Holder.PID), "since", s.Holder.Since.Format("2006-01-02 15:04:05")))
	}
	a.printNeeds(s.Needs)
	if s.Edition == 0 {
		fmt.Fprintln(a.Stdout, a.say("status.no_edition"))
	} else {
		fmt.Fprintln(a.Stdout, a.say("status.edition", "edition", strconv.Itoa(s.Edition), "day", s.Day))
	}
	if len(s.Waiting) > 0 {
		fmt.Fprintln(a.Stdout, a.say("status.waiting", "files", strconv.Itoa(len(s.Waiting))))
	}
	if len(s.Submissions) > 0 {
		fmt.Fprintf(a.Stdout, "\n%s\n", a.say("status.submissions"))
		rows := [][]string{{a.say("head.number"), a.say("head.member"), a.say("head.structure"), a.say("head.period"), a.say("head.file"),
			a.say("head.received"), a.say("head.status"), a.say("head.rows"), a.say("head.version")}}
		for _, l := range s.Submissions {
			rows = append(rows, []string{strconv.Itoa(l.Number), l.Member, cut(l.Structure, 28), l.Period, cut(l.File, 48), l.Received,
				a.say("status." + l.Status), fmt.Sprintf("%d/%d", l.Kept, l.Read), l.Version})
		}
		table(a.Stdout, rows)
	}
	if len(s.Templates) > 0 {
		fmt.Fprintf(a.Stdout, "\n%s\n", a.say("status.templates"))
		rows := [][]string{{a.say("head.member"), a.say("head.structure"), a.say("head.period"), a.say("head.used"), a.say("head.present"), a.say("head.moved")}}
		for _, l := range s.Templates {
			rows = append(rows, []string{l.Member, cut(l.Structure, 36), l.Period, orDash(l.Version), l.Present, strconv.Itoa(l.Moved)})
		}
		table(a.Stdout, rows)
	}
	if len(s.Expected) > 0 {
		fmt.Fprintf(a.Stdout, "\n%s\n", a.say("status.expected"))
		rows := [][]string{{a.say("head.member"), a.say("head.structure"), a.say("head.period"), a.say("head.due"), a.say("head.received"), a.say("head.status")}}
		for _, l := range s.Expected {
			rows = append(rows, []string{l.Member, cut(l.Structure, 36), l.Period, l.Due, orDash(l.Received), a.say("completeness." + l.Status)})
		}
		table(a.Stdout, rows)
	}
	if len(lines) > 0 {
		fmt.Fprintf(a.Stdout, "\n%s\n", a.say("status.schedules"))
		a.printSchedules(lines, zone)
	}
	return nil
}

// printNeeds says what needs a human, before anything else.
func (a *app) printNeeds(needs []run.Need) {
	if len(needs) == 0 {
		fmt.Fprintf(a.Stdout, "%s\n\n", a.say("status.no_needs"))
		return
	}
	fmt.Fprintln(a.Stdout, a.say("status.needs"))
	for _, n := range needs {
		fmt.Fprintf(a.Stdout, "  - %s\n", n.Text(a.lang))
	}
	fmt.Fprintln(a.Stdout)
}

func (a *app) printAccount(account run.Account) error {
	if a.json {
		return a.printJSON(account)
	}
	s := account.Submission
	fmt.Fprintln(a.Stdout, a.say("account.head", "number", strconv.Itoa(s.Number), "file", s.File, "status", a.statusWord(pipeline.Status(s.Status)),
		"kept", strconv.Itoa(s.Kept), "read", strconv.Itoa(s.Read)))
	rows := [][]string{{a.say("head.sheet"), a.say("head.cells"), a.say("head.field"), a.say("head.outcome"), a.say("head.reason")}}
	for _, l := range account.Lines {
		rows = append(rows, []string{l.Sheet, l.Cells, orDash(l.Field), a.say("outcome." + l.Outcome), orDash(a.reason(l))})
	}
	table(a.Stdout, rows)
	return nil
}

// reason is the title of a rule, or the wording of why a cell was ignored.
func (a *app) reason(l run.AccountLine) string {
	if l.Reason == "" {
		return ""
	}
	return a.title(l.Reason)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
