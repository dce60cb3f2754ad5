package main

import (
	"fmt"

	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) init() *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Make an empty workspace",
		Long:  "Make an empty workspace in DIR, or complete one; what is there already is left alone.",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(1, 1, "init takes one folder: cp3 init DIR")(args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if a.lang == "" {
				a.lang = "fr"
			}
			if err := a.initWorkspace(args[0], run.ConfigText(a.lang, nil)); err != nil {
				return err
			}
			fmt.Fprintln(a.Stdout, a.say("init.done", "dir", args[0]))
			return nil
		},
	}
}

func (a *app) initWorkspace(dir, config string) error {
	declared, err := declarations(run.Workspace{Root: dir})
	if err != nil {
		return err
	}
	shipped, err := shippedSchedules()
	if err != nil {
		return err
	}
	_, err = run.InitWorkspace(dir, config, declared.Members(), shipped, a.Entropy)
	return err
}
