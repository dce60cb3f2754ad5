package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/run"
	"cp3/pipeline/serve"

	"github.com/spf13/cobra"
)

func (a *app) status() *cobra.Command {
	var submission string
	var whole, tell bool
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
			if tell {
				if _, err := run.Tell(cmd.Context(), o, serve.Needs(lines)); err != nil {
					failed = errors.Join(failed, err)
				}
			}
			state.Needs = append(serve.Needs(lines), state.Needs...)
			if failed != nil && !a.json {
				a.printNeeds(state.Needs) // the worst trouble is the first to be told
				return failed
			}
			return errors.Join(a.printState(state, lines, o.Config.Zone(), whole), failed)
		},
	}
	cmd.Flags().BoolVar(&whole, "all", false, "every submission and every late report, not the latest alone")
	cmd.Flags().BoolVar(&tell, "mail", false, "also e-mail what needs a human and was not told yet (mail in cp3.yaml): for a watchdog beside the service")
	cmd.Flags().StringVar(&submission, "submission", "", "the account of one submission, cell by cell: its id, receipt number or file")
	return cmd
}

// wholeState is what --json tells: the workspace's state and its schedules'.
type wholeState struct {
	run.State
	Schedules []serve.Outlook `json:"schedules"`
}

// How many lines each part of the page has, unless all are asked for: it is read by
// somebody who comes twice a year, after years of nights.
const (
	pageSubmissions = 10
	pageTemplates   = 6
	pageExpected    = 20
)

func (a *app) printState(s run.State, lines []serve.Outlook, zone *time.Location, all bool) error {
	if a.json {
		return a.printJSON(wholeState{s, lines})
	}
	if s.Holder != nil {
		fmt.Fprintln(a.Stdout, a.say("status.running", "verb", s.Holder.Command, "pid", strconv.Itoa(s.Holder.PID), "since", s.Holder.Since.In(zone).Format("2006-01-02 15:04:05")))
	}
	a.printNeeds(s.Needs)
	if s.Edition == 0 {
		fmt.Fprintln(a.Stdout, a.say("status.no_edition"))
	} else {
		fmt.Fprintln(a.Stdout, a.say("status.edition", "edition", strconv.Itoa(s.Edition), "day", s.Day))
	}
	if s.Public > 0 && s.Public != s.Edition {
		fmt.Fprintln(a.Stdout, a.say("status.public", "edition", strconv.Itoa(s.Public), "day", s.PublicDay))
	}
	if s.Service != nil {
		fmt.Fprintln(a.Stdout, a.say("status.service", "since", s.Service.Since.In(zone).Format(minuteForm), "host", s.Service.Host))
	} else {
		fmt.Fprintln(a.Stdout, a.say("status.no_service"))
	}
	if len(s.Waiting) > 0 {
		fmt.Fprintln(a.Stdout, a.say("status.waiting", "files", strconv.Itoa(len(s.Waiting))))
	}
	a.printLasts(s.Lasts, zone)
	a.printMembers(s.Submissions)
	a.printSubmissions(s.Submissions, all)
	a.printExpected(s.Expected, all)
	a.printTemplatesInUse(s.Templates, all)
	if len(lines) > 0 {
		fmt.Fprintf(a.Stdout, "\n%s\n", a.say("status.schedules"))
		a.printSchedules(lines, zone)
	}
	return nil
}

// minuteForm is how the page shows times.
const minuteForm = "2006-01-02 15:04"

// part prints one table of the page under its title, and how many lines it left out.
func (a *app) part(title string, head []string, rows [][]string, left int) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(a.Stdout, "\n%s\n", a.say(title))
	for i, key := range head {
		head[i] = a.say(key)
	}
	table(a.Stdout, append([][]string{head}, rows...))
	if left > 0 {
		fmt.Fprintln(a.Stdout, a.say("status.more", "count", strconv.Itoa(left)))
	}
}

// printLasts says how each verb that ran last ended.
func (a *app) printLasts(lasts map[string]run.Last, zone *time.Location) {
	var rows [][]string
	for _, verb := range []string{"run", "verify", "backup", "purge", "remind", "rebuild"} {
		l, ok := lasts[verb]
		if !ok {
			continue
		}
		word := a.say("last.done")
		if l.Failed() {
			word = a.say("last.failed")
			if !l.Success.IsZero() {
				word = a.say("last.failed_since", "at", l.Success.In(zone).Format(minuteForm))
			}
		}
		rows = append(rows, []string{a.say("job." + verb), l.Ended.In(zone).Format(minuteForm), word})
	}
	a.part("status.lasts", []string{"head.job", "head.ended", "head.state"}, rows, 0)
}

// printMembers counts each member's submissions by what became of them.
func (a *app) printMembers(all []run.SubmissionLine) {
	kinds := []pipeline.Status{pipeline.Accepted, pipeline.Reserved, pipeline.Rejected, pipeline.Replaced, pipeline.Double}
	counts, last := map[string]map[string]int{}, map[string]string{}
	for _, l := range all {
		if counts[l.Member] == nil {
			counts[l.Member] = map[string]int{}
		}
		counts[l.Member][l.Status]++
		last[l.Member] = l.Received
	}
	head := []string{"head.member", "head.received_last"}
	for _, k := range kinds {
		head = append(head, "status."+string(k))
	}
	var rows [][]string
	for _, m := range slices.Sorted(maps.Keys(counts)) {
		row := []string{m, last[m]}
		for _, k := range kinds {
			row = append(row, strconv.Itoa(counts[m][string(k)]))
		}
		rows = append(rows, row)
	}
	a.part("status.members", head, rows, 0)
}

// printSubmissions shows the latest, last.
func (a *app) printSubmissions(lines []run.SubmissionLine, all bool) {
	left := 0
	if !all {
		left = max(0, len(lines)-pageSubmissions)
	}
	var rows [][]string
	for _, l := range lines[left:] {
		rows = append(rows, []string{strconv.Itoa(l.Number), l.Member, cut(l.Structure, 28), l.Period, cut(l.File, 48), l.Received,
			a.say("status." + l.Status), fmt.Sprintf("%d/%d", l.Kept, l.Read), orDash(l.Version)})
	}
	a.part("status.submissions", []string{"head.number", "head.member", "head.structure", "head.period", "head.file", "head.received", "head.status",
		"head.rows", "head.version"}, rows, left)
}

func (a *app) printExpected(lines []run.ExpectationLine, all bool) {
	left := 0
	if !all { // the latest deadlines are the last
		left = max(0, len(lines)-pageExpected)
	}
	var rows [][]string
	for _, l := range lines[left:] {
		rows = append(rows, []string{l.Member, cut(l.Structure, 36), l.Period, l.Due, orDash(l.Received), a.say("completeness." + l.Status)})
	}
	a.part("status.expected", []string{"head.member", "head.structure", "head.period", "head.due", "head.received", "head.status"}, rows, left)
}

func (a *app) printTemplatesInUse(lines []run.TemplateLine, all bool) {
	shown := lines
	if !all {
		shown = lines[:min(len(lines), pageTemplates)]
	}
	var rows [][]string
	for _, l := range shown {
		rows = append(rows, []string{l.Member, cut(l.Structure, 36), l.Period, orDash(l.Version), l.Present, strconv.Itoa(l.Moved)})
	}
	a.part("status.templates", []string{"head.member", "head.structure", "head.period", "head.used", "head.present", "head.moved"}, rows, len(lines)-len(shown))
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
