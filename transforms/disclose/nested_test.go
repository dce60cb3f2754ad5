package disclose

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// visit is a service somebody received.
type visit struct{ service, region, quarter string }

// client is one of those who were supported, once or several times.
type client struct {
	sex    string
	visits []visit
}

func clients(r *rand.Rand, n int) []client {
	pick := func(list ...string) string { return list[min(r.IntN(len(list)), r.IntN(len(list)))] }
	all := make([]client, n)
	for i := range all {
		all[i].sex = pick("F", "H", "F", "H", "ND")
		for range 1 + r.IntN(2) {
			all[i].visits = append(all[i].visits, visit{pick("ACC_EMPLOI", "ACC_AUTOEMPLOI"), pick("04", "06"), pick("1", "2")})
		}
	}
	return all
}

// served counts the clients who received one of some services there and then.
func served(of []client, sex string, quarter, region any, services ...string) (n int64) {
	for _, c := range of {
		if sex != "T" && sex != c.sex {
			continue
		}
		if slices.ContainsFunc(c.visits, func(v visit) bool {
			return slices.Contains(services, v.service) && (quarter == nil || quarter == v.quarter) && (region == nil || region == v.region)
		}) {
			n++
		}
	}
	return n
}

// support makes the published tables: 2.2 counts those supported, OS3 divides by
// those supported towards employment, activites counts each once a service.
func support(of []client) memory {
	m := memory{"indicateurs": {
		{"code": "2.2", "calcul": "compte", "mesure": "personnes", "services_numerateur": "ACC_EMPLOI, ACC_AUTOEMPLOI"},
		{"code": "OS3", "calcul": "taux", "mesure": "personnes", "services_numerateur": "parmi INSERTION_SALARIEE", "services_denominateur": "ACC_EMPLOI"},
	}}
	for _, q := range []any{nil, "1", "2"} {
		for _, region := range []any{nil, "04", "06"} {
			for _, s := range []string{"F", "H", "ND", "T"} {
				m.value("2.2", q, region, s, served(of, s, q, region, "ACC_EMPLOI", "ACC_AUTOEMPLOI"), nil)
				m.value("OS3", q, region, s, 0, served(of, s, q, region, "ACC_EMPLOI"))
			}
		}
	}
	for _, service := range []string{"ACC_EMPLOI", "ACC_AUTOEMPLOI"} {
		for _, c := range of {
			first := slices.DeleteFunc(slices.Clone(c.visits), func(v visit) bool { return v.service != service })
			if len(first) == 0 {
				continue
			}
			v := slices.MinFunc(first, func(a, b visit) int { return int(a.quarter[0]) - int(b.quarter[0]) })
			m["activites"] = append(m["activites"], map[string]any{
				"service": service, "membre": "ANAPEC", "region": v.region, "annee": int64(2020), "trimestre": v.quarter, "sexe": c.sex, "personnes": int64(1),
			})
		}
	}
	return m
}

// everything is the whole of what an attacker can relate, in one problem: the same
// quantities as those decided on.
func everything(t *testing.T, m memory) *Problem {
	t.Helper()
	published, err := Read(t.Context(), m, m.tables())
	if err != nil {
		t.Fatal(err)
	}
	r := newRules(published)
	r.below = append(r.below, r.nested...)
	return r.system(5, nil, 1).Problem
}

// Whose persons are among whose is public knowledge: the catalogue says it. Related
// all together, which is how somebody outside would, what is hidden in one table isn't
// exposed by what is shown in another.
func TestIndicatorsWithinOneAnother(t *testing.T) {
	told, exposed := 0, 0
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 12))
		of := clients(r, 40+r.IntN(50))
		m := support(of)
		attacked := everything(t, m)
		res, _ := public(t, m)
		if res.Withheld > 0 { // other quantities than those attacked
			continue
		}
		told++
		report, err := Audit(t.Context(), attacked, res.Plan)
		if err != nil || !report.Safe() {
			t.Errorf("%d clients: %v, %v", len(of), report.TooNarrow, err)
		}
		for _, row := range m["indicateurs"] { // a catalogue that says nothing of it
			delete(row, "services_numerateur")
			delete(row, "services_denominateur")
		}
		naive, _ := public(t, m)
		if report, err := Audit(t.Context(), attacked, naive.Plan); naive.Withheld == 0 && (err != nil || !report.Safe()) {
			exposed++
		}
	}
	if told < 3 || exposed < 2 {
		t.Errorf("%d worlds told, of which %d would have been exposed: they show little", told, exposed)
	}
}

// Somebody seen in two regions in a quarter was so in the year: one person in excess in
// the nation's year leaves no more to a quarter.
func TestOverlapOfAQuarterIsOfTheYear(t *testing.T) {
	f := newFigures()
	for _, one := range []struct {
		quarter, region string
		n               int64
	}{{all, all, 40}, {all, "01", 21}, {all, "04", 20}, {"4", all, 24}, {"4", "01", 4}, {"4", "04", 20}} {
		f.count("valeur 1.1", keys{"2020", one.quarter, one.region, all, all}, one.n)
	}
	s := f.system(5, nil, 1)
	hidden := func(q, g string) int { return s.at[cellOf{"valeur 1.1", keys{"2020", q, g, all, all}}] }
	plan, err := Protect(t.Context(), s.Problem)
	if err != nil {
		t.Fatal(err)
	}
	if !plan.Hidden(hidden("4", "01")) {
		t.Fatal("4 persons are shown")
	}
	others := 0
	for i := range s.Quantities {
		if plan.Hidden(i) {
			others++
		}
	}
	if others < 2 {
		t.Errorf("%v: the fourth quarter's 24 and 20 leave 4 or 5 to the first region", plan.Reasons)
	}
}

func TestBasisOfAnIndicator(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "{[] false 0}",
		"ACC_EMPLOI, ACC_AUTOEMPLOI":        "{[ACC_EMPLOI ACC_AUTOEMPLOI] false 0}",
		"parmi CONTRAT_AIDE":                "{[CONTRAT_AIDE] true 0}",
		"FP_INSCRIPTION (année précédente)": "{[FP_INSCRIPTION] false 1}",
	} {
		if got := fmt.Sprint(basisOf(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	all, some, more := basisOf("A, B"), basisOf("parmi A"), basisOf("A, B, C")
	if !some.among(all) || all.among(some) || more.among(all) || !all.among(more) || (basis{}).among(all) {
		t.Error("who is among whom")
	}
}
