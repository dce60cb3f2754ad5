package layout

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Renamed headers are understood; those that could mean two things are not.
func TestHeadersOneByOne(t *testing.T) {
	m := guide(t, "EN", "Formation").matcher
	for header, want := range map[string]string{
		"Prénom(s)":                      "given_name",
		"PRENOM":                         "given_name",
		"prenom ":                        "given_name",
		"Prenoms du bénéficiaire":        "given_name",
		"Pre\u0301nom":                   "given_name",
		"Nom":                            "family_name",
		"NOM (en majuscules)":            "family_name",
		"Nom de la mère":                 "",
		"Nom du tuteur":                  "",
		"Nom / Prénom":                   "full_name",
		"Date naissance":                 "birth_date",
		"Date de naisance":               "birth_date",
		"Date de naissance (jj/mm/aaaa)": "birth_date",
		"تاريخ الإزدياد":                 "birth_date",
		"Nationalité / الجنسية":          "nationality",
		"N° Tél":                         "phone",
		"Téléphone portable":             "phone",
		"Numéro du document":             "doc_number",
		"Filière de formation":           "stream",
		"Filliere":                       "stream",
		"Date inscription":               "enrolment_date",
		"Date d’inscription":             "enrolment_date",
		"Date":                           "",
		"Résultat *":                     "result",
		"Centre ciblé (oui / non)":       "targeted",
		"Sexe\n(F/H)":                    "sex",
		"Observations":                   "",
		"":                               "",
	} {
		a := m.assign([]heading{new(Sheet).heading(1, header)})
		got := ""
		if c, ok := a.field[1]; ok {
			got = m.Fields[c.field].Name
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q (claims %s)", header, got, want, claimed(m, header))
		}
	}
}

func claimed(m *Matcher, header string) string {
	var out []string
	for _, c := range m.claims(newPhrase(header)) {
		out = append(out, fmt.Sprintf("%s:%d", m.Fields[c.field].Name, c.strength))
	}
	return strings.Join(out, " ")
}

// Two columns for one field, or one for two, are a conflict whatever their order.
func TestConflicts(t *testing.T) {
	for name, c := range map[string]struct {
		text      string
		columns   string
		conflicts []string
	}{
		"twice the same title": {
			text:      "Nom | Prénom | Nom | Date d'inscription\nDiallo | Awa | Ba | @44105",
			columns:   "A?conflict B=given_name C?conflict D=enrolment_date",
			conflicts: []string{"family_name: A C"},
		},
		"the label wins over an alias": {
			text:    "Nom | Nom de famille | Prénom | Date d'inscription\nDiallo | Ba | Awa | @44105",
			columns: "A=family_name B?unknown_column C=given_name D=enrolment_date",
		},
		"one title for two fields": {
			text:      "Nom | Prénom | Centre / Filière | Date d'inscription\nDiallo | Awa | x | @44105",
			columns:   "A=family_name B=given_name C?conflict D=enrolment_date",
			conflicts: []string{"centre stream: C"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := guide(t, "EN", "Formation")
			l, ok := g.List(page("Formation", c.text))
			if !ok {
				t.Fatal("no header")
			}
			if got := mapping(&l.Tables[0]); got != c.columns {
				t.Errorf("columns %q, want %q", got, c.columns)
			}
			var got []string
			for _, x := range l.Tables[0].Conflicts {
				var names, cols []string
				for _, f := range x.Fields {
					names = append(names, g.matcher.Fields[f].Name)
				}
				for _, col := range x.Cols {
					cols = append(cols, string(rune('A'+col-1)))
				}
				got = append(got, strings.Join(names, " ")+": "+strings.Join(cols, " "))
			}
			if d := cmp.Diff(c.conflicts, got); d != "" {
				t.Errorf("conflicts (-want +got):\n%s", d)
			}
		})
	}
}

// Whatever the order of the columns, they mean the same.
func TestColumnOrderChangesNothing(t *testing.T) {
	g := guide(t, "EN", "Formation")
	var titles []string
	for _, f := range g.matcher.Fields {
		if !f.Unlisted {
			titles = append(titles, f.Label.FR)
		}
	}
	for shift := range titles {
		turned := slices.Concat(titles[shift:], titles[:shift])
		s := page("Formation", strings.Join(turned, " | ")+"\n"+strings.Repeat("x | ", len(turned)))
		l, ok := g.List(s)
		if !ok {
			t.Fatal("no header")
		}
		for i, c := range l.Tables[0].Columns {
			if c.Field == nil || c.Field.Label.FR != turned[i] || c.Strength != Label {
				t.Fatalf("shift %d: column %d %q is %v", shift, i, turned[i], c)
			}
		}
	}
}
