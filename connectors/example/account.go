package example

import (
	"sort"

	"cp3/pipeline"
)

// doubles are the persons on several rows of a list that has one row a person.
// Support and insertions have one a service: there it is nothing odd.
func (b *book) doubles() []Double {
	var out []Double
	for sheet, persons := range b.seen {
		if sheet == "Accompagnement" || sheet == "Prestations" || sheet == "Insertions" {
			continue
		}
		for p, rows := range persons {
			if len(rows) > 1 {
				out = append(out, Double{Path: b.file.Path, Sheet: sheet, Rows: rows, Person: p.ID})
			}
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Sheet != out[j].Sheet {
			return out[i].Sheet < out[j].Sheet
		}
		return out[i].Rows[0] < out[j].Rows[0]
	})
	return out
}

// account completes the manifest with what follows from the files: what was due,
// what came late or never, what replaces what, who is on several lists.
func (s *Set) account(plan *Plan) {
	m := &s.Manifest
	s.expectations()
	m.Replaced = []Replaced{
		{Before: "EN/2020/CFA Akkari T3 2020.xlsx", After: "EN/2020/CFA Akkari T3 2020 corrigé.xlsx",
			Wrong: []string{"six accueils oubliés", "quatre réussites qui n'en sont pas", "deux lignes à refuser"}},
		{Before: "CP3-RSK/CP3 RSK 2020 (1er semestre).xlsx", After: "CP3-RSK/CP3 RSK 2020.xlsx", Wrong: []string{"premier semestre seulement"}},
	}
	at := map[string][]Truth{} // person: first mention in each member's lists
	for _, t := range m.Truth {
		seen := false
		for _, u := range at[t.Person] {
			seen = seen || folder(u.Path) == folder(t.Path)
		}
		if !seen {
			at[t.Person] = append(at[t.Person], t)
		}
	}
	for _, p := range plan.Persons {
		if len(at[p.ID]) > 1 {
			m.Shared = append(m.Shared, Shared{Person: p.ID, At: at[p.ID]})
		}
	}
	for _, p := range plan.Pairs {
		m.LookAlikes = append(m.LookAlikes, LookAlikes{Kind: p.Kind, Persons: []string{p.A.ID, p.B.ID}, At: append(append([]Truth{}, at[p.A.ID]...), at[p.B.ID]...)})
	}
}

// expectations lists what each structure owes, due thirty days after the period.
func (s *Set) expectations() {
	m := &s.Manifest
	due := map[Expected]bool{}
	for _, f := range m.Files {
		p, err := pipeline.ParsePeriod(f.Period)
		if err != nil {
			continue // a lock file
		}
		e := Expected{Member: f.Member, Structure: f.Structure, Period: f.Period, Due: addDays(p.Last(), 30).String()}
		if !due[e] {
			due[e] = true
			m.Expected = append(m.Expected, e)
			if f.Delivery > e.Due { // a correction of a file that was in time isn't late
				m.Late = append(m.Late, f.Path)
			}
		}
	}
	for _, q := range temara.Closed {
		p := quarter(q)
		e := Expected{Member: "EN", Structure: temara.Name, Period: p.String(), Due: addDays(p.Last(), 30).String()}
		m.Missing, m.Expected = append(m.Missing, e), append(m.Expected, e)
	}
	sort.SliceStable(m.Expected, func(i, j int) bool {
		a, b := m.Expected[i], m.Expected[j]
		if a.Member != b.Member {
			return a.Member < b.Member
		}
		if a.Structure != b.Structure {
			return a.Structure < b.Structure
		}
		return a.Period < b.Period
	})
}
