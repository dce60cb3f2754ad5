package run_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cp3/connectors"
	"cp3/connectors/template"
	"cp3/connectors/workbook"
	"cp3/pipeline"
	"cp3/pipeline/read"

	"github.com/xuri/excelize/v2"
)

// The loop is what a focal point goes through: a template out, a workbook in with
// faults, an answer that names them, the answer corrected in place and dropped
// again. The tests of this file play it with another program's hands.

// at is a cell.
type at struct {
	Sheet string `json:"sheet"`
	Cell  string `json:"cell"`
}

// typo is a fault typed over a good value.
type typo struct {
	at
	Value string   `json:"value"`
	codes []string // any of which names it
}

// wrong is what may be typed wrong in a field, by its type, and what is said of
// it.
var wrong = map[connectors.FieldType][]typo{
	connectors.FamilyName:   {{Value: "12345", codes: []string{"name.is_number"}}, {Value: "awa@exemple.org", codes: []string{"name.is_email"}}},
	connectors.GivenName:    {{Value: "awa@exemple.org", codes: []string{"name.is_email"}}},
	connectors.FullName:     {{Value: "12345", codes: []string{"name.is_number"}}},
	connectors.SexType:      {{Value: "peut-être", codes: []string{"sex.unknown"}}, {Value: "Fammes", codes: []string{"sex.unknown"}}},
	connectors.BirthDate:    {{Value: "hier", codes: []string{"date.unreadable"}}, {Value: "01/01/2090", codes: []string{"birth.in_future"}}, {Value: "30/02/1990", codes: []string{"date.impossible"}}},
	connectors.DateType:     {{Value: "31/11/2020", codes: []string{"date.impossible"}}, {Value: "bientôt", codes: []string{"date.unreadable"}}, {Value: "12/12/2034", codes: []string{"date.implausible"}}},
	connectors.Nationality:  {{Value: "Wakanda", codes: []string{"nationality.unknown"}}, {Value: "Sénégual", codes: []string{"nationality.misspelt"}}},
	connectors.CodeType:     {{Value: "Zzyzx", codes: []string{"code.unknown", "code.unlisted"}}},
	connectors.DocNumber:    {{Value: "perdu ?", codes: []string{"document.malformed"}}},
	connectors.Phone:        {{Value: "0612", codes: []string{"phone.unreadable"}}},
	connectors.Email:        {{Value: "awa.exemple.org", codes: []string{"email.malformed"}}},
	connectors.YesNo:        {{Value: "parfois", codes: []string{"yes_no.unreadable"}}},
	connectors.Integer:      {{Value: "beaucoup", codes: []string{"number.unreadable"}}, {Value: "-3", codes: []string{"number.negative", "number.below_min"}}},
	connectors.Decimal:      {{Value: "beaucoup", codes: []string{"number.unreadable"}}},
	connectors.Percent:      {{Value: "250", codes: []string{"percent.out_of_range"}}},
	connectors.ICE:          {{Value: "1234", codes: []string{"ice.malformed"}}},
	connectors.SchoolYear:   {{Value: "l'an dernier", codes: []string{"school_year.unreadable"}}},
	connectors.Institutions: {{Value: "Zzyzx", codes: []string{"institutions.unreadable"}}},
}

// script is the other program.
type script struct {
	t      *testing.T
	python string
}

func newScript(t *testing.T) script {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import openpyxl").Run() != nil {
		t.Skip("Python's openpyxl is not installed")
	}
	return script{t, python}
}

func (s script) do(ask map[string]any, answer any) {
	s.t.Helper()
	in, err := json.Marshal(ask)
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(s.python, "-W", "ignore", "testdata/loop.py")
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("%v: %v\n%s", ask["do"], err, stderr.String())
	}
	if err := json.Unmarshal(out, answer); err != nil {
		s.t.Fatal(err)
	}
}

// copied is a row of the template to copy: its example, to a line below.
type copied struct {
	Sheet   string `json:"sheet"`
	From    int    `json:"from"`
	To      int    `json:"to"`
	Columns int    `json:"columns"`
}

// exercise is a template to be filled: with good rows only, then with one fault a
// row.
type exercise struct {
	rows   []copied
	good   []typo // what makes the rows different persons
	faults []typo
}

// plan makes an exercise of the sheets of a template that list records.
func plan(t *testing.T, path string, spec *connectors.Spec) exercise {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var x exercise
	for i := range spec.Sheets {
		s := &spec.Sheets[i]
		if s.Shape != connectors.List || !slices.Contains([]connectors.RecordKind{connectors.PersonRow, connectors.CompanyRow, connectors.SessionRow}, s.Row) {
			continue
		}
		x.sheet(t, f, f.GetSheetList()[i+1], s) // the first sheet is the instructions
	}
	return x
}

// sheet plans one sheet: every field gets each of its faults, each on a row of its
// own, and one good row stands between two faults.
func (x *exercise) sheet(t *testing.T, f *excelize.File, name string, s *connectors.Sheet) {
	t.Helper()
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	example := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 0 && connectors.IsExampleMark(r[0]) }) + 1
	if example == 0 {
		t.Fatalf("%s has no example", name)
	}
	var fields []*connectors.Field
	for i := range s.Fields {
		if !s.Fields[i].Unlisted {
			fields = append(fields, &s.Fields[i])
		}
	}
	row := example
	next := func() int {
		row++
		x.rows = append(x.rows, copied{name, example, row, len(fields) + 1})
		for i, f := range fields {
			if v := distinct(f, row); v != "" {
				x.good = append(x.good, typo{at: at{name, pipeline.Ref(i+2, row)}, Value: v})
			}
		}
		return row
	}
	next()
	for i, f := range fields {
		for _, fault := range faultsOf(s, f) {
			fault.at = at{name, pipeline.Ref(i+2, next())}
			x.faults = append(x.faults, fault)
			if len(x.faults)%2 == 0 {
				next()
			}
		}
	}
}

// faultsOf are the faults of a field, its absence among them when it matters.
func faultsOf(s *connectors.Sheet, f *connectors.Field) []typo {
	all := slices.Clone(wrong[f.Type])
	instead := s.Field(f.Instead)
	switch {
	case instead != nil && !instead.Unlisted && instead.Example != "":
	case f.Required:
		all = append(all, typo{Value: "", codes: []string{"value.required"}})
	case f.Expected:
		all = append(all, typo{Value: "", codes: []string{"value.expected"}})
	}
	return all
}

// distinct is a value that makes a row's person another one.
func distinct(f *connectors.Field, row int) string {
	letters := string([]rune{'A' + rune(row/26%26), 'A' + rune(row%26)})
	switch f.Meaning() {
	case "family_name", "full_name":
		return "DIALLO" + letters + " Awa"
	case "doc_number":
		return fmt.Sprintf("ZZ%06d", 100000+row)
	case connectors.MeansMemberRef:
		return fmt.Sprintf("CE-2020-%05d", row)
	case "company_name", "theme":
		return "Exemple " + letters
	}
	return ""
}

// answered is what an answer's page says.
type answered struct {
	Status   string
	RTL      bool
	Comments []at
	Problems []struct {
		at
		Severity, Problem, Action string
	}
}

// turn is one member's workbook going through the loop.
type turn struct {
	exercise
	member      pipeline.Member
	clean, drop string // paths: without faults; in the drop folder
	named       []at   // by the answer
}

// Templates of every member, in both languages, filled with a fault in each kind
// of field: the answer names each at its cell and nothing else; corrected at these
// cells and no other, it is accepted with nothing left.
func TestLoop(t *testing.T) {
	for _, lang := range []string{"fr", "ar"} {
		t.Run(lang, func(t *testing.T) { loop(t, newScript(t), lang) })
	}
}

func loop(t *testing.T, s script, lang string) {
	office := newOffice(t, nil)
	var turns []*turn
	specs, err := connectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range specs {
		if turn := begin(t, s, office, spec, lang); len(turn.rows) > 0 {
			turns = append(turns, turn)
		}
	}
	office.run()
	planted, named, both := 0, 0, 0
	for _, turn := range turns {
		answer := office.answer(t, turn.member)
		var page answered
		s.do(map[string]any{"do": "page", "in": answer}, &page)
		turn.named = compare(t, turn.faults, page)
		if page.RTL != (lang == "ar") {
			t.Errorf("%s: right to left: %v", turn.member, page.RTL)
		}
		planted, named, both = planted+len(turn.faults), named+len(turn.named), both+overlap(turn.faults, turn.named)
		// Corrected exactly where the answer says, in the answer itself.
		s.do(map[string]any{"do": "correct", "in": answer, "from": turn.clean, "out": turn.drop, "cells": turn.named}, &struct{}{})
	}
	if planted < 200 || both != planted || both != named {
		t.Errorf("%d faults planted, %d cells named, %d in both: precision and recall are not 1", planted, named, both)
	}
	office.run()
	for _, turn := range turns {
		turn.accepted(t, s, office)
	}
}

// structureOf is the structure a declaration gives as example.
func structureOf(s *connectors.Spec) string {
	if f := s.Sheets[0].Meaning(connectors.MeansStructure); f != nil {
		return f.Example
	}
	return ""
}

// begin fills a member's template with good rows, then with faults, and drops it.
func begin(t *testing.T, s script, office *office, spec *connectors.Spec, lang string) *turn {
	t.Helper()
	dir := t.TempDir()
	blank := filepath.Join(dir, "blank.xlsx")
	turn := &turn{member: spec.Member, clean: filepath.Join(dir, "clean.xlsx"),
		drop: filepath.Join(office.Workspace.Depot(), string(spec.Member), "rapport.xlsx")}
	lists, err := connectors.Lists()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	o := template.Options{Lang: lang, Structure: structureOf(spec), Period: pipeline.Period{Year: 2020, Quarter: 4}}
	if err := template.Write(context.Background(), &b, spec, lists, o); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(blank, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if turn.exercise = plan(t, blank, spec); len(turn.rows) == 0 {
		return turn
	}
	s.do(map[string]any{"do": "fill", "in": blank, "out": turn.clean, "rows": turn.rows, "cells": turn.good}, &struct{}{})
	s.do(map[string]any{"do": "fill", "in": turn.clean, "out": turn.drop, "cells": turn.faults}, &struct{}{})
	reader, err := read.NewReader(workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	received := pipeline.Date{Year: 2021, Month: 6, Day: 30}
	reading, err := reader.Read(t.Context(), read.Source{Path: turn.drop, Name: "rapport.xlsx", Member: spec.Member, Today: received})
	if err != nil {
		t.Fatal(err)
	}
	rightWords(t, turn.faults, reading)
	return turn
}

// accepted checks that nothing is left to say of the corrected answer.
func (turn *turn) accepted(t *testing.T, s script, office *office) {
	t.Helper()
	answer := office.answer(t, turn.member)
	var again answered
	s.do(map[string]any{"do": "page", "in": answer}, &again)
	if filepath.Base(answer) != "rapport.ACCEPTEE.xlsx" || len(again.Problems) > 0 || len(again.Comments) > 0 {
		t.Errorf("%s, corrected: %s, %v, comments %v", turn.member, filepath.Base(answer), again.Problems, again.Comments)
	}
	kept := false
	for _, line := range office.table("soumissions") {
		want := fmt.Sprint(len(turn.rows))
		kept = kept || line["membre"] == string(turn.member) && line["statut"] == string(pipeline.Accepted) &&
			line["lignes_lues"] == want && line["lignes_retenues"] == want
	}
	if !kept {
		t.Errorf("%s: not all of %d rows are kept", turn.member, len(turn.rows))
	}
}

// rightWords checks that each fault is called what it is.
func rightWords(t *testing.T, faults []typo, reading pipeline.Reading) {
	t.Helper()
	for _, f := range faults {
		var found []string
		for _, i := range reading.Issues {
			if i.Sheet == f.Sheet && i.Cell == f.Cell {
				found = append(found, i.Code)
			}
		}
		if len(found) != 1 || !slices.Contains(f.codes, found[0]) {
			t.Errorf("%v %q is called %v, want one of %v", f.at, f.Value, found, f.codes)
		}
	}
}

// compare checks the page against what was planted, and returns the cells it names.
func compare(t *testing.T, faults []typo, page answered) []at {
	t.Helper()
	var named []at
	for _, p := range page.Problems {
		if !slices.Contains(named, p.at) {
			named = append(named, p.at)
		}
		if p.Problem == "" || p.Action == "" {
			t.Errorf("%v: says %q, %q", p.at, p.Problem, p.Action)
		}
		if !slices.ContainsFunc(faults, func(f typo) bool { return f.at == p.at }) {
			t.Errorf("invented: %v %s: %s", p.at, p.Severity, p.Problem)
		}
	}
	for _, f := range faults {
		if !slices.Contains(named, f.at) {
			t.Errorf("missed: %v %q, %v", f.at, f.Value, f.codes)
		}
	}
	commented := slices.Clone(page.Comments)
	byPlace := func(a, b at) int { return strings.Compare(a.Sheet+a.Cell, b.Sheet+b.Cell) }
	slices.SortFunc(commented, byPlace)
	listed := slices.SortedFunc(slices.Values(named), byPlace)
	if !slices.Equal(commented, listed) {
		t.Errorf("%d cells are commented, %d listed", len(commented), len(listed))
	}
	return named
}

func overlap(faults []typo, named []at) int {
	n := 0
	for _, f := range faults {
		if slices.Contains(named, f.at) {
			n++
		}
	}
	return n
}

// answer is the one answer in a member's folder.
func (o *office) answer(t *testing.T, m pipeline.Member) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(o.Workspace.Answers(), string(m), "*.xlsx"))
	if err != nil || len(found) != 1 {
		t.Fatalf("answers: %v, %v", found, err)
	}
	return found[0]
}
