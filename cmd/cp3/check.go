package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"

	"cp3/pipeline"
	"cp3/pipeline/run"
	"cp3/pipeline/wording"

	"github.com/spf13/cobra"
)

func (a *app) check() *cobra.Command {
	var member, out string
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Read and validate workbooks without recording anything",
		Long: "Read and validate workbooks without recording anything; works anywhere, with or without a workspace.\n" +
			"With --out, each workbook is written there with its findings, as the answer to it would be.\n" +
			"Exits 1 when one of them would be refused.",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(1, -1, "check takes the files to check: cp3 check FILE...")(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.checking()
			if err != nil {
				return err
			}
			if _, err := chosen(optional(member), o.Config.Members); err != nil {
				return err
			}
			o.Member = pipeline.Member(member)
			for _, file := range args {
				if _, err := os.Stat(file); err != nil {
					return usageError{fmt.Errorf("check %s: %w", file, errors.Unwrap(err))}
				}
			}
			if o.Scratch, err = os.MkdirTemp("", "cp3-*"); err != nil {
				return fmt.Errorf("check: %w", err)
			}
			defer os.RemoveAll(o.Scratch)
			checked, err := run.Check(cmd.Context(), o, args)
			if err != nil {
				return err
			}
			var written []string
			if out != "" {
				if written, err = run.Annotate(cmd.Context(), o, checked, out); err != nil {
					return err
				}
			}
			return a.printChecked(checked, written)
		},
	}
	cmd.Flags().StringVar(&member, "member", "", "whose workbooks these are (default: what the folder or the file says)")
	cmd.Flags().StringVar(&out, "out", "", "folder to write the workbooks in, with their findings")
	return cmd
}

func optional(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// checking is the workspace's way of checking, or the default one outside of any
// workspace: check runs on a focal point's own machine.
func (a *app) checking() (run.Checking, error) {
	o := run.Checking{Now: a.Now()}
	declared, err := a.declared()
	if err != nil {
		return o, err
	}
	w, err := run.OpenWorkspace(a.workspace)
	var none *run.NotWorkspace
	file := ""
	switch {
	case err == nil:
		o.Workspace, file = &w, w.ConfigFile()
	case !errors.As(err, &none):
		return o, err
	}
	if o.Config, err = run.LoadConfig(file, declared.Members()); err != nil {
		return o, err
	}
	o.Config.Declared = declared
	if a.lang == "" {
		a.lang = o.Config.Lang
	}
	return o, nil
}

// printChecked prints findings file by file, and what was written for each; the
// error carries exit code 1 when one would be refused.
func (a *app) printChecked(checked []run.Checked, written []string) error {
	refused := false
	for _, c := range checked {
		refused = refused || c.Status == pipeline.Rejected
	}
	if a.json {
		if err := a.printJSON(a.checkedJSON(checked, written)); err != nil {
			return err
		}
	} else {
		for n, c := range checked {
			a.printOne(c)
			if n < len(written) {
				fmt.Fprintln(a.Stdout, "  "+a.say("check.written", "file", written[n]))
			}
		}
	}
	if refused {
		return silentError{exitFailed}
	}
	return nil
}

func (a *app) printOne(c run.Checked) {
	r := c.Reading
	fmt.Fprintf(a.Stdout, "%s: %s\n", a.paint(bold, legible(c.File)), a.statusWord(c.Status))
	if r.RowsRead > 0 || r.Structure != "" {
		fmt.Fprintln(a.Stdout, "  "+a.say("check.what", "member", string(r.Member), "structure", r.Structure, "period", r.Period.String(),
			"kept", fmt.Sprint(r.RowsKept), "read", fmt.Sprint(r.RowsRead)))
	}
	for _, i := range bySeverity(r.Issues) {
		line := fmt.Sprintf("  %s %s%s", a.paint(severityColour(i.Severity), "["+a.say("severity."+string(i.Severity))+"]"), a.paint(bold, place(i)),
			wording.Problem(a.lang, i.Code, printedArgs(i)))
		if action := wording.Action(a.lang, i.Code, printedArgs(i)); action != "" {
			line += " " + action
		}
		fmt.Fprintln(a.Stdout, a.wrapped(line, 4))
	}
	for _, i := range r.Moves {
		fmt.Fprintln(a.Stdout, a.paint(dim, a.wrapped("  "+place(i)+wording.Problem(a.lang, i.Code, printedArgs(i)), 4)))
	}
}

// place is where an issue is, ready to precede it: "Formation!E2: ".
func place(i pipeline.Issue) string {
	switch {
	case i.Sheet == "":
		return ""
	case i.Cell == "":
		return legible(i.Sheet) + ": "
	}
	return legible(i.Sheet) + "!" + i.Cell + ": "
}

func issueArgs(i pipeline.Issue) map[string]string {
	args := map[string]string{"value": i.Value, "field": i.Field, "sheet": i.Sheet, "cell": i.Cell}
	for k, v := range i.Args {
		args[k] = v
	}
	return args
}

// printedArgs are an issue's as they may be printed.
func printedArgs(i pipeline.Issue) map[string]string {
	args := issueArgs(i)
	for k, v := range args {
		args[k] = legible(v)
	}
	return args
}

type checkedJSON struct {
	File      string          `json:"file"`
	Status    pipeline.Status `json:"status"`
	Member    pipeline.Member `json:"member"`
	Structure string          `json:"structure"`
	Period    string          `json:"period"`
	Read      int             `json:"rows_read"`
	Kept      int             `json:"rows_kept"`
	Issues    []issueJSON     `json:"issues"`
	Moves     []issueJSON     `json:"moves"` // what was guessed about the layout
	Written   string          `json:"written,omitempty"`
}

type issueJSON struct {
	Code     string            `json:"code"`
	Severity pipeline.Severity `json:"severity"`
	Sheet    string            `json:"sheet"`
	Cell     string            `json:"cell"`
	Field    string            `json:"field"`
	Value    string            `json:"value"`
	Problem  string            `json:"problem"`
	Action   string            `json:"action"`
}

func (a *app) checkedJSON(checked []run.Checked, written []string) []checkedJSON {
	out := make([]checkedJSON, len(checked))
	for n, c := range checked {
		r := c.Reading
		out[n] = checkedJSON{File: c.File, Status: c.Status, Member: r.Member, Structure: r.Structure, Period: r.Period.String(),
			Read: r.RowsRead, Kept: r.RowsKept, Issues: a.issuesJSON(bySeverity(r.Issues)), Moves: a.issuesJSON(r.Moves)}
		if n < len(written) {
			out[n].Written = written[n]
		}
	}
	return out
}

func (a *app) issuesJSON(issues []pipeline.Issue) []issueJSON {
	out := make([]issueJSON, len(issues))
	for n, i := range issues {
		args := issueArgs(i)
		out[n] = issueJSON{i.Code, i.Severity, i.Sheet, i.Cell, i.Field, i.Value, wording.Problem(a.lang, i.Code, args), wording.Action(a.lang, i.Code, args)}
	}
	return out
}

// bySeverity puts what blocks most first; within a severity, the workbook's order.
func bySeverity(issues []pipeline.Issue) []pipeline.Issue {
	return slices.SortedStableFunc(slices.Values(issues), func(a, b pipeline.Issue) int {
		return cmp.Compare(a.Severity.Rank(), b.Severity.Rank())
	})
}
