package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cp3/connectors/example"
	"cp3/pipeline"
	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

// demoYear is the reporting year of the example set.
const demoYear = 2020

func (a *app) demo() *cobra.Command {
	return &cobra.Command{
		Use:   "demo [DIR]",
		Short: "Make a workspace with the 2019-2020 example, run it, print the follow-up table",
		Long: "Make a workspace (default: cp3-demo), drop the example workbooks of all seven members in it, night after night as they\n" +
			"would have come in 2020 and 2021, run cp3 each night, and print the follow-up table of 2020. All persons are synthetic.",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 1, "demo takes one folder at most: cp3 demo [DIR]")(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "cp3-demo"
			if len(args) == 1 {
				dir = args[0]
			}
			return a.runDemo(cmd.Context(), dir)
		},
	}
}

func (a *app) runDemo(ctx context.Context, dir string) error {
	if a.lang == "" {
		a.lang = "fr"
	}
	a.workspace = dir
	if err := a.makeDemo(ctx, dir); err != nil {
		return err
	}
	o, err := a.open("run")
	if err != nil {
		return err
	}
	if !a.Terminal {
		o.Log = slog.New(slog.DiscardHandler) // five nights' steps would bury the answer
	}
	if err := a.nights(ctx, o); err != nil {
		return err
	}
	lines, err := run.FollowUp(ctx, o, demoYear)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(lines)
	}
	a.printFollowUp(lines, demoYear)
	return a.printDemoPlaces(ctx, o)
}

// makeDemo makes the workspace, unless an earlier demo did.
func (a *app) makeDemo(ctx context.Context, dir string) error {
	if _, err := run.OpenWorkspace(dir); err == nil {
		return nil
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return usageError{fmt.Errorf("demo: %s is not empty: give another folder: cp3 demo DIR", dir)}
	}
	set, err := example.Make(ctx, 0)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	var expect []run.Expectation
	for _, e := range set.Manifest.Expected {
		p, err := pipeline.ParsePeriod(e.Period)
		if err != nil {
			return fmt.Errorf("demo: %w", err)
		}
		expect = append(expect, run.ExpectationOf(e.Member, e.Structure, p, demoDays))
	}
	return a.initWorkspace(dir, run.ConfigText(a.lang, run.MergeExpectations(expect)))
}

// demoDays are left after a period to report on it (example: expectations).
const demoDays = 30

// nights delivers the example day by day and runs each night after a delivery,
// the clock set to that night. Nights already played change nothing.
func (a *app) nights(ctx context.Context, o run.Options) error {
	set, err := example.Make(ctx, 0)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	state, err := run.Status(ctx, o)
	if err != nil {
		return err
	}
	var before pipeline.Date
	for _, day := range set.Nights() {
		at := day.Time().Add(26*time.Hour + 30*time.Minute) // 02:30 the night after
		if state.Day >= pipeline.DateOf(at).String() {
			before = day
			continue
		}
		if err := set.Deliver(o.Workspace.Depot(), before, day); err != nil {
			return err
		}
		before = day
		night := o
		night.Now = func() time.Time { return at }
		_, err := run.Run(ctx, night)
		if err != nil {
			a.endProgress(o)
			return err
		}
	}
	a.endProgress(o)
	return nil
}

func (a *app) printDemoPlaces(ctx context.Context, o run.Options) error {
	state, err := run.Status(ctx, o)
	if err != nil {
		return err
	}
	persons, mentions, err := run.Persons(ctx, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "\n%s\n", a.say("demo.done", "submissions", fmt.Sprint(len(state.Submissions)), "edition", fmt.Sprint(state.Edition),
		"mentions", fmt.Sprint(mentions), "persons", fmt.Sprint(persons)))
	w := o.Workspace
	table(a.Stdout, [][]string{
		{"  " + w.Depot(), a.say("place.depot")},
		{"  " + w.Answers(), a.say("place.answers")},
		{"  " + filepath.Join(w.Publication(), "snia.duckdb"), a.say("place.database")},
		{"  " + filepath.Join(w.Publication(), "tableaux", fmt.Sprintf("suivi_%d.xlsx", demoYear)), a.say("place.workbook")},
		{"  " + w.Publication(), a.say("place.publication")},
		{"  " + w.Private(), a.say("place.private")},
	})
	return nil
}
