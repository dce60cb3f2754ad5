package example

import (
	"fmt"
	"math"
	"testing"

	"cp3/pipeline"
)

// The plan's figures, computed straight from its services with none of the
// pipeline's code, are those of the 2020 results report.

// count is how many distinct persons, of one sex or of all, received something.
func count(services []Given, sex pipeline.Sex, keep func(Given) bool) int {
	seen := map[*Person]bool{}
	for _, g := range services {
		if keep(g) && (sex == pipeline.Total || g.Person.Sex == sex) {
			seen[g.Person] = true
		}
	}
	return len(seen)
}

func in(year int, services ...pipeline.Service) func(Given) bool {
	return func(g Given) bool {
		for _, s := range services {
			if g.Service == s && g.Date.Year == year {
				return true
			}
		}
		return false
	}
}

func and(a, b func(Given) bool) func(Given) bool {
	return func(g Given) bool { return a(g) && b(g) }
}

func who(services []Given, keep func(Given) bool) map[*Person]bool {
	m := map[*Person]bool{}
	for _, g := range services {
		if keep(g) {
			m[g.Person] = true
		}
	}
	return m
}

func TestPlanGivesTheReportsFigures(t *testing.T) {
	for _, seed := range []uint64{Seed, 1, 2, 3, 4, 5, 6, 7} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { reportsFigures(t, NewPlan(seed)) })
	}
}

func reportsFigures(t *testing.T, plan *Plan) {
	all := plan.Services()
	marked := func(g Given) bool { return g.Marked }
	technical := func(g Given) bool { return g.Technical }
	toAnapec := func(g Given) bool { return g.Toward == "ANAPEC" }
	among := func(m map[*Person]bool) func(Given) bool { return func(g Given) bool { return m[g.Person] } }

	trained := who(all, func(g Given) bool { return g.Member == "EN" && g.Service == pipeline.Enrolment })
	referred := who(all, and(in(2020, pipeline.Referral), toAnapec))
	employed := who(all, in(2020, pipeline.EmploymentSupport))
	creations := []pipeline.Service{pipeline.AutoEntrepreneur, pipeline.Cooperative, pipeline.LimitedCompany}
	supports := in(2020, pipeline.EmploymentSupport, pipeline.SelfEmployment)

	for _, c := range []struct {
		what string
		sex  pipeline.Sex
		keep func(Given) bool
		want int
	}{
		{"1.1", pipeline.Total, in(2020, pipeline.Reception), 285},
		{"1.2 of 2019", pipeline.Total, and(in(2019, pipeline.Enrolment), marked), 68},
		{"1.2", pipeline.Total, and(in(2020, pipeline.Enrolment), marked), 185},
		{"1.2 women", pipeline.Women, and(in(2020, pipeline.Enrolment), marked), 126},
		{"1.2 men", pipeline.Men, and(in(2020, pipeline.Enrolment), marked), 59},
		{"1.3", pipeline.Women, and(in(2020, pipeline.Enrolment), technical), 3},
		{"1.4", pipeline.Total, and(in(2020, pipeline.Referral), toAnapec), 30},
		{"1.5 numerator, 1.7", pipeline.Total, in(2020, pipeline.Completion), 28},
		{"1.7 of 2019: nobody wrote results", pipeline.Total, in(2019, pipeline.Completion), 0},
		{"1.5 denominator: enrolled anywhere in 2019", pipeline.Total, in(2019, pipeline.Enrolment), 68},
		{"successes known to EN", pipeline.Total, func(g Given) bool { return g.Service == pipeline.Completion && g.Member == "EN" }, 28},
		{"1.8 of 2019", pipeline.Total, in(2019, pipeline.Grant), 51},
		{"1.8 of 2019 women", pipeline.Women, in(2019, pipeline.Grant), 35},
		{"1.8", pipeline.Total, in(2020, pipeline.Grant), 85},
		{"1.8 women", pipeline.Women, in(2020, pipeline.Grant), 53},
		{"1.8 men", pipeline.Men, in(2020, pipeline.Grant), 32},
		{"grant holders of both years", pipeline.Total, func(g Given) bool { return g.Service == pipeline.Grant }, 136},
		{"grant holders of both years, women", pipeline.Women, func(g Given) bool { return g.Service == pipeline.Grant }, 88},
		{"2.1", pipeline.Total, and(in(2020, pipeline.AnapecRegistration), marked), 245},
		{"2.2", pipeline.Total, supports, 418},
		{"2.2 employment", pipeline.Total, in(2020, pipeline.EmploymentSupport), 165},
		{"2.2 self-employment", pipeline.Total, in(2020, pipeline.SelfEmployment), 253},
		{"2.3", pipeline.Total, in(2020, pipeline.AidedContract), 5},
		{"placed", pipeline.Total, in(2020, pipeline.Placement), 15},
		{"cards", pipeline.Total, in(2020, pipeline.AutoEntrepreneur), 229},
		{"cooperatives", pipeline.Total, in(2020, pipeline.Cooperative), 12},
		{"companies created", pipeline.Total, in(2020, pipeline.LimitedCompany), 12},
		{"creators", pipeline.Total, in(2020, creations...), 253},
		{"OS2", pipeline.Total, and(and(supports, among(trained)), among(referred)), 30},
		{"OS3", pipeline.Total, and(in(2020, pipeline.Placement, pipeline.AidedContract), among(employed)), 15},
		{"OS4", pipeline.Total, in(2020, pipeline.ViableAt12Months), 0},
	} {
		if got := count(all, c.sex, c.keep); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
	if n := count(all, pipeline.Total, in(2020, pipeline.SelfEmploymentFunds)); n == 0 {
		t.Error("nobody was funded: OS4 would be unreported, not 0")
	}
	for _, g := range all {
		if y := g.Date.Year; y != 2020 && (y != 2019 || g.Service != pipeline.Enrolment && g.Service != pipeline.Grant) {
			t.Errorf("%s of %s is dated %s: only enrolments and grants of 2019 and services of 2020 belong here", g.Service, g.Person.ID, g.Date)
		}
	}
}

// OS1 is three, and one person more would count if "then" were forgotten.
func TestPlanOrdersTrainingBeforeInsertion(t *testing.T) {
	for _, seed := range []uint64{Seed, 1, 2, 3, 4, 5, 6, 7} {
		insertedAfter(t, NewPlan(seed))
	}
}

func insertedAfter(t *testing.T, plan *Plan) {
	all := plan.Services()
	passed := map[*Person]pipeline.Date{}
	for _, g := range all {
		if d, ok := passed[g.Person]; g.Service == pipeline.Completion && (!ok || g.Date.Compare(d) < 0) {
			passed[g.Person] = g.Date
		}
	}
	inserted := in(2020, pipeline.Placement, pipeline.AidedContract, pipeline.AutoEntrepreneur, pipeline.Cooperative, pipeline.LimitedCompany)
	after := count(all, pipeline.Total, and(inserted, func(g Given) bool {
		d, ok := passed[g.Person]
		return ok && g.Date.Compare(d) > 0
	}))
	either := count(all, pipeline.Total, and(inserted, func(g Given) bool { _, ok := passed[g.Person]; return ok }))
	if after != 3 || either != 4 {
		t.Errorf("OS1 = %d and %d without the order, want 3 and 4", after, either)
	}
}

func TestPlanOfCompaniesAndCommittees(t *testing.T) {
	plan := NewPlan(Seed)
	by := map[string]map[string]bool{"ANAPEC": {}, "REMESS": {}}
	for _, c := range plan.Companies {
		by[c.By][c.ICE] = true
	}
	if a, r := len(by["ANAPEC"]), len(by["REMESS"]); a != 15 || r != 25 {
		t.Errorf("companies: %d by ANAPEC and %d by REMESS, want 15 and 25", a, r)
	}
	ngo := map[string]bool{"AMAPPE": true, "REMESS": true, "CARE": true}
	least, convened, participants, pre, post, satisfied, respondents := 0, 0, 0, 0.0, 0.0, 0, 0
	present := map[string]bool{}
	for _, c := range plan.Committees {
		for i, name := range c.Invited {
			if ngo[name] {
				continue
			}
			n := math.MaxInt
			for _, m := range c.Meetings {
				n = min(n, m.Present[i][0]+m.Present[i][1])
			}
			least, convened = least+n, convened+1
		}
		for _, s := range c.Sessions {
			n := s.Women + s.Men
			participants += n
			pre, post = pre+float64(n)*s.Pre, post+float64(n)*s.Post
			satisfied, respondents = satisfied+s.Satisfied, respondents+s.Respondents
			for _, name := range s.Institutions {
				present[name] = present[name] || !ngo[name]
			}
		}
	}
	if least != 6*convened {
		t.Errorf("3.1 = %d/%d, want 6", least, convened)
	}
	state := 0
	for _, yes := range present {
		if yes {
			state++
		}
	}
	if state != 5 {
		t.Errorf("3.3 = %d, want 5", state)
	}
	if got := 100 * (post - pre) / pre; math.Abs(got-54) > 1e-9 {
		t.Errorf("3.4 = %v, want 54", got)
	}
	if satisfied != respondents {
		t.Errorf("3.5 = %d/%d, want all", satisfied, respondents)
	}
	a, b := plan.Committees[0].Rates, plan.Committees[1].Rates
	for code, want := range map[string]float64{"2.4": 40, "2.5": 0, "3.2": 50, "3.6": 50} {
		if got := (a[code] + b[code]) / 2; got != want {
			t.Errorf("%s = %v, want %v", code, got, want)
		}
	}
}

// Numbers of different persons differ at two places; look-alikes differ in paper.
func TestPersonsCantBeTakenForOneAnother(t *testing.T) {
	plan := NewPlan(Seed)
	twin := map[*Person]bool{}
	for _, p := range plan.Pairs {
		twin[p.B] = true
		if p.A.DocNumber == p.B.DocNumber || p.A.DocNumber == "" || p.A.Clue != ByDocument || p.B.Clue != ByDocument {
			t.Errorf("%s and %s (%s) can't be told apart by a paper", p.A.ID, p.B.ID, p.Kind)
		}
		same := p.A.Birth == p.B.Birth
		switch p.Kind {
		case Homonyms:
			if p.A.Given.String() != p.B.Given.String() || p.A.Birth.Year == p.B.Birth.Year {
				t.Errorf("%s and %s are no homonyms of different years", p.A.ID, p.B.ID)
			}
		case Twins, Siblings:
			if p.A.Given.String() == p.B.Given.String() || p.A.Phone != p.B.Phone || p.A.DocType != p.B.DocType || same != (p.Kind == Twins) {
				t.Errorf("%s and %s are no %s", p.A.ID, p.B.ID, p.Kind)
			}
		}
	}
	for i, a := range plan.Persons {
		for _, b := range plan.Persons[:i] {
			if a.DocNumber != "" && near(a.DocNumber, b.DocNumber) {
				t.Fatalf("papers of %s and %s differ at one place", a.ID, b.ID)
			}
			if !twin[a] && !twin[b] && near(a.Phone, b.Phone) {
				t.Fatalf("phones of %s and %s differ at one place", a.ID, b.ID)
			}
			if !twin[a] && !twin[b] && a.Family.String() == b.Family.String() && a.Given.String() == b.Given.String() {
				t.Fatalf("%s and %s have the same names by accident", a.ID, b.ID)
			}
		}
	}
}

func near(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n < 2
}
