package example_test

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"cp3/connectors/example"
	"cp3/connectors/workbook"
	"cp3/pipeline"
	"cp3/pipeline/read"
)

// What the reader understands of the workbooks is what happened in the plan:
// every service with its date, and every value of every person.
func TestReaderUnderstandsWhatHappened(t *testing.T) {
	set, err := example.Make(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := set.Deliver(dir, pipeline.Date{}, pipeline.Date{}); err != nil {
		t.Fatal(err)
	}
	reader, err := read.NewReader(workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	plan := example.NewPlan(example.Seed)
	w := newWitness(set.Manifest, plan)
	for _, f := range set.Manifest.Files {
		if f.Period == "" || w.aside[f.Path] {
			continue
		}
		got, err := reader.Read(context.Background(), read.Source{Path: filepath.Join(dir, filepath.FromSlash(f.Path)), Name: path.Base(f.Path),
			Member: f.Member, Today: pipeline.Date{Year: 2021, Month: 1, Day: 15}})
		if err != nil {
			t.Fatal(err)
		}
		w.hear(f.Path, got)
	}
	for _, c := range w.complaints {
		t.Error(c)
	}
	if diff := cmp.Diff(happened(plan), w.services()); diff != "" {
		t.Errorf("services (-happened +read):\n%s", diff)
	}
	approached := map[string]bool{}
	for _, c := range w.companies {
		approached[c.ICE] = true
		if c.AskedContract == nil || *c.AskedContract || c.RecruitedWomen != nil || c.RecruitedMen != nil {
			t.Errorf("%s row %d: asked %v, recruited %v and %v, want no and nothing said", c.Sheet, c.Row, c.AskedContract, c.RecruitedWomen, c.RecruitedMen)
		}
	}
	if len(approached) != 40 || len(w.companies) == 40 {
		t.Errorf("%d companies on %d rows, want 40 on more", len(approached), len(w.companies))
	}
}

// witness holds what was read against who the rows are.
type witness struct {
	persons    map[string]*example.Person
	who        map[example.Spot]string
	doubtful   map[example.Spot]bool
	aside      map[string]bool // files that must not count: replaced, or copies
	heard      map[string]bool
	companies  []pipeline.CompanyRecord
	complaints []string
}

func newWitness(m example.Manifest, plan *example.Plan) *witness {
	w := &witness{persons: map[string]*example.Person{}, who: map[example.Spot]string{}, doubtful: map[example.Spot]bool{}, aside: map[string]bool{}, heard: map[string]bool{}}
	for _, p := range plan.Persons {
		w.persons[p.ID] = p
	}
	for _, u := range m.Truth {
		w.who[u.Spot] = u.Person
	}
	for _, d := range m.Doubtful {
		w.doubtful[d.Spot] = true
	}
	for _, r := range m.Replaced {
		w.aside[r.Before] = true
	}
	for _, c := range m.Copies {
		w.aside[c.Path] = true
	}
	return w
}

func (w *witness) hear(file string, r pipeline.Reading) {
	w.companies = append(w.companies, r.Records.Companies...)
	for _, m := range r.Records.Mentions {
		at := example.Spot{Path: file, Sheet: m.Sheet, Row: m.Row}
		p := w.persons[w.who[at]]
		if p == nil {
			w.complaints = append(w.complaints, fmt.Sprintf("%s %s row %d: nobody is there", file, m.Sheet, m.Row))
			continue
		}
		for _, wrong := range differences(m, p, r.Member == "OFPPT") {
			if !w.doubtful[at] {
				w.complaints = append(w.complaints, fmt.Sprintf("%s %s row %d: %s", file, m.Sheet, m.Row, wrong))
			}
		}
	}
	for _, s := range r.Records.Services {
		person := w.who[example.Spot{Path: file, Sheet: s.Sheet, Row: s.Row}]
		w.heard[said(person, r.Member, s.Service, s.Date, string(s.Toward), yes(s.Targeted) || yes(s.Pilot), yes(s.Technical))] = true
	}
}

func yes(b *bool) bool { return b != nil && *b }

// differences are the values read that aren't the person's. What a clerk left
// out says nothing; OFPPT's list has no status.
func differences(m pipeline.Mention, p *example.Person, withoutStatus bool) []string {
	var out []string
	check := func(what, got, want string, optional bool) {
		if got != want && !(optional && got == "") {
			out = append(out, fmt.Sprintf("%s %q, want %q", what, got, want))
		}
	}
	check("sex", strings.TrimSuffix(string(m.Sex), "ND"), string(p.Sex), p.SexUnsaid)
	check("nationality", m.Nationality, p.Nationality, false)
	check("status", m.Status, p.Status, withoutStatus)
	check("paper", m.DocNumber, bare(p.DocNumber), p.Clue != example.ByDocument)
	check("kind of paper", m.DocType, p.DocType, m.DocNumber == "")
	check("phone", m.Phone, "+212"+p.Phone, p.Clue != example.ByBirth)
	check("birth year", strings.TrimPrefix(fmt.Sprint(m.BirthDate.Year), "0"), fmt.Sprint(p.Birth.Year), p.Clue != example.ByBirth)
	if p.Clue == example.ByBirth {
		check("birth date", m.BirthDate.String(), p.Birth.String(), false)
	}
	return out
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

// said is a service in words. AMAPPE often knows the month only: its grants are
// compared by month.
func said(person string, m pipeline.Member, s pipeline.Service, d pipeline.Date, toward string, marked, technical bool) string {
	if m == "AMAPPE" {
		d.Day, marked = 0, false
	}
	return fmt.Sprintf("%s %s %s %s toward=%s marked=%t technical=%t", person, m, s, d, toward, marked, technical)
}

func (w *witness) services() []string { return sorted(w.heard) }

// happened are the plan's services. Who isn't a member is no destination.
func happened(plan *example.Plan) []string {
	all := map[string]bool{}
	for _, g := range plan.Services() {
		toward := g.Toward
		if toward == "ONG" || toward == "HCR" {
			toward = ""
		}
		all[said(g.Person.ID, g.Member, g.Service, g.Date, toward, g.Marked, g.Technical)] = true
	}
	return sorted(all)
}

func sorted(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
