package main

import (
	"errors"
	"fmt"

	"cp3/pipeline"
	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) templates() *cobra.Command {
	var (
		out, structure, period string
		members                []string
		carry                  bool
	)
	cmd := &cobra.Command{
		Use:   "templates --out DIR",
		Short: "Write blank workbooks for the members",
		Long: "Write blank workbooks for every member, in French or, with --lang ar, in Arabic.\n" +
			"With --structure and --period their identification is filled in; with --carry-over, too, the structure's\n" +
			"persons still in training are on their list already (this reads the workspace's private area).",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 0, "templates takes no argument: cp3 templates --out DIR")(args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usageError{fmt.Errorf("templates: say where to write them: cp3 templates --out DIR")}
			}
			declared, err := a.declared()
			if err != nil {
				return err
			}
			o := run.Blank{Out: out, Specs: declared.Specs, Lang: a.lang, Structure: structure}
			if o.Members, err = chosen(members, declared.Members()); err != nil {
				return err
			}
			if period != "" {
				if o.Period, err = pipeline.ParsePeriod(period); err != nil {
					return usageError{fmt.Errorf("templates: %w", err)}
				}
			}
			if structure != "" && len(o.Members) != 1 {
				return usageError{fmt.Errorf("templates: --structure is one member's: add --member")}
			}
			if carry {
				if structure == "" {
					return usageError{fmt.Errorf("templates: --carry-over is one structure's: add --member and --structure")}
				}
				from, err := a.open("templates")
				if err != nil {
					return err
				}
				o.From, o.Lang = &from, a.lang
			}
			written, err := run.Templates(cmd.Context(), o)
			var unknown *run.UnknownStructure
			if errors.As(err, &unknown) {
				return usageError{err}
			}
			if err != nil {
				return err
			}
			return a.printTemplates(written)
		},
	}
	f := cmd.Flags()
	f.StringVar(&out, "out", "", "folder to write them in")
	f.StringArrayVar(&members, "member", nil, "only this member's (repeatable)")
	f.StringVar(&structure, "structure", "", "the structure the workbook is for")
	f.BoolVar(&carry, "carry-over", false, "start from the structure's persons still in training")
	f.StringVar(&period, "period", "", "the period it is for: 2021 or 2021-T1")
	return cmd
}

func (a *app) printTemplates(written []string) error {
	if a.json {
		return a.printJSON(map[string][]string{"files": written})
	}
	for _, path := range written {
		fmt.Fprintln(a.Stdout, path)
	}
	return nil
}
