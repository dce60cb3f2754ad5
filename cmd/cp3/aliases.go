package main

import (
	"errors"
	"fmt"
	"os/user"
	"strconv"
	"strings"

	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) aliases() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "aliases",
		Short: "Words of the members that no code list knows: decide once what they mean",
		Long: "Without more, lists the words that wait for a decision, with the nearest known values, and what was decided.\n" +
			"A decision is dated, says who took it, and can be taken back; the next run reads the workbooks again.",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 0, `aliases takes approve, revoke or nothing: cp3 aliases approve LIST "text" CODE`)(args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.open("aliases")
			if err != nil {
				return err
			}
			found, err := run.ListAliases(cmd.Context(), o)
			if err != nil {
				return err
			}
			return a.printAliases(found)
		},
	}
	cmd.AddCommand(a.approveAlias(), a.revokeAlias())
	return cmd
}

func (a *app) approveAlias() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   `approve LIST "text" CODE`,
		Short: "Say what a word means, from now on",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(3, 3, `approve takes a list, a text and a code: cp3 aliases approve centre "CFA Akari" CFA_AKKARI`)(args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			o, err := a.open("aliases")
			if err != nil {
				return err
			}
			d, err := run.ApproveAlias(o, args[0], args[1], args[2], decider(by))
			if err != nil {
				return asUsage(err)
			}
			if a.json {
				return a.printJSON(d)
			}
			fmt.Fprintln(a.Stdout, a.say("aliases.approved", "text", d.Text, "label", d.Label, "code", d.Code))
			return nil
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who decides (default: the system's user)")
	return cmd
}

func (a *app) revokeAlias() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   `revoke LIST "text"`,
		Short: "Take a decision back",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(2, 2, `revoke takes a list and a text: cp3 aliases revoke centre "CFA Akari"`)(args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			o, err := a.open("aliases")
			if err != nil {
				return err
			}
			if err := run.RevokeAlias(o, args[0], args[1], decider(by)); err != nil {
				return asUsage(err)
			}
			if a.json {
				return a.printJSON(map[string]string{"list": args[0], "text": args[1]})
			}
			fmt.Fprintln(a.Stdout, a.say("aliases.revoked", "text", args[1]))
			return nil
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who decides (default: the system's user)")
	return cmd
}

// decider is who takes a decision, when the command line does not say.
func decider(by string) string {
	if by != "" {
		return by
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

func asUsage(err error) error {
	var bad *run.BadAlias
	if errors.As(err, &bad) {
		return usageError{err}
	}
	return err
}

func (a *app) printAliases(found run.Aliases) error {
	if a.json {
		return a.printJSON(found)
	}
	if len(found.Waiting) == 0 {
		fmt.Fprintln(a.Stdout, a.say("aliases.none"))
	} else {
		fmt.Fprintln(a.Stdout, a.say("aliases.waiting"))
		rows := [][]string{{a.say("head.list"), a.say("head.text"), a.say("head.cells"), a.say("head.files"), a.say("head.member"), a.say("head.proposals")}}
		for _, w := range found.Waiting {
			rows = append(rows, []string{w.List, cut(w.Text, 40), strconv.Itoa(w.Cells), strconv.Itoa(w.Files), memberList(w.Members), proposals(w.Proposals)})
		}
		table(a.Stdout, rows)
		fmt.Fprintln(a.Stdout, a.say("aliases.how"))
	}
	if len(found.Decided) == 0 {
		return nil
	}
	fmt.Fprintf(a.Stdout, "\n%s\n", a.say("aliases.decided"))
	rows := [][]string{{a.say("head.list"), a.say("head.text"), a.say("head.read_as"), a.say("head.on"), a.say("head.by")}}
	for _, d := range found.Decided {
		rows = append(rows, []string{d.List, cut(d.Text, 40), d.Code + " (" + d.Label + ")", d.On.String(), d.By})
	}
	table(a.Stdout, rows)
	return nil
}

func proposals(all []run.Meaning) string {
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = m.Code + " (" + m.Label + ")"
	}
	return orDash(strings.Join(names, ", "))
}
