package main

import (
	"errors"
	"fmt"

	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) dedupe() *cobra.Command {
	var o run.DedupeOptions
	cmd := &cobra.Command{
		Use:   "dedupe --in FILE --spec SPEC --out FILE",
		Short: "Which records of a CSV or Parquet file are the same person",
		Long: "Link the records of any CSV or Parquet file of persons. The spec names the column that identifies a record\n" +
			"and says what each other column holds; nothing is to be tuned. Needs no workspace.\n\n" +
			"A spec:\n" +
			"  id: rec_id\n" +
			"  columns:\n" +
			"    given_name: given_name\n" +
			"    surname: family_name\n" +
			"    date_of_birth: {kind: date, format: \"20060102\"}\n" +
			"    card: identifier\n\n" +
			"Kinds: given_name, family_name, full_name, date, identifier, phone, email, address, locality, postcode,\n" +
			"category, sex, nationality.",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 0, "dedupe takes flags only: cp3 dedupe --in people.csv --spec spec.yaml --out clusters.csv")(args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.runDedupe(cmd, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.In, "in", "", "the records: CSV with a header (commas, semicolons or tabs; UTF-8 or Windows-1252) or Parquet")
	f.StringVar(&o.Spec, "spec", "", "what the columns hold: YAML")
	f.StringVar(&o.Out, "out", "", "where to write id,cluster")
	f.StringVar(&o.Pairs, "pairs", "", "where to write the pairs with their weight, probability and evidence")
	f.StringVar(&o.Report, "report", "", "where to write the model's diagnostics, a page for a statistician (HTML)")
	f.IntVar(&o.Threads, "threads", 0, "threads (default: as many as cores)")
	f.StringVar(&o.Memory, "memory", "", "memory limit of the database, as 4GB (default: 3500MB; the rest goes to disk)")
	return cmd
}

func (a *app) runDedupe(cmd *cobra.Command, o run.DedupeOptions) error {
	for _, flag := range []struct{ name, value string }{{"in", o.In}, {"spec", o.Spec}, {"out", o.Out}} {
		if flag.value == "" {
			return usageError{fmt.Errorf("dedupe: --%s is missing: cp3 dedupe --in people.csv --spec spec.yaml --out clusters.csv", flag.name)}
		}
	}
	if a.lang == "" {
		a.lang = "fr"
	}
	o.Lang = a.lang
	d, err := run.Dedupe(cmd.Context(), o)
	var bad *run.BadDedupe
	if errors.As(err, &bad) {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(d)
	}
	fmt.Fprintln(a.Stdout, a.say("link.done", "records", fmt.Sprint(d.Records), "persons", fmt.Sprint(d.Persons),
		"duplicates", fmt.Sprint(d.Duplicates), "uncertain", fmt.Sprint(d.Uncertain)))
	fmt.Fprintln(a.Stdout, a.say("link.written", "out", o.Out))
	if o.Pairs != "" {
		fmt.Fprintln(a.Stdout, a.say("link.pairs_written", "pairs", o.Pairs))
	}
	if o.Report != "" {
		fmt.Fprintln(a.Stdout, a.say("link.report.written", "report", o.Report))
	}
	return nil
}
