package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) rebuild() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Derive warehouse and publication again from archive and ledger",
		Args:  func(_ *cobra.Command, args []string) error { return wantArgs(0, 0, "rebuild takes no argument")(args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.open("rebuild")
			if err != nil {
				return err
			}
			found, err := run.Rebuild(cmd.Context(), o)
			a.endProgress(o)
			var failed *run.ChecksFailed
			if errors.As(err, &failed) {
				a.printFailures(failed)
			}
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(found)
			}
			key := "rebuild.same"
			if !found.Same {
				key = "rebuild.changed"
			}
			fmt.Fprintln(a.Stdout, a.say(key, "edition", strconv.Itoa(found.Edition), "tables", strings.Join(found.Changed, ", ")))
			return nil
		},
	}
}

func (a *app) verify() *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Check archive hashes, the ledger's chain and the publication's manifest",
		Long:  "Prove that nothing received was removed or changed and that the publication is what was signed off.\nExits 1 when something is wrong.",
		Args:  func(_ *cobra.Command, args []string) error { return wantArgs(0, 0, "verify takes no argument")(args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.open("verify")
			if err != nil {
				return err
			}
			found, err := run.Verify(cmd.Context(), o)
			a.endProgress(o)
			if err != nil {
				return err
			}
			if a.json {
				err = a.printJSON(found)
			} else {
				a.printVerified(found)
			}
			if err == nil && len(found.Problems) > 0 {
				return silentError{exitFailed}
			}
			return err
		},
	}
}

func (a *app) printVerified(v run.Verified) {
	for _, p := range v.Problems {
		fmt.Fprintln(a.Stdout, p)
	}
	key := "verify.sound"
	if len(v.Problems) > 0 {
		key = "verify.problems"
	}
	fmt.Fprintln(a.Stdout, a.say(key, "entries", strconv.Itoa(v.Entries), "files", strconv.Itoa(v.Files), "edition", strconv.Itoa(v.Edition),
		"problems", strconv.Itoa(len(v.Problems))))
}
