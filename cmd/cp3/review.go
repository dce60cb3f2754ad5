package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) review() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Persons that may be one: what a human should decide, and what was decided",
		Long: "Without more, lists the pairs of persons that the linkage leaves open, those that could move most published figures first, and the\n" +
			"decisions in force. A pair is named by its number in this list, or by two rows: FILE!SHEET!ROW. Reads the private area.\n" +
			"A decision says who took it and when, outranks the model, survives rebuilds and files sent again, and can be taken back.",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 0, `review takes show, accept, reject, undo, log, export, import or nothing: cp3 review accept 1`)(args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.openReview("review")
			if err != nil {
				return err
			}
			v, err := run.ListReview(cmd.Context(), o)
			if err != nil {
				return err
			}
			if limit > 0 {
				v.Waiting = v.Waiting[:min(limit, len(v.Waiting))]
			}
			if a.json {
				return a.printJSON(v)
			}
			a.printReview(v)
			return nil
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 0, "list only so many pairs (default: all)")
	cmd.AddCommand(a.showPair(), a.answerPair("accept", true), a.answerPair("reject", false), a.undoPair(), a.personLog(), a.exportReview(), a.importReview())
	return cmd
}

// openReview opens the workspace for review: its sentences are in the language
// asked for.
func (a *app) openReview(verb string) (run.Options, error) {
	o, err := a.open(verb)
	o.Config.Lang = cmp.Or(a.lang, o.Config.Lang)
	return o, err
}

// asReviewUsage tells the user's mistakes from failures.
func asReviewUsage(err error) error {
	var bad *run.BadDecision
	var none *run.NoSuchPair
	if errors.As(err, &bad) || errors.As(err, &none) {
		return usageError{err}
	}
	return err
}

func (a *app) showPair() *cobra.Command {
	return &cobra.Command{
		Use:   "show PAIR | ROW ROW | ROW",
		Short: "What is for and against a pair; or all that makes the person of a row one",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(1, 2, `show takes a pair's number, or one or two rows: cp3 review show "EN/liste.xlsx!Formation!12" "ANAPEC/liste.xlsx!Inscrits!7"`)(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.openReview("review")
			if err != nil {
				return err
			}
			if len(args) == 1 && (strings.Contains(args[0], "!") || strings.HasPrefix(args[0], "p")) {
				return a.showPerson(cmd.Context(), o, args[0])
			}
			p, err := run.ShowReview(cmd.Context(), o, args...)
			if err != nil {
				return asReviewUsage(err)
			}
			if a.json {
				return a.printJSON(p)
			}
			a.printPair(p, args)
			return nil
		},
	}
}

func (a *app) showPerson(ctx context.Context, o run.Options, what string) error {
	p, err := run.ShowPerson(ctx, o, what)
	if err != nil {
		return asReviewUsage(err)
	}
	if a.json {
		return a.printJSON(p)
	}
	a.printPerson(p)
	return nil
}

// answerPair is accept and reject.
func (a *app) answerPair(verb string, same bool) *cobra.Command {
	var by string
	short := "Decide that a pair is one person"
	if !same {
		short = "Decide that a pair is two persons"
	}
	cmd := &cobra.Command{
		Use:   verb + " PAIR | ROW ROW",
		Short: short,
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(1, 2, verb+` takes a pair's number, or two rows: cp3 review `+verb+` 1`)(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.openReview("review")
			if err != nil {
				return err
			}
			taken, err := run.Decide(cmd.Context(), o, decider(by), run.Answer{What: args, Same: same})
			if err != nil {
				return asReviewUsage(err)
			}
			if a.json {
				return a.printJSON(taken)
			}
			if len(taken) == 0 {
				fmt.Fprintln(a.Stdout, a.say("review.stands"))
			}
			for _, d := range taken {
				fmt.Fprintln(a.Stdout, a.say("review.decided."+verb, "number", strconv.Itoa(d.Number), "a", legible(d.Rows[0]), "b", legible(d.Rows[1])))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who decides (default: the system's user)")
	return cmd
}

func (a *app) undoPair() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:     "undo NUMBER",
		Aliases: []string{"revoke"},
		Short:   "Take a decision back: the model's word stands again",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(1, 1, `undo takes a decision's number, as cp3 review lists it: cp3 review undo 57`)(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.openReview("review")
			if err != nil {
				return err
			}
			d, err := run.UndoDecision(cmd.Context(), o, args[0], decider(by))
			if err != nil {
				return asReviewUsage(err)
			}
			if a.json {
				return a.printJSON(d)
			}
			fmt.Fprintln(a.Stdout, a.say("review.undone", "number", strconv.Itoa(d.Number), "a", legible(d.Rows[0]), "b", legible(d.Rows[1])))
			return nil
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who decides (default: the system's user)")
	return cmd
}

func (a *app) personLog() *cobra.Command {
	return &cobra.Command{
		Use:   "log",
		Short: "Merges and splits of persons, night after night, and their cause",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(0, 0, "log takes no argument: see cp3 review log --help")(args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.openReview("review")
			if err != nil {
				return err
			}
			changes, err := run.Changes(cmd.Context(), o)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(changes)
			}
			if len(changes) == 0 {
				fmt.Fprintln(a.Stdout, a.say("review.no_changes"))
				return nil
			}
			a.printChanges(changes)
			return nil
		},
	}
}

func (a *app) printReview(v run.Review) {
	if len(v.Waiting) == 0 {
		fmt.Fprintln(a.Stdout, a.say("review.none"))
	} else {
		fmt.Fprintln(a.Stdout, a.say("review.waiting", "count", strconv.Itoa(len(v.Waiting))))
		rows := [][]string{{a.say("head.number"), a.say("review.now"), a.say("review.chances"), a.say("review.moves"), "A", "B"}}
		for _, p := range v.Waiting {
			rows = append(rows, []string{strconv.Itoa(p.N), a.nowWord(p), percent(p.Probability), orDash(a.moves(p.Effects, 3)), shownRow(p.A), shownRow(p.B)})
		}
		table(a.Stdout, rows)
		fmt.Fprintln(a.Stdout, a.say("review.how"))
	}
	if len(v.Stakes) > 0 {
		fmt.Fprintf(a.Stdout, "\n%s\n", a.say("review.stakes"))
		rows := [][]string{{a.say("head.code"), a.say("head.year"), a.say("explain.value"), a.say("review.range"), a.say("review.pairs"), a.say("head.label")}}
		for _, s := range v.Stakes {
			rows = append(rows, []string{s.Code, strconv.Itoa(s.Year), a.figure(s.Now, s.Unit), a.rangeText(s), strconv.Itoa(s.Pairs), cut(s.Label, 60)})
		}
		table(a.Stdout, rows)
	}
	if len(v.Decided) == 0 {
		return
	}
	fmt.Fprintf(a.Stdout, "\n%s\n", a.say("review.decisions"))
	rows := [][]string{{a.say("head.number"), a.say("review.answer"), a.say("head.on"), a.say("head.by"), "A", "B", ""}}
	for _, d := range v.Decided {
		rows = append(rows, []string{strconv.Itoa(d.Number), a.answerWord(d.Same), d.On, d.By, d.Rows[0], d.Rows[1], a.rulingNote(d)})
	}
	table(a.Stdout, rows)
}

// rulingNote says what is particular about a decision in force.
func (a *app) rulingNote(d run.Ruling) string {
	switch {
	case d.Contradicted:
		return a.say("review.note.contradicted")
	case d.Waits:
		return a.say("review.note.waits")
	case d.Idle:
		return a.say("review.note.idle")
	}
	return ""
}

func (a *app) nowWord(p run.Pair) string {
	if p.Answer != nil {
		return a.answerWord(p.Answer.Same) + " " + a.say("review.note.waits")
	}
	return a.answerWord(p.Merged)
}

func (a *app) answerWord(same bool) string {
	if same {
		return a.say("review.one")
	}
	return a.say("review.two")
}

// percent is a probability; nothing the model says is ever certain.
func percent(p float64) string {
	switch n := int(math.Round(100 * p)); {
	case n > 99:
		return "> 99 %"
	case n < 1:
		return "< 1 %"
	default:
		return strconv.Itoa(n) + " %"
	}
}

func shownRow(s run.Side) string {
	if n := len(s.Rows); n > 1 {
		return fmt.Sprintf("%s (+%d)", s.Shown, n-1)
	}
	return s.Shown.String()
}

// moves are the national figures of whole years that the other answer would move.
func (a *app) moves(all []run.Moved, most int) string {
	var texts []string
	n := 0
	for _, m := range all {
		if m.Quarter != 0 || m.Region != "" {
			continue
		}
		if n++; most == 0 || n <= most {
			texts = append(texts, m.Text(a.figure))
		}
	}
	if most > 0 && n > most {
		texts = append(texts, a.say("review.more", "count", strconv.Itoa(n-most)))
	}
	return strings.Join(texts, " ; ")
}

func (a *app) rangeText(s run.Stake) string {
	return a.figure(&s.Low, s.Unit) + " … " + a.figure(&s.High, s.Unit)
}

func (a *app) printPair(p run.Pair, args []string) {
	fmt.Fprintln(a.Stdout, a.say("review.pair", "id", p.ID, "now", a.answerWord(p.Merged), "chances", percent(p.Probability)))
	if p.Cautious {
		fmt.Fprintln(a.Stdout, a.say("review.cautious"))
	}
	for _, c := range p.Conflicts {
		fmt.Fprintln(a.Stdout, a.say("review.conflict", "why", c))
	}
	if p.Answer != nil {
		fmt.Fprintln(a.Stdout, a.say("review.answered", "number", strconv.Itoa(p.Answer.Number), "answer", a.answerWord(p.Answer.Same), "by", legible(p.Answer.By), "on", p.Answer.On))
	}
	fmt.Fprintf(a.Stdout, "\n  A  %s\n  B  %s\n\n", legible(p.A.Shown.String()), legible(p.B.Shown.String()))
	a.printBars(p.Evidence)
	for _, side := range []struct {
		name string
		run.Side
	}{{"A", p.A}, {"B", p.B}} {
		if len(side.Rows) < 2 {
			continue
		}
		fmt.Fprintf(a.Stdout, "\n%s\n", a.say("review.rows", "side", side.name, "count", strconv.Itoa(len(side.Rows))))
		for _, r := range side.Rows {
			fmt.Fprintf(a.Stdout, "  %s\n", legible(r.String()))
		}
	}
	fmt.Fprintln(a.Stdout)
	if len(p.Effects) == 0 {
		fmt.Fprintln(a.Stdout, a.say("review.no_effect", "answer", a.answerWord(!p.Merged)))
	} else {
		fmt.Fprintln(a.Stdout, a.say("review.effect", "answer", a.answerWord(!p.Merged)))
		a.printMoved(p.Effects)
	}
	fmt.Fprintln(a.Stdout, "\n"+a.say("review.decide", "pair", quotedArgs(args)))
}

func quotedArgs(args []string) string {
	quoted := make([]string, len(args))
	for i, s := range args {
		quoted[i] = s
		if strings.ContainsAny(s, " !") {
			quoted[i] = "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// printMoved lists every cell that would move.
func (a *app) printMoved(all []run.Moved) {
	rows := [][]string{{"  " + a.say("head.code"), a.say("head.year"), a.say("head.quarter"), a.say("head.region"), a.say("head.sex"), a.say("explain.value"), a.say("review.else")}}
	for _, m := range all {
		quarter := "-"
		if m.Quarter > 0 {
			quarter = "T" + strconv.Itoa(m.Quarter)
		}
		rows = append(rows, []string{"  " + m.Code, strconv.Itoa(m.Year), quarter, orDash(m.Region), m.Sex, a.figure(m.Now, m.Unit), a.figure(m.Else, m.Unit)})
	}
	table(a.Stdout, rows)
}

// printBars lays out a waterfall: each indice, what it compares, how much it
// weighs, and the sum so far.
func (a *app) printBars(bars []run.Bar) {
	rows := [][]string{{"  " + a.say("review.evidence"), "A", "B", a.say("review.bits"), a.say("review.total"), ""}}
	for _, b := range bars {
		rows = append(rows, []string{"  " + b.Text, orDash(cut(b.A, 28)), orDash(cut(b.B, 28)), a.bits(b.Bits), a.bits(b.Total), b.Strength})
	}
	table(a.Stdout, rows)
}

// bits is a weight with its sign.
func (a *app) bits(f float64) string {
	s := fmt.Sprintf("%+.1f", f)
	if a.lang != "en" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return strings.Replace(s, "-", "−", 1)
}

func (a *app) printPerson(p run.Someone) {
	fmt.Fprintln(a.Stdout, a.say("review.person", "id", p.ID, "rows", strconv.Itoa(len(p.Rows))))
	if len(p.Aliases) > 0 {
		fmt.Fprintln(a.Stdout, a.say("review.aliases", "ids", strings.Join(p.Aliases, ", ")))
	}
	for _, r := range p.Rows {
		fmt.Fprintf(a.Stdout, "  %s\n", legible(r.String()))
	}
	for _, j := range p.Joins {
		fmt.Fprintf(a.Stdout, "\n%s\n", a.say("review.join", "a", legible(j.A.String()), "b", legible(j.B.String()), "bits", a.bits(j.Bits)))
		if j.Decision != 0 {
			fmt.Fprintln(a.Stdout, a.say("review.join_decided", "number", strconv.Itoa(j.Decision)))
		}
		a.printBars(j.Evidence)
	}
	if len(p.Joins) > 0 {
		fmt.Fprintln(a.Stdout, "\n"+a.say("review.apart"))
	}
	if len(p.Changes) > 0 {
		fmt.Fprintln(a.Stdout)
		a.printChanges(p.Changes)
	}
}

func (a *app) printChanges(changes []run.PersonChange) {
	rows := [][]string{{a.say("head.edition"), a.say("head.on"), a.say("review.change"), a.say("review.from"), a.say("review.into"), a.say("head.rows"), a.say("review.cause")}}
	for _, c := range changes {
		rows = append(rows, []string{strconv.Itoa(c.Edition), c.Day, a.say("review.kind." + c.Kind), c.From, c.Into, strconv.Itoa(c.Rows),
			a.say("review.cause."+c.Cause, "numbers", c.Detail)})
	}
	table(a.Stdout, rows)
}
