package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// recomputePath is the other program; stories run elsewhere.
var recomputePath, _ = filepath.Abs("testdata/peer/recompute.py")

// recompute DIR: twenty numbers picked at random, each explained, are counted again
// by a program that knows only the explanation and the archive.
func recompute(ts *testscript.TestScript, _ bool, args []string) {
	if err := exec.Command("python3", "-c", "import openpyxl").Run(); err != nil {
		ts.Logf("no python3 with openpyxl: numbers are not recomputed")
		return
	}
	dir := ts.MkAbs(args[0])
	f, err := os.Open(filepath.Join(dir, "publication", "csv", "valeurs.csv"))
	ts.Check(err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	ts.Check(err)
	head := rows[0]
	at := func(column string) int { return slices.Index(head, column) }
	rows = slices.DeleteFunc(rows[1:], func(row []string) bool {
		return row[at("origine")] != "nominative" && row[at("origine")] != "declaree" || row[at("valeur")] == "" || row[at("valeur")] == "0.0"
	})
	const numbers = 20
	r := rand.New(rand.NewPCG(2020, 20))
	var asked []map[string]any
	for range numbers {
		asked = append(asked, explained(ts, dir, rows[r.IntN(len(rows))], at))
	}
	ask, err := json.Marshal(asked)
	ts.Check(err)
	cmd := exec.Command("python3", recomputePath, filepath.Join(dir, "prive", "archive"))
	cmd.Stdin = bytes.NewReader(ask)
	out, err := cmd.CombinedOutput()
	if err != nil {
		ts.Fatalf("%v\n%s", err, out)
	}
	var opened struct{ Numbers, Rows int }
	ts.Check(json.Unmarshal(out, &opened))
	if opened.Numbers != numbers || opened.Rows < numbers {
		ts.Fatalf("opened %+v", opened)
	}
}

// explained is what the program says of a row of valeurs.
func explained(ts *testscript.TestScript, dir string, row []string, at func(string) int) map[string]any {
	args := []string{"explain", row[at("code")], "--json", "-w", dir, "--year", row[at("annee")], "--sex", row[at("sexe")]}
	if q := row[at("trimestre")]; q != "" {
		args = append(args, "--quarter", q)
	}
	if g := row[at("region")]; g != "" {
		args = append(args, "--region", g)
	}
	var stdout, stderr bytes.Buffer
	env := scripted()
	env.Stdout, env.Stderr = &stdout, &stderr
	if code := Main(context.Background(), args, env); code != 0 {
		ts.Fatalf("%s\nexit %d: %s", strings.Join(args, " "), code, stderr.String())
	}
	var e map[string]any
	ts.Check(json.Unmarshal(stdout.Bytes(), &e))
	// Units are the number itself where it counts persons or companies.
	e["compte"] = slices.Contains([]string{"1", "2", "O"}, e["code"].(string)[:1])
	return e
}
