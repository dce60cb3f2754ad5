package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

var updateGuide = flag.Bool("update-guide", false, "write the answers of the analyst's guide into it")

// question is a query of the guide, with the answer printed under it.
var question = regexp.MustCompile("(?s)```sql\n(.*?)```\n(?:\n```text\n(.*?)```\n)?")

// guidePath is the analyst's guide in the source tree; stories run elsewhere.
var guidePath, _ = filepath.Abs("../../docs/guide-analyste.md")

// guide DIR: every query of docs/guide-analyste.md, asked of the workspace's
// edition, gives the answer the guide prints.
func guide(ts *testscript.TestScript, _ bool, args []string) {
	text, err := os.ReadFile(guidePath)
	ts.Check(err)
	asked := 0
	told := question.ReplaceAllFunc(text, func(b []byte) []byte {
		asked++
		query := string(question.FindSubmatch(b)[1])
		return fmt.Appendf(nil, "```sql\n%s```\n\n```text\n%s```\n", query, askGuide(ts, ts.MkAbs(args[0]), query))
	})
	if numbered := len(regexp.MustCompile(`(?m)^### \d+\. `).FindAll(text, -1)); numbered != 20 || asked < numbered {
		ts.Fatalf("the guide has %d questions and %d queries", numbered, asked)
	}
	if *updateGuide {
		ts.Check(os.WriteFile(guidePath, told, 0o644))
		return
	}
	if d := cmp.Diff(strings.Split(string(text), "\n"), strings.Split(string(told), "\n")); d != "" {
		ts.Fatalf("the guide's answers aren't the edition's (go test ./cmd/cp3 -run TestStories/demo -update-guide writes them):\n%s", d)
	}
}

// askGuide is what the program prints, without its last line, which counts the
// rows. An answer of none would teach nothing.
func askGuide(ts *testscript.TestScript, dir, query string) string {
	var stdout, stderr bytes.Buffer
	env := scripted()
	env.Stdout, env.Stderr = &stdout, &stderr
	if code := Main(context.Background(), []string{"query", "-w", dir, query}, env); code != 0 {
		ts.Fatalf("%s\nexit %d: %s", query, code, stderr.String())
	}
	lines := strings.Split(strings.TrimSuffix(stdout.String(), "\n"), "\n")
	if len(lines) < 4 {
		ts.Fatalf("%s\nno row", query)
	}
	return strings.Join(lines[:len(lines)-1], "\n") + "\n"
}

// rewind DIR EDITION=DAY...: what valeurs_au says of a day is what the edition in
// place on that day says itself.
func rewind(ts *testscript.TestScript, _ bool, args []string) {
	ask := func(query ...string) string {
		var stdout, stderr bytes.Buffer
		env := scripted()
		env.Stdout, env.Stderr = &stdout, &stderr
		if code := Main(context.Background(), append([]string{"query", "-w", ts.MkAbs(args[0]), "--format", "csv"}, query...), env); code != 0 {
			ts.Fatalf("%q\nexit %d: %s", query, code, stderr.String())
		}
		return stdout.String()
	}
	const cells = "select code, annee, trimestre, region, sexe, valeur from %s where valeur is not null order by all"
	for _, pair := range args[1:] {
		edition, day, _ := strings.Cut(pair, "=")
		then := ask("--edition", edition, fmt.Sprintf(cells, "valeurs"))
		if strings.Count(then, "\n") < 100 {
			ts.Fatalf("edition %s has hardly a value", edition)
		}
		if d := cmp.Diff(strings.Split(then, "\n"), strings.Split(ask(fmt.Sprintf(cells, "valeurs_au('"+day+"')")), "\n")); d != "" {
			ts.Fatalf("valeurs_au('%s') isn't edition %s:\n%s", day, edition, d)
		}
	}
	if before := ask("select count(*) as n from valeurs_au('2019-12-31')"); before != "n\n0\n" {
		ts.Fatalf("before the first edition: %s", before)
	}
}
