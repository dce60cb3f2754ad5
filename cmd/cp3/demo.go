package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"cp3/connectors/example"
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
	if _, err := run.OpenWorkspace(dir); err != nil {
		if err := a.makeDemo(ctx, dir); err != nil {
			return err
		}
	}
	o, err := a.open("demo")
	if err != nil {
		return err
	}
	if !a.Terminal {
		o.Log = a.quiet()
	}
	if err := a.nights(ctx, o, filepath.Join(dir, demoStage)); err != nil {
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

// demoStage holds the workbooks not yet delivered; gone once the demo is whole.
const demoStage = ".demo"

// makeDemo writes the workspace and, aside, every workbook with its delivery day.
func (a *app) makeDemo(ctx context.Context, dir string) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 && !onlyStage(entries) {
		return usageError{fmt.Errorf("demo: %s is not empty: give another folder: cp3 demo DIR", dir)}
	}
	stage := filepath.Join(dir, demoStage)
	if err := os.RemoveAll(stage); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if err := os.MkdirAll(stage, 0o755); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if _, err := example.Write(ctx, stage, example.Options{}); err != nil {
		return fmt.Errorf("demo: write the example: %w", err)
	}
	var expect []run.Expectation
	for _, e := range example.Expectations() {
		expect = append(expect, run.Expectation{Member: e.Member, Structures: e.Structures, Every: e.Every, From: e.From, To: e.To, Days: e.Days})
	}
	return a.initWorkspace(dir, run.ConfigText(a.lang, expect))
}

func onlyStage(entries []os.DirEntry) bool {
	return len(entries) == 1 && entries[0].Name() == demoStage
}

// nights delivers the staged workbooks day by day and runs each night after a
// delivery, the clock set to that night.
func (a *app) nights(ctx context.Context, o run.Options, stage string) error {
	if _, err := os.Stat(stage); errors.Is(err, os.ErrNotExist) {
		_, err := run.Run(ctx, o) // an earlier demo, whole: one more ordinary run
		a.endProgress(o)
		return err
	}
	deliveries, err := example.Deliveries(stage)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	for _, d := range deliveries {
		if err := d.Move(stage, o.Workspace.Depot()); err != nil {
			return fmt.Errorf("demo: deliver: %w", err)
		}
		night := o
		at := d.Day.Time().Add(26*time.Hour + 30*time.Minute) // 02:30 the night after
		night.Now = func() time.Time { return at }
		if _, err := run.Run(ctx, night); err != nil {
			a.endProgress(o)
			return err
		}
	}
	a.endProgress(o)
	return os.RemoveAll(stage)
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
