package main

import (
	"fmt"
	"strconv"

	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) purge() *cobra.Command {
	return &cobra.Command{
		Use:   "purge",
		Short: "Remove personal data past their retention (retention in cp3.yaml)",
		Long: "Remove names, papers, phones and birth dates of submissions past their retention from archive, answers and warehouse.\n" +
			"What was published stays; unless it comes out the same without them, nothing is removed. Begins with a run.",
		Args: func(_ *cobra.Command, args []string) error { return wantArgs(0, 0, "purge takes no argument")(args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.open("purge")
			if err != nil {
				return err
			}
			p, err := run.Purge(cmd.Context(), o)
			a.endProgress(o)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(p)
			}
			a.printPurged(p)
			return nil
		},
	}
}

func (a *app) printPurged(p run.Purged) {
	before := strconv.Itoa(p.Before)
	if p.Submissions == 0 {
		fmt.Fprintln(a.Stdout, a.say("purge.nothing", "before", before))
		return
	}
	fmt.Fprintln(a.Stdout, a.say("purge.done", "submissions", strconv.Itoa(p.Submissions), "before", before,
		"persons", strconv.Itoa(p.Persons), "edition", strconv.Itoa(p.Edition)))
	if len(p.InDepot) > 0 {
		fmt.Fprintln(a.Stdout, a.say("purge.in_depot"))
		for _, path := range p.InDepot {
			fmt.Fprintln(a.Stdout, "  "+path)
		}
	}
	fmt.Fprintln(a.Stdout, a.say("purge.backups"))
}
