package main

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"cp3/pipeline/run"
	"cp3/pipeline/serve"
	"cp3/schedules"

	"github.com/spf13/cobra"
)

// nextTimes is how many next times `cp3 schedules` shows of each.
const nextTimes = 3

func (a *app) schedules() *cobra.Command {
	return &cobra.Command{
		Use:   "schedules",
		Short: "What runs when: each schedule with its next times and how it last went",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 0, "schedules takes no argument")(args)
		},
		RunE: func(_ *cobra.Command, _ []string) error {
			o, err := a.open("schedules")
			if err != nil {
				return err
			}
			all, err := loadSchedules(o)
			if err != nil {
				return err
			}
			lines, err := serve.Outlooks(o.Workspace, all, a.Now(), nextTimes)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(lines)
			}
			a.printSchedules(lines, o.Config.Zone())
			for _, n := range serve.Needs(lines) {
				fmt.Fprintln(a.Stdout, n.Text(a.lang))
			}
			return nil
		},
	}
}

// badSchedules is trouble in schedules/: wrong configuration.
type badSchedules struct{ error }

func (e badSchedules) Unwrap() error { return e.error }

// loadSchedules reads the workspace's schedules; errors name file and line.
func loadSchedules(o run.Options) ([]*schedules.Schedule, error) {
	all, err := schedules.Load(os.DirFS(o.Workspace.Schedules()), o.Config.Members)
	if err != nil {
		return nil, badSchedules{fmt.Errorf("schedules: %w", err)}
	}
	return all, nil
}

// shippedSchedules are the files `cp3 init` lays in schedules/.
func shippedSchedules() (map[string]string, error) {
	names, err := fs.Glob(schedules.Shipped, "*.yaml")
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, name := range names {
		b, err := fs.ReadFile(schedules.Shipped, name)
		if err != nil {
			return nil, err
		}
		files[name] = string(b)
	}
	return files, nil
}

func (a *app) printSchedules(lines []serve.Outlook, zone *time.Location) {
	if len(lines) == 0 {
		fmt.Fprintln(a.Stdout, a.say("schedules.none"))
		return
	}
	rows := [][]string{{a.say("head.schedule"), a.say("head.job"), a.say("head.cron"), a.say("head.next"), a.say("head.last")}}
	for _, l := range lines {
		next := make([]string, len(l.Next))
		for i, at := range l.Next {
			next[i] = at.In(zone).Format("2006-01-02 15:04")
		}
		if l.Disabled {
			next = []string{a.say("schedules.disabled")}
		}
		rows = append(rows, []string{l.Name, a.say("job." + string(l.Job)), l.Cron + " " + l.TimeZone, orDash(strings.Join(next, ", ")), a.outcome(l, zone)})
	}
	table(a.Stdout, rows)
}

// outcome is how a schedule's last occurrence went, in a few words.
func (a *app) outcome(l serve.Outlook, zone *time.Location) string {
	if l.Last == nil {
		return "-"
	}
	word := a.say("occurrence."+string(l.Last.Outcome), "at", l.Last.At.In(zone).Format("2006-01-02 15:04"))
	if l.Last.CaughtUp {
		word = a.say("occurrence.caught_up", "outcome", word)
	}
	return word
}
