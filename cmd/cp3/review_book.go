package main

import (
	"errors"
	"fmt"
	"strconv"

	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) exportReview() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "export --out FILE.xlsx",
		Short: "The pairs that wait, as a workbook to decide in: it holds names",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 0, "export takes no argument: cp3 review export --out paires.xlsx")(args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usageError{errors.New("export: say where to: --out paires.xlsx")}
			}
			o, err := a.openReview("review")
			if err != nil {
				return err
			}
			n, err := run.ExportReview(cmd.Context(), o, out)
			if err != nil {
				return asReviewUsage(err)
			}
			if a.json {
				return a.printJSON(map[string]any{"file": out, "pairs": n})
			}
			fmt.Fprintln(a.Stdout, a.say("review.exported", "file", out, "count", strconv.Itoa(n)))
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "the workbook to write")
	return cmd
}

func (a *app) importReview() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   "import FILE.xlsx",
		Short: "Record what was decided in a workbook that export wrote",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(1, 1, "import takes the workbook that export wrote: cp3 review import paires.xlsx")(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.openReview("review")
			if err != nil {
				return err
			}
			in, err := run.ImportReview(cmd.Context(), o, args[0], decider(by))
			var faults *run.BadBook
			if errors.As(err, &faults) {
				for _, f := range faults.Faults {
					fmt.Fprintln(a.Stderr, f)
				}
				return usageError{err}
			}
			if err != nil {
				return asReviewUsage(err)
			}
			if a.json {
				return a.printJSON(in)
			}
			fmt.Fprintln(a.Stdout, a.say("review.imported", "taken", strconv.Itoa(len(in.Taken)), "stood", strconv.Itoa(in.Stood), "open", strconv.Itoa(in.Open)))
			return nil
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who decides (default: the system's user)")
	return cmd
}
