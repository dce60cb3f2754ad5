package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/run"
	"cp3/pipeline/wording"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

func terminalWidth(f *os.File) int {
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return w
}

// oneLine makes an error one line, as the contract asks.
func oneLine(err error) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " ")
}

// open reads the workspace and its configuration into what a run depends on.
// verb is for the lock and the journal.
func (a *app) open(verb string) (run.Options, error) {
	w, err := run.OpenWorkspace(a.workspace)
	if err != nil {
		return run.Options{}, err
	}
	declared, err := declarations(w)
	if err != nil {
		return run.Options{}, err
	}
	config, err := run.LoadConfig(w.ConfigFile(), declared.Members())
	if err != nil {
		return run.Options{}, err
	}
	config.Declared = declared
	if a.lang == "" {
		a.lang = config.Lang
	}
	return run.Options{
		Workspace: w, Config: config, Command: verb, Version: version(),
		Now: a.Now, Sleep: a.Sleep, Entropy: a.Entropy, Log: a.logger(w, verb), Progress: a.progress(),
	}, nil
}

// changing are the verbs that the journal tells of: those that change something.
var changing = []string{"run", "rebuild", "verify", "backup", "purge", "remind", "serve"}

// declarations are those in force in a workspace. A mistake in one of its own is in
// what an administrator wrote, like one in cp3.yaml.
func declarations(w run.Workspace) (connectors.Declared, error) {
	shipped, err := connectors.Declare("")
	if err != nil {
		return shipped, err
	}
	d, err := connectors.Declare(w.Declarations())
	if err != nil {
		return d, usageError{err}
	}
	return d, nil
}

// declared are the declarations in force where a verb works, be it a workspace or
// not.
func (a *app) declared() (connectors.Declared, error) {
	w, err := run.OpenWorkspace(a.workspace)
	var none *run.NotWorkspace
	switch {
	case errors.As(err, &none):
		return connectors.Declare("")
	case err != nil:
		return connectors.Declared{}, err
	}
	return declarations(w)
}

// logger writes one line a step when nobody watches a progress bar, and to the
// journal. Every line of one invocation has its run id.
func (a *app) logger(w run.Workspace, verb string) *slog.Logger {
	var shown slog.Handler = slog.DiscardHandler
	if !a.Terminal {
		shown = slog.NewTextHandler(a.Stderr, &slog.HandlerOptions{ReplaceAttr: a.shorten})
	}
	if !slices.Contains(changing, verb) {
		return slog.New(shown)
	}
	j := run.OpenJournal(w, a.Now)
	a.closers = append(a.closers, j)
	log := j.Logger(shown)
	if verb == "serve" {
		return log // each job has an id of its own
	}
	return log.With("run", run.NewRunID(a.Now(), a.Entropy), "verb", verb)
}

// shorten leaves, of what the journal says of time and run, what a person reads.
func (a *app) shorten(groups []string, at slog.Attr) slog.Attr {
	switch {
	case len(groups) > 0:
	case at.Key == slog.TimeKey:
		at.Value = slog.StringValue(a.Now().UTC().Format("2006-01-02T15:04:05Z"))
	case at.Key == "verb":
		return slog.Attr{}
	}
	return at
}

func (a *app) progress() run.Progress {
	if !a.Terminal {
		return run.Silent{}
	}
	return &bars{app: a, out: mpb.New(mpb.WithOutput(a.Stderr), mpb.WithWidth(32))}
}

// bars shows one bar per stage on a terminal.
type bars struct {
	app *app
	out *mpb.Progress
	bar *mpb.Bar
}

// Stage ends the bar before and starts a new one.
func (b *bars) Stage(name string, total int) {
	b.end()
	if total <= 0 {
		return
	}
	b.bar = b.out.AddBar(int64(total), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(pad(b.app.say("stage."+name), 28))),
		mpb.AppendDecorators(decor.CountersNoUnit("%d / %d")))
}

// Step advances the bar.
func (b *bars) Step(n int) {
	if b.bar != nil {
		b.bar.IncrBy(n)
	}
}

func (b *bars) end() {
	if b.bar != nil {
		b.bar.Abort(true)
		b.bar.Wait()
		b.bar = nil
	}
}

// printJSON is the --json answer of a verb.
// What is empty is told as empty: programs that read it go through a list, not
// through a null.
func (a *app) printJSON(v any) error {
	whole := reflect.New(reflect.TypeOf(v)).Elem()
	whole.Set(reflect.ValueOf(v))
	filled(whole)
	v = whole.Interface()
	enc := json.NewEncoder(a.Stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// filled makes empty lists and maps of those that are nil, in v and in what it holds.
func filled(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			filled(v.Field(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			filled(v.Elem())
		}
	case reflect.Slice:
		if v.IsNil() && v.CanSet() && v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			filled(v.Index(i))
		}
	case reflect.Map:
		if v.IsNil() && v.CanSet() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		for _, key := range v.MapKeys() {
			held := reflect.New(v.Type().Elem()).Elem()
			held.Set(v.MapIndex(key))
			filled(held)
			v.SetMapIndex(key, held)
		}
	}
}

// table prints aligned columns.
func table(w io.Writer, rows [][]string) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		shown := make([]string, len(row))
		for i, cell := range row {
			if shown[i] = cell; !ownColour.MatchString(cell) {
				shown[i] = legible(cell)
			}
		}
		fmt.Fprintln(tw, strings.Join(shown, "\t"))
	}
	_ = tw.Flush() // to a stream that failed: the verb's own last write tells
}

func pad(s string, width int) string {
	if n := width - utf8.RuneCountInString(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

// cut shortens s to width characters.
func cut(s string, width int) string {
	r := []rune(s)
	if len(r) <= width {
		return s
	}
	return string(r[:width-1]) + "…"
}

// exactArgs is cobra's, as a usage error.
func wantArgs(low, high int, hint string) func(args []string) error {
	return func(args []string) error {
		if len(args) < low || high >= 0 && len(args) > high {
			return usageError{errors.New(hint)}
		}
		return nil
	}
}

// endProgress takes the last bar off the terminal.
func (a *app) endProgress(o run.Options) {
	if b, ok := o.Progress.(*bars); ok {
		b.end()
	}
}

// title is the wording of a rule or, for what is no rule, the plain text.
func (a *app) title(code string) string {
	if e, ok := wording.Lookup(a.lang, code); ok && e.Title != "" {
		return e.Title
	}
	if text := a.say("ignored." + code); text != "ignored."+code {
		return text
	}
	return code
}

func memberList(known []pipeline.Member) string {
	names := make([]string, len(known))
	for i, m := range known {
		names[i] = string(m)
	}
	return strings.Join(names, ", ")
}
