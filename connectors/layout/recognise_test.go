package layout

import (
	"strings"
	"testing"

	"cp3/connectors"
	"cp3/pipeline"
)

// blank is a sheet as a template has it: the labels of a language, and a row of
// anything below.
func blank(spec *connectors.Sheet, name, lang string) *Sheet {
	var labels, values []string
	switch {
	case spec.Shape == connectors.Form:
		var lines []string
		for _, f := range spec.Fields {
			lines = append(lines, f.Label.In(lang)+" | x")
		}
		return page(name, strings.Join(lines, "\n"))
	case spec.Shape == connectors.Wide:
		for _, f := range spec.Fields {
			labels, values = append(labels, f.Label.In(lang)), append(values, "")
		}
		for _, q := range []string{"T1", "T2", "T3", "T4"} {
			labels = append(labels, q, "", "")
			values = append(values, spec.Wide.Women.In(lang), spec.Wide.Men.In(lang), spec.Wide.Total.In(lang))
		}
		return page(name, strings.Join(labels, " | ")+"\n"+strings.Join(values, " | "))
	}
	for _, f := range spec.Fields {
		if !f.Unlisted {
			labels, values = append(labels, f.Label.In(lang)), append(values, "x")
		}
	}
	if spec.Row == connectors.MeetingRow {
		labels, values = append(labels, "ANAPEC", "OFPPT"), append(values, "1/1", "1/0")
	}
	return page(name, strings.Join(labels, " | ")+"\n"+strings.Join(values, " | "))
}

// Every member's workbook is recognised as its own: by the names of its sheets,
// and, names lost, by its columns alone, against every other member's.
func TestEveryMemberIsRecognised(t *testing.T) {
	specs, err := connectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range specs {
		for _, lang := range []string{"fr", "ar"} {
			var named, nameless []*Sheet
			for i := range s.Sheets {
				name := s.Sheets[i].Name
				if lang == "ar" {
					name = s.Sheets[i].Title.AR
				}
				named = append(named, blank(&s.Sheets[i], name, lang))
				nameless = append(nameless, blank(&s.Sheets[i], "Feuil"+string(rune('1'+i)), lang))
			}
			r := Recognise(named, guides(t, s.Member))
			if len(r.Matches) != len(s.Sheets) || len(r.Unread) != 0 {
				t.Errorf("%s %s: %d sheets of %d recognised by name", s.Member, lang, len(r.Matches), len(s.Sheets))
			}
			for _, m := range r.Matches {
				if m.How != ByName {
					t.Errorf("%s %s: %s recognised by %s", s.Member, lang, m.Sheet.Name, m.How)
				}
			}
			own := Recognise(nameless, guides(t, s.Member))
			for _, m := range own.Matches {
				if i := int(m.Sheet.Name[len("Feuil")] - '1'); m.Guide.Spec != &s.Sheets[i] {
					t.Errorf("%s %s: %s is read as %s", s.Member, lang, s.Sheets[i].Name, m.Guide.Spec.Name)
				}
			}
			if len(own.Matches) != len(s.Sheets) {
				t.Errorf("%s %s: without names, %d sheets of %d recognised", s.Member, lang, len(own.Matches), len(s.Sheets))
			}
			for _, other := range specs {
				if other.Member == s.Member || other.SheetsOf == s.Member || s.SheetsOf == other.Member {
					continue
				}
				if n := Recognise(nameless, guides(t, other.Member)).Score; own.Score < n+Better {
					t.Errorf("%s %s scores %d, as %s %d", s.Member, lang, own.Score, other.Member, n)
				}
			}
		}
	}
}

func TestSheetNames(t *testing.T) {
	en := guides(t, "EN")
	for name, want := range map[string]struct {
		sheet string
		how   How
	}{
		"Formation":               {"Formation", ByName},
		"FORMATION ":              {"Formation", ByName},
		"التكوين":                 {"Formation", ByName},
		"Formation (2)":           {"Formation", ByCopy},
		"Formation 2020":          {"Formation", ByCopy},
		"Copie de Formation":      {"Formation", ByCopy},
		"Formation T4":            {"Formation", ByLikeness},
		"Liste Formation T4 2020": {"Formation", ByLikeness},
		"Formaton":                {"Formation", ByLikeness},
		"Accueil et Formation":    {"", Unknown},
		"Feuil1":                  {"", Unknown},
		"Données":                 {"", Unknown},
	} {
		g, how := byName(name, en)
		got := ""
		if g != nil {
			got = g.Spec.Name
		}
		if got != want.sheet || how != want.how {
			t.Errorf("%q is %q by %q, want %q by %q", name, got, how, want.sheet, want.how)
		}
	}
}

// What cp3 wrote itself, what is empty and what is a copy is left aside.
func TestSheetsLeftAside(t *testing.T) {
	list := "Nom | Prénom | Date d'accueil\nDiallo | Awa | @44105"
	sheets := []*Sheet{
		page("Accusé de réception", "Statut | Acceptée"),
		page("Mode d'emploi", "Lisez-moi"),
		page("Accueil", list),
		page("Accueil (2)", list),
		page("Accueil (3)", list+"\nBa | Ali | @44105"),
		page("Feuil3", ""),
		page("Brouillon", "a | b\n1 | 2"),
		page("Formation", "du texte\nrien d'autre"),
	}
	r := Recognise(sheets, guides(t, "EN"))
	var got []string
	for _, m := range r.Matches {
		got = append(got, m.Sheet.Name+": "+m.Guide.Spec.Name)
	}
	for _, n := range r.Unread {
		got = append(got, n.Sheet.Name+": "+n.Why)
	}
	want := []string{"Accueil: Accueil", "Accueil (3): Accueil", "Accusé de réception: own_sheet", "Mode d'emploi: own_sheet",
		"Accueil (2): copied_sheet", "Feuil3: empty_sheet", "Brouillon: unknown_sheet", "Formation: no_header"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPeriods(t *testing.T) {
	for text, want := range map[string]pipeline.Period{
		"CFA Akkari T3 2020":          {Year: 2020, Quarter: 3},
		"liste T4":                    {},
		"Rapport 2020":                {Year: 2020},
		"1er trimestre 2020":          {Year: 2020, Quarter: 1},
		"Hay Mohammadi 2e trim 2020":  {Year: 2020, Quarter: 2},
		"Troisième trimestre de 2020": {Year: 2020, Quarter: 3},
		"2020-T2":                     {Year: 2020, Quarter: 2},
		"T1 à T4 2020":                {Year: 2020},
		"مركز حي السلام الفصل الأول 2020": {Year: 2020, Quarter: 1},
		"الفصل 3 سنة ٢٠٢٠":                {Year: 2020, Quarter: 3},
		"IVème trimestre 2019":            {Year: 2019, Quarter: 4},
		"Année scolaire 2019-2020":        {},
		"version du 12/01/2021":           {},
		"2020 (version du 12/01/2021)":    {Year: 2020},
		"N° 120205":                       {},
		"article 1 du décret":             {},
	} {
		if got := PeriodIn(text); got != want {
			t.Errorf("%q names %v, want %v", text, got, want)
		}
	}
}
