package main

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/run"
	"cp3/pipeline/wording"

	"github.com/spf13/cobra"
)

func (a *app) explain() *cobra.Command {
	var q run.Question
	var sex, out string
	cmd := &cobra.Command{
		Use:   "explain CODE --year Y",
		Short: "The formula, the value, and every file, sheet and row behind a published number",
		Long:  "Open a published number down to the rows of the archived workbooks that made it. Reads the private area.",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(1, 1, "explain takes one indicator: cp3 explain 1.2 --year 2020")(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.open("explain")
			if err != nil {
				return err
			}
			q.Code, q.Sex = strings.ToUpper(args[0]), pipeline.Sex(strings.ToUpper(sex))
			if q.Year == 0 {
				return usageError{errors.New("explain: say which year: --year 2020")}
			}
			if !slices.Contains([]pipeline.Sex{pipeline.Women, pipeline.Men, pipeline.NotDeclared, pipeline.Total}, q.Sex) {
				return usageError{fmt.Errorf("explain: --sex %s: choose F, H, ND or T", sex)}
			}
			e, err := run.Explain(cmd.Context(), o, q)
			var none *run.NoSuchNumber
			if errors.As(err, &none) {
				return usageError{err}
			}
			if err != nil {
				return err
			}
			if out != "" {
				return a.writeExplanation(e, out)
			}
			if a.json {
				return a.printJSON(e)
			}
			a.printExplanation(e)
			return nil
		},
	}
	cmd.Flags().IntVar(&q.Year, "year", 0, "the year")
	cmd.Flags().IntVar(&q.Quarter, "quarter", 0, "a quarter of it, 1 to 4 (default: the whole year)")
	cmd.Flags().StringVar(&sex, "sex", "T", "F, H, ND or T")
	cmd.Flags().StringVar(&q.Region, "region", "", "HCP code of a region, 04 (default: the nation)")
	cmd.Flags().StringVar(&out, "out", "", "write the explanation to an Excel workbook, readable by you alone")
	return cmd
}

// writeExplanation writes the explanation to a new workbook only its owner reads:
// it names places in private files.
func (a *app) writeExplanation(e run.Explanation, out string) error {
	if !strings.EqualFold(filepath.Ext(out), ".xlsx") {
		return usageError{fmt.Errorf("explain: --out %s: give a name that ends in .xlsx", out)}
	}
	var b bytes.Buffer
	if err := e.WriteBook(&b, a.lang); err != nil {
		return err
	}
	return run.WriteFile(out, b.Bytes(), 0o600)
}

func (a *app) printExplanation(e run.Explanation) {
	fmt.Fprintf(a.Stdout, "%s  %s\n", e.Code, e.Label)
	fmt.Fprintln(a.Stdout, e.Definition)
	fmt.Fprintln(a.Stdout)
	lines := [][]string{{a.say("explain.value"), a.figure(e.Value, e.Unit)}}
	if e.N != nil {
		lines = append(lines, []string{a.say("explain.numerator"), a.figure(e.N, ""), e.Numerator})
	}
	if e.D != nil {
		lines = append(lines, []string{a.say("explain.denominator"), a.figure(e.D, ""), e.Denominator})
	}
	if e.Declared != nil {
		lines = append(lines, []string{a.say("explain.declared"), a.figure(e.Declared, e.Unit), a.say("explain.gap", "gap", a.figure(e.Gap, e.Unit))})
	}
	lines = append(lines, []string{a.say("explain.origin"), orDash(e.Origin)}, []string{a.say("explain.flags"), orDash(e.Flags)})
	table(a.Stdout, lines)
	for _, role := range []string{"N", "D"} {
		a.printUnits(e, role)
	}
	a.printLinked(e.Linked)
	if len(e.Totals) > 0 {
		fmt.Fprintf(a.Stdout, "\n%s\n", a.say("explain.totals"))
		rows := [][]string{}
		for _, d := range e.Totals {
			rows = append(rows, []string{"  " + d.File, d.Sheet, d.Cell, a.figure(&d.Value, e.Unit)})
		}
		table(a.Stdout, rows)
	}
	if len(e.Refused) > 0 {
		fmt.Fprintf(a.Stdout, "\n%s\n", a.say("explain.refused"))
		rows := [][]string{}
		for _, l := range e.Refused {
			rows = append(rows, []string{"  " + l.File, l.Sheet, l.Cell, wording.Title(a.lang, l.Rule)})
		}
		table(a.Stdout, rows)
	}
}

// printLinked says what linkage made one among the persons counted.
func (a *app) printLinked(l run.Linked) {
	if l.Persons == 0 {
		return
	}
	fmt.Fprintf(a.Stdout, "\n%s\n", a.say("explain.linked", "persons", strconv.Itoa(l.Persons), "several", strconv.Itoa(l.Several), "rows", strconv.Itoa(l.Rows),
		"across", strconv.Itoa(l.Across), "decided", strconv.Itoa(l.Decided)))
	if l.Several > 0 {
		fmt.Fprintln(a.Stdout, a.say("explain.linked_how"))
	}
}

// printUnits lists what was counted, one line a row of a workbook; rows that are
// one person share its number.
func (a *app) printUnits(e run.Explanation, role string) {
	n, rows := 0, [][]string{}
	for _, u := range e.Units {
		if u.Role != role {
			continue
		}
		n++
		for i, p := range u.Rows {
			number := strconv.Itoa(n)
			if i > 0 {
				number = ""
			}
			rows = append(rows, []string{"  " + number, p.File, p.Sheet, strconv.Itoa(p.Row)})
		}
	}
	if n == 0 {
		return
	}
	fmt.Fprintf(a.Stdout, "\n%s\n", a.say("explain.units."+role, "units", strconv.Itoa(n), "rows", strconv.Itoa(len(rows))))
	table(a.Stdout, append([][]string{{"  " + a.say("head.number"), a.say("head.file"), a.say("head.sheet"), a.say("head.row")}}, rows...))
}
