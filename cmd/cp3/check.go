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
	var member string
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Read and validate workbooks without recording anything",
		Long: "Read and validate workbooks without recording anything; works anywhere, with or without a workspace.\n" +
			"Exits 1 when one of them would be refused.",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(1, -1, "check takes the files to check: cp3 check FILE...")(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			config, err := a.configOrDefault()
			if err != nil {
				return err
			}
			if _, err := chosen(optional(member), config.Members); err != nil {
				return err
			}
			for _, file := range args {
				if _, err := os.Stat(file); err != nil {
					return usageError{fmt.Errorf("check %s: %w", file, errors.Unwrap(err))}
				}
			}
			checked, err := run.Check(cmd.Context(), config, args, pipeline.Member(member), config.Day(a.Now()))
			if err != nil {
				return err
			}
			return a.printChecked(checked)
		},
	}
	cmd.Flags().StringVar(&member, "member", "", "whose workbooks these are (default: what the folder or the file says)")
	return cmd
}

func optional(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// configOrDefault is the workspace's configuration, or the default one outside
// of any workspace: check runs on a focal point's own machine.
func (a *app) configOrDefault() (run.Config, error) {
	known, err := memberCodes()
	if err != nil {
		return run.Config{}, err
	}
	w, err := run.OpenWorkspace(a.workspace)
	var none *run.NotWorkspace
	file := w.ConfigFile()
	if errors.As(err, &none) {
		file = ""
	} else if err != nil {
		return run.Config{}, err
	}
	config, err := run.LoadConfig(file, known)
	if err != nil {
		return config, err
	}
	if a.lang == "" {
		a.lang = config.Lang
	}
	return config, nil
}

// printChecked prints findings file by file; the error carries exit code 1 when
// one would be refused.
func (a *app) printChecked(checked []run.Checked) error {
	refused := false
	for _, c := range checked {
		refused = refused || c.Status == pipeline.Rejected
	}
	if a.json {
		if err := a.printJSON(a.checkedJSON(checked)); err != nil {
			return err
		}
	} else {
		for _, c := range checked {
			a.printOne(c)
		}
	}
	if refused {
		return silentError{exitFailed}
	}
	return nil
}

func (a *app) printOne(c run.Checked) {
	r := c.Reading
	fmt.Fprintf(a.Stdout, "%s: %s\n", c.File, a.statusWord(c.Status))
	if r.RowsRead > 0 || r.Structure != "" {
		fmt.Fprintln(a.Stdout, "  "+a.say("check.what", "member", string(r.Member), "structure", r.Structure, "period", r.Period.String(),
			"kept", fmt.Sprint(r.RowsKept), "read", fmt.Sprint(r.RowsRead)))
	}
	for _, i := range bySeverity(r.Issues) {
		place := i.Sheet
		if i.Cell != "" {
			place += "!" + i.Cell
		}
		if place != "" {
			place += ": "
		}
		line := fmt.Sprintf("  [%s] %s%s", a.say("severity."+string(i.Severity)), place, wording.Problem(a.lang, i.Code, issueArgs(i)))
		if action := wording.Action(a.lang, i.Code, issueArgs(i)); action != "" {
			line += " " + action
		}
		fmt.Fprintln(a.Stdout, line)
	}
}

func issueArgs(i pipeline.Issue) map[string]string {
	args := map[string]string{"value": i.Value, "field": i.Field, "sheet": i.Sheet, "cell": i.Cell}
	for k, v := range i.Args {
		args[k] = v
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

func (a *app) checkedJSON(checked []run.Checked) []checkedJSON {
	out := make([]checkedJSON, len(checked))
	for n, c := range checked {
		r := c.Reading
		out[n] = checkedJSON{File: c.File, Status: c.Status, Member: r.Member, Structure: r.Structure, Period: r.Period.String(),
			Read: r.RowsRead, Kept: r.RowsKept, Issues: []issueJSON{}}
		for _, i := range bySeverity(r.Issues) {
			args := issueArgs(i)
			out[n].Issues = append(out[n].Issues, issueJSON{i.Code, i.Severity, i.Sheet, i.Cell, i.Field, i.Value,
				wording.Problem(a.lang, i.Code, args), wording.Action(a.lang, i.Code, args)})
		}
	}
	return out
}

// bySeverity puts what blocks most first; within a severity, the workbook's order.
func bySeverity(issues []pipeline.Issue) []pipeline.Issue {
	return slices.SortedStableFunc(slices.Values(issues), func(a, b pipeline.Issue) int {
		return cmp.Compare(a.Severity.Rank(), b.Severity.Rank())
	})
}
