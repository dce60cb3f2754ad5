package main

import (
	"fmt"

	"cp3/pipeline"
	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) templates() *cobra.Command {
	var (
		out, structure, period string
		members                []string
	)
	cmd := &cobra.Command{
		Use:   "templates --out DIR",
		Short: "Write blank workbooks for the members",
		Long: "Write blank workbooks for every member, in French or, with --lang ar, in Arabic.\n" +
			"With --structure and --period their identification is filled in.",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 0, "templates takes no argument: cp3 templates --out DIR")(args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usageError{fmt.Errorf("templates: say where to write them: cp3 templates --out DIR")}
			}
			known, err := memberCodes()
			if err != nil {
				return err
			}
			o := run.Blank{Out: out, Lang: a.lang, Structure: structure}
			if o.Members, err = chosen(members, known); err != nil {
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
			written, err := run.Templates(cmd.Context(), o)
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
