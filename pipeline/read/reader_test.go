package read_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/wording"
)

const grants = `
-- Bourses.csv --
Nom;Prénom;Sexe;Date de naissance;Date de début
DIALLO;Awa;F;@1992-03-14;@2020-10-26
`

const reception = `
-- Identification.csv --
Structure;CFA Akkari
Année;#2020
Trimestre;T4
-- Accueil.csv --
Nom;Prénom;Sexe;Date de naissance;N° du document;Téléphone;Date d'accueil;Référé vers;Date de référencement
`

const enrolments = `
-- Identification.csv --
Structure;CFA Akkari
Année;#2020
Trimestre;T4
-- Formation.csv --
Nom;Prénom;Sexe;Date d'inscription;Résultat;Date de fin
`

// rowsOf repeats a row, a letter in place of its %c telling persons apart.
func rowsOf(n int, row string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, row, 'A'+i)
	}
	return b.String()
}

// said lists what was said, "severity sheet!cell code".
func said(r pipeline.Reading) []string {
	var out []string
	for _, i := range r.Issues {
		out = append(out, strings.Join(strings.Fields(string(i.Severity)+" "+strings.TrimSuffix(i.Sheet+"!"+i.Cell, "!")+" "+i.Code), " "))
	}
	return out
}

// What a reader says of workbooks it can't take as they are.
func TestReaderSays(t *testing.T) {
	for _, c := range []struct {
		name   string
		text   string
		file   string
		member pipeline.Member
		change func(*excelize.File)
		want   []string
	}{
		{name: "another member's columns", text: grants, member: "EN", want: []string{"bloquant file.other_member"}},
		{name: "another member's template", text: grants, member: "AMAPPE", change: mark(connectors.TemplateProperty, "CP3-EN"),
			want: []string{"bloquant file.other_member"}},
		{name: "a template of one's own, every sheet renamed", text: strings.Replace(grants, "Bourses", "Feuil1", 1), member: "AMAPPE",
			change: mark(connectors.TemplateProperty, "CP3-AMAPPE")},
		{name: "nobody's workbook", text: "-- Budget.csv --\nPoste;Montant\nLoyer;#1000\n", member: "EN", want: []string{"bloquant file.not_recognised"}},
		{name: "no member given, the columns tell", text: grants},
		{name: "the required sheet is another", text: "-- Identification.csv --\nAnnée;#2020\n", member: "AMAPPE", want: []string{"bloquant sheet.missing"}},
		{name: "a sheet without header", text: "-- Bourses.csv --\nDIALLO;Awa;F\nBA;Ali;H\n", member: "AMAPPE", file: "2020.xlsx",
			want: []string{"bloquant Bourses sheet.no_header"}},
		{name: "a required column missing", text: "-- Bourses.csv --\nNom;Prénom;Sexe;Quand\nDIALLO;Awa;F;@2020-10-26\n", member: "AMAPPE", file: "2020.xlsx",
			want: []string{"bloquant Bourses!A1 column.missing"}},
		{name: "a required column twice", text: "-- Bourses.csv --\nNom;Prénom;Nom;Sexe;Date de début\nDIALLO;Awa;BA;F;@2020-10-26\n", member: "AMAPPE",
			file: "2020.xlsx", want: []string{"bloquant Bourses!A1 column.duplicate"}},
		{name: "no sex column", text: "-- Bourses.csv --\nNom;Prénom;Date de début\nDIALLO;Awa;@2020-10-26\n", member: "AMAPPE",
			want: []string{"avertissement Bourses!A1 column.expected"}},
		{name: "no period anywhere", text: strings.Replace(reception, "Année;#2020", "Année;", 1) + "DIALLO;Awa;F;1990;;;@2020-10-26;;\n", member: "EN",
			want: []string{"bloquant Identification!B2 period.unknown"}},
		{name: "an unreadable year", text: strings.Replace(reception, "#2020", "cette année", 1) + "DIALLO;Awa;F;1990;;;@2020-10-26;;\n", member: "EN",
			want: []string{"bloquant Identification!B2 year.unreadable"}},
		{name: "an unreadable quarter", text: strings.Replace(reception, "T4", "T7", 1) + "DIALLO;Awa;F;1990;;;@2020-10-26;;\n", member: "EN",
			want: []string{"bloquant Identification!B3 quarter.unreadable"}},
		{name: "a period to come", text: strings.Replace(reception, "#2020", "#2021", 1) + "DIALLO;Awa;F;1990;;;@2021-05-26;;\n", member: "EN",
			want: []string{"bloquant Identification!B2 period.future", "avertissement Accueil!G2 date.outside_period"}},
		{name: "a result under a longer title", text: strings.Replace(enrolments, "Résultat", "Résultat de la formation", 1) + "DIALLO;Awa;F;@2020-10-01;Admis;@2020-12-20\n", member: "EN"},
		{name: "a column nobody understands, its values a list's", text: strings.Replace(enrolments, "Résultat", "Suite donnée", 1) + "DIALLO;Awa;F;@2020-10-01;Réussite;@2020-12-20\n", member: "EN",
			want: []string{"avertissement Formation!E1 column.unread"}},
		{name: "a column like one that is missing", text: strings.Replace(enrolments, "Date de fin", "Fin (jour)", 1) + "DIALLO;Awa;F;@2020-10-01;;@2020-12-20\n", member: "EN",
			want: []string{"avertissement Formation!F1 column.unread"}},
		{name: "extra columns are nobody's business", member: "EN", text: strings.Replace(enrolments, "Date de fin", "Date de saisie", 1) + "DIALLO;Awa;F;@2020-10-01;;@2020-12-20\n"},
		{name: "a list on its side", member: "AMAPPE", file: "sans date.xlsx", want: []string{"bloquant Bourses sheet.transposed"},
			text: "-- Bourses.csv --\nNom;DIALLO;BA\nPrénom;Awa;Ali\nSexe;F;H\nDate de début;@2020-10-26;@2020-10-27\nMontant;#500;#600\n"},
		{name: "nearly all dates outside the period", member: "EN", text: strings.Replace(reception, "T4", "T3", 1) + rowsOf(12, "NOM%c;Awa;F;1990;;;@2020-10-26;;\n"),
			want: []string{"avertissement Identification!B3 period.doubtful"}},
		{name: "half the dates outside the period: last quarter's rows", member: "EN", text: reception + rowsOf(6, "NOM%c;Awa;F;1990;;;@2020-10-26;;\n") + rowsOf(2, "BA%c;Awa;F;1990;;;@2020-07-26;;\n"),
			want: []string{"avertissement Accueil!G8 date.outside_period", "avertissement Accueil!G9 date.outside_period"}},
		{name: "quarters nobody understands", member: "CP3-RSK", want: []string{"bloquant Indicateurs!A1 columns.no_quarter"},
			text: "-- Identification.csv --\nAnnée;#2020\n-- Indicateurs.csv D1:F1 --\nCode;Indicateur;Province;Semestre 1;;\n;;;Femmes;Hommes;Total\n1.1;;Rabat;#1;#2;#3\n"},
		{name: "the structure above the list", member: "EN", file: "2020-T4.xlsx", text: "-- Accueil.csv --\nStructure :;CFA Akkari;Région : Rabat-Salé-Kénitra\n\nNom;Prénom;Sexe;Date d'accueil\nDIALLO;Awa;F;@2020-10-26\n"},
		{name: "above the list, a quarter nobody can read", member: "EN", text: "-- Accueil.csv --\nStructure :;CFA Akkari\nAnnée :;#2020\nTrimestre :;T9\n\nNom;Prénom;Sexe;Date d'accueil\nDIALLO;Awa;F;@2020-10-26\n",
			want: []string{"bloquant Accueil!B3 quarter.unreadable"}},
		{name: "titles of parts of a list are no persons", member: "AMAPPE", file: "2020.xlsx", text: "-- Bourses.csv A2:C2 --\nNom;Prénom;Sexe;Date de début\nMois d'octobre;;;\nDIALLO;Awa;F;@2020-10-26\nOctobre 2020;;;\nBA;Awa;F;@2020-10-26\n"},
		{name: "no structure", text: "-- Accueil.csv --\nNom;Prénom;Sexe;Date d'accueil\nDIALLO;Awa;F;@2020-10-26\n", member: "EN", file: "2020-T4.xlsx",
			want: []string{"bloquant structure.unknown"}},
		{name: "rows refused, rows kept", member: "EN", text: reception +
			"DIALLO;Awa;F;1990;;;@2020-10-26;;\n;Ali;H;1991;;;@2020-10-26;;\nBA;;F;1992;;;;;\nSOW;Alpha;H;1993;;;31/11/2020;;\n",
			want: []string{"erreur Accueil!A3 value.required", "avertissement Accueil!B4 value.expected", "erreur Accueil!G4 value.required",
				"erreur Accueil!G5 date.impossible"}},
		{name: "an optional value left out", member: "EN", text: reception + "DIALLO;Awa;F;1990;;;@2020-10-26;ANAPEC;bientôt\n",
			want: []string{"avertissement Accueil!I2 date.unreadable"}},
		{name: "the same row twice", member: "EN", text: reception +
			"DIALLO;Awa;F;1990;ZZ123456;;@2020-10-26;;\nDIALLO;AWA;F;1990;zz 123-456;0600000000;@2020-10-26;;\nDIALLO;Awa;F;1991;ZZ123457;;@2020-10-26;;\n",
			want: []string{"avertissement Accueil!A3 row.duplicate"}},
		{name: "two persons of one name and nothing else", member: "EN", text: reception +
			"DIALLO;Awa;F;;;0600000000;@2020-10-26;;\nDIALLO;Awa;F;;;0600000001;@2020-10-26;;\n"},
		{name: "dates in an impossible order", member: "EN", text: reception +
			"DIALLO;Awa;F;2020-12-01;;;@2020-11-26;;\nBA;Ali;H;1990;;;@2020-11-26;ANAPEC;@2020-10-26\n",
			want: []string{"avertissement Accueil!G2 date.before_birth", "avertissement Accueil!I3 date.order"}},
		{name: "a copy of a sheet with more rows", member: "EN", text: reception + "DIALLO;Awa;F;1990;ZZ123456;;@2020-10-26;;\n" +
			"-- Accueil (2).csv --\nNom;Prénom;Sexe;Date de naissance;N° du document;Date d'accueil\nDIALLO;Awa;F;1990;ZZ123456;@2020-10-26\nBA;Ali;H;1991;ZZ123457;@2020-10-27\n",
			want: []string{"avertissement Accueil (2) rows.copied"}},
		{name: "an exact copy of a sheet", member: "AMAPPE", text: grants + strings.Replace(grants, "Bourses", "Bourses (2)", 1),
			want: []string{"avertissement Bourses (2) sheet.copied"}},
		{name: "the example row typed over", member: "AMAPPE", text: "-- Bourses.csv --\nN°;Nom;Prénom;Sexe;Date de début\nExemple;BA;Ali;H;@2020-10-27\n#1;DIALLO;Awa;F;@2020-10-26\n",
			want: []string{"avertissement Bourses!A2 row.example_changed"}},
		{name: "the example row as it was", member: "AMAPPE", text: "-- Bourses.csv --\nN°;Nom;Prénom;Sexe;Date de début\nExemple;DIALLO;Aïssatou;F;@2020-10-01\n#1;DIALLO;Awa;F;@2020-10-26\n"},
		{name: "the example row, column N° moved", member: "AMAPPE", text: "-- Bourses.csv --\nNom;Prénom;Sexe;Date de début;N°\nDIALLO;Aïssatou;F;@2020-10-01;Exemple\nDIALLO;Awa;F;@2020-10-26;#1\nKANE;Awa;x;@2020-10-26;Exemple\n",
			want: []string{"avertissement Bourses!A4 row.example_changed"}},
		{name: "the example row, its mark lost", member: "AMAPPE", text: "-- Bourses.csv --\nNom;Prénom;Sexe;Nationalité;Date de début\nDIALLO;Aïssatou;F;Guinée;@2020-10-01\nDIALLO;Awa;F;Mali;@2020-10-26\n"},
		{name: "a success without its date", member: "EN", text: "-- Identification.csv --\nStructure;CFA Akkari\nAnnée;#2020\n-- Formation.csv --\n" +
			"Nom;Prénom;Sexe;Date d'inscription;Résultat;Date de fin\nDIALLO;Awa;F;@2020-10-26;Admise;\n",
			want: []string{"avertissement Formation!F2 service.undated"}},
		{name: "successes, and no column for their date", member: "EN", text: "-- Identification.csv --\nStructure;CFA Akkari\nAnnée;#2020\n-- Formation.csv --\n" +
			"Nom;Prénom;Sexe;Date d'inscription;Résultat\nDIALLO;Awa;F;@2020-10-26;Admise\nBA;Ali;H;@2020-10-26;Admis\n",
			want: []string{"avertissement Formation!A1 column.undated"}},
		{name: "code and label of two indicators", member: "EN", text: reception + "-- Synthèse.csv --\nCode;Indicateur;Femmes;Hommes;Total\n1.2;Inscrits à l'ANAPEC;#1;#1;#3\n;un autre chiffre;#1;#1;#2\nTotal;;#2;#2;#4\n",
			want: []string{"avertissement Synthèse!B2 indicator.disagrees", "avertissement Synthèse!E2 total.not_sum", "erreur Synthèse!B3 indicator.unknown"}},
		{name: "a presence that Excel made a date", member: "CP3-RSK", file: "2020.xlsx", text: "-- Réunions.csv --\nDate de la réunion;EN;ANAPEC\n@2020-03-10;@2020-02-03;0/0\n",
			want: []string{"avertissement Réunions!B2 attendance.date"}},
		{name: "a presence without the sex", member: "CP3-RSK", file: "2020.xlsx", text: "-- Réunions.csv --\nDate de la réunion;EN;ANAPEC;OFPPT\n@2020-03-10;#5;-;beaucoup\n",
			want: []string{"avertissement Réunions!B2 attendance.no_sex", "avertissement Réunions!D2 attendance.unreadable"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := c.file
			if file == "" {
				file = "liste.xlsx"
			}
			got := readBook(t, writeBook(t, c.text, c.change), file, c.member)
			if strings.HasPrefix(c.name, "the example row") && got.RowsRead != 1 {
				t.Errorf("%d rows read, want 1", got.RowsRead)
			}
			if d := cmp.Diff(c.want, said(got)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			for _, i := range slices.Concat(got.Issues, got.Moves) {
				checkWording(t, i)
			}
		})
	}
}

// checkWording verifies that what is said exists in every language, with all its
// values.
func checkWording(t *testing.T, i pipeline.Issue) {
	t.Helper()
	for _, lang := range wording.Languages {
		e, ok := wording.Lookup(lang, i.Code)
		if !ok {
			t.Errorf("%s has no wording in %s", i.Code, lang)
			continue
		}
		for _, p := range append(wording.Placeholders(e.Problem), wording.Placeholders(e.Action)...) {
			if _, ok := i.Args[p]; !ok {
				t.Errorf("%s: nothing fills {%s}", i.Code, p)
			}
		}
	}
}

// mark writes a custom property as the template does.
func mark(name, value string) func(*excelize.File) {
	return func(f *excelize.File) {
		if err := f.SetCustomProps(excelize.CustomProperty{Name: name, Value: value}); err != nil {
			panic(err)
		}
	}
}

// The period is found wherever it is written, in the order of the declaration.
func TestPeriodIsFound(t *testing.T) {
	rows := "Nom;Prénom;Sexe;Date de début\nDIALLO;Awa;F;@2020-10-26\nBA;Ali;H;@2019-10-26\nSOW;Eve;F;@2020-03-01\n"
	for name, c := range map[string]struct{ text, file, want string }{
		"the form":                         {"-- Identification.csv --\nAnnée;#2020\nTrimestre;2ème trimestre\n-- Bourses.csv --\nRapport 2019\n" + rows, "2018.xlsx", "2020-T2"},
		"the title":                        {"-- Bourses.csv --\nBourses du 4e trimestre 2020\nversion du 12/01/2021\n" + rows, "2018.xlsx", "2020-T4"},
		"the sheet's name":                 {"-- Bourses 2020.csv --\n" + rows, "2018.xlsx", "2020"},
		"the file's name":                  {"-- Bourses.csv --\n" + rows, "AMAPPE 2020-T3.xlsx", "2020-T3"},
		"most dates":                       {"-- Bourses.csv --\n" + rows, "liste T4.xlsx", "2020"},
		"titles that disagree say nothing": {"-- Bourses.csv --\nAnnée 2019\nAnnée 2020\n" + rows, "AMAPPE 2018.xlsx", "2018"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := readBook(t, writeBook(t, c.text, nil), c.file, "AMAPPE"); got.Period.String() != c.want {
				t.Errorf("period %q, want %q", got.Period, c.want)
			}
		})
	}
}

// Hidden things are data, and said to have been read.
func TestHiddenIsReadAndNoted(t *testing.T) {
	path := writeBook(t, grants+"BA;Ali;H;1991;@2020-10-27\n-- Feuil2.csv --\nx\n", func(f *excelize.File) {
		f.SetRowVisible("Bourses", 3, false)
		f.SetColVisible("Bourses", "D", false)
		f.SetActiveSheet(1)
		f.SetSheetVisible("Bourses", false)
	})
	got := readBook(t, path, "2020.xlsx", "AMAPPE")
	if got.RowsKept != 2 {
		t.Fatalf("%d rows kept, want 2", got.RowsKept)
	}
	var codes []string
	for _, m := range got.Moves {
		codes = append(codes, m.Code)
	}
	for _, want := range []string{"sheet.hidden", "rows.hidden", "column.hidden"} {
		if !slices.Contains(codes, want) {
			t.Errorf("nothing says %s: %v", want, codes)
		}
	}
	if got.Status() != pipeline.Accepted {
		t.Errorf("status %s", got.Status())
	}
}

// An answer corrected in place and dropped again is the workbook alone.
func TestOwnSheetsAreIgnored(t *testing.T) {
	path := writeBook(t, "-- Accusé de réception.csv --\nStatut;Acceptée\nNom;Prénom\n"+grants+"-- Mode d'emploi.csv --\nNom;Prénom\nun;deux\n", nil)
	got := readBook(t, path, "2020.xlsx", "AMAPPE")
	if got.Status() != pipeline.Accepted || got.RowsRead != 1 {
		t.Errorf("%s", summary(got))
	}
}
