package read_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"cp3/pipeline"
)

var update = flag.Bool("update", false, "write what was read into the fixtures")

// Every member's declaration has a fixture: a small workbook as that member
// writes it, and everything that must be read from it.
func TestMembersConform(t *testing.T) {
	specs := newReader(t).Specs()
	if len(specs) == 0 {
		t.Fatal("no member is declared")
	}
	for _, s := range specs {
		t.Run(string(s.Member), func(t *testing.T) {
			file := filepath.Join("testdata", "members", string(s.Member)+".txtar")
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("a declaration needs a fixture: %v", err)
			}
			archive := txtar.Parse(text)
			name := strings.TrimSpace(string(archive.Comment))
			got := summary(readBook(t, writeBook(t, string(text), nil), name, s.Member))
			for i := range archive.Files {
				if f := &archive.Files[i]; f.Name == "want" {
					if *update {
						f.Data = []byte(got)
						if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
							t.Fatal(err)
						}
					}
					if d := cmp.Diff(string(f.Data), got); d != "" {
						t.Errorf("(-want +got):\n%s", d)
					}
					return
				}
			}
			t.Error("the fixture has no section want")
		})
	}
}

// summary tells a reading in lines: the header, each record, each issue.
func summary(r pipeline.Reading) string {
	var b strings.Builder
	line := func(format string, args ...any) {
		fmt.Fprintf(&b, format, args...)
		b.WriteByte('\n')
	}
	line("%s: %s, %s, region %s, %s, %s, %d rows of %d", r.Status(), r.Structure, r.Period, r.Region, r.Template, r.Lang, r.RowsKept, r.RowsRead)
	for _, m := range r.Records.Mentions {
		line("mention %s %d: %s", m.Sheet, m.Row, join(m.FamilyName, m.GivenName, m.FullName, string(m.Sex), m.BirthDate.String(), m.Nationality, m.Status,
			m.DocType, m.DocNumber, m.Phone, m.Locality, m.Province, m.Region, m.MemberRef))
	}
	for _, s := range r.Records.Services {
		line("service %s %d: %s", s.Sheet, s.Row, join(string(s.Service), s.Date.String(), s.Region, s.Province, s.Place, "targeted="+maybe(s.Targeted),
			"pilot="+maybe(s.Pilot), "technical="+maybe(s.Technical), s.Stream, s.Level, string(s.Toward)))
	}
	for _, c := range r.Records.Companies {
		line("company %s %d: %s", c.Sheet, c.Row, join(c.Name, c.ICE, c.Locality, c.Province, c.Region, c.Date.String(), c.By,
			"asked="+maybe(c.AskedContract), "women="+maybe(c.RecruitedWomen), "men="+maybe(c.RecruitedMen)))
	}
	for _, a := range r.Records.Attendance {
		line("attendance %s %d: %s %s %s %d/%d", a.Sheet, a.Row, a.Date, a.Region, a.Institution, a.Women, a.Men)
	}
	for _, s := range r.Records.Sessions {
		line("session %s %d: %s", s.Sheet, s.Row, join(s.Theme, s.Date.String(), s.Region, strings.Join(s.Institutions, "+"), maybe(s.Women), maybe(s.Men),
			maybe(s.PreTest), maybe(s.PostTest), maybe(s.Respondents), maybe(s.Satisfied)))
	}
	for _, d := range r.Records.Declared {
		line("declared %s %s: %s %s %s %s %s %v", d.Sheet, d.Cell, d.Code, d.Period, d.Region, d.Province, d.Sex, d.Value)
	}
	for _, c := range r.Records.Coverage {
		line("covers %s %s %s (%s)", c.Topic, c.Period, c.Region, c.Sheet)
	}
	for _, i := range r.Issues {
		line("%s %s!%s %s", i.Severity, i.Sheet, i.Cell, i.Code)
	}
	return b.String()
}

func join(parts ...string) string { return strings.Join(parts, " | ") }

func maybe[T any](v *T) string {
	if v == nil {
		return "?"
	}
	return fmt.Sprint(*v)
}
