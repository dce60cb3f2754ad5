package read_test

import (
	"strings"
	"testing"

	"cp3/pipeline"
)

const receptionList = "Nom;Prénom;Sexe;Date d'accueil\nDIALLO;Awa;F;@2020-10-26\nBA;Ali;H;@2020-10-27\n"

// A workbook without its identification answers for the one structure that its
// titles, or else its sheets' names, or else its own name, name.
func TestStructureNamed(t *testing.T) {
	for name, c := range map[string]struct{ text, file, want string }{
		"in the title":            {"-- Accueil.csv --\nCentre CFA Akkari - 4e trimestre 2020\n" + receptionList, "liste.xlsx", "CFA Akkari"},
		"in Arabic":               {"-- Accueil.csv --\nمركز التكوين بالتدرج العكاري سنة 2020\n" + receptionList, "liste.xlsx", "CFA Akkari"},
		"by an alias":             {"-- Accueil.csv --\nDélégation de Rabat, centre Akkari 2020\n" + receptionList, "liste.xlsx", "CFA Akkari"},
		"in the sheet's name":     {"-- Accueil CFA Témara.csv --\n" + receptionList, "liste 2020.xlsx", "CFA Témara"},
		"in the file's name":      {"-- Accueil.csv --\n" + receptionList, "accueil cef-oujda 2020.xlsx", "CEF Oujda"},
		"the title goes first":    {"-- Accueil.csv --\nCFA Akkari 2020\n" + receptionList, "cef oujda.xlsx", "CFA Akkari"},
		"where it is asked for":   {"-- Identification.csv --\nStructure;CFA Témara\nAnnée;#2020\n-- Accueil.csv --\nCFA Akkari\n" + receptionList, "liste.xlsx", "CFA Témara"},
		"the longest name":        {"-- Accueil.csv --\nCFA Artisanat Salé 2020\n" + receptionList, "liste.xlsx", "CFA Artisanat Salé"},
		"two are nobody's":        {"-- Accueil.csv --\nCFA Akkari et CFA Témara 2020\n" + receptionList, "CFA Akkari.xlsx", ""},
		"none":                    {"-- Accueil.csv --\nListe 2020\n" + receptionList, "liste.xlsx", ""},
		"a name inside a word":    {"-- Accueil.csv --\nAkkarien 2020\n" + receptionList, "liste.xlsx", ""},
		"the same on two sheets":  {"-- Accueil.csv --\nCFA Akkari 2020\n" + receptionList + "-- Formation.csv --\nCFA Akkari\nNom;Prénom;Sexe;Date d'inscription\nDIALLO;Awa;F;@2020-10-26\n", "liste.xlsx", "CFA Akkari"},
		"another on the next one": {"-- Accueil.csv --\nCFA Akkari 2020\n" + receptionList + "-- Formation.csv --\nCFA Témara\nNom;Prénom;Sexe;Date d'inscription\nDIALLO;Awa;F;@2020-10-26\n", "liste.xlsx", ""},
	} {
		got := readBook(t, writeBook(t, c.text, nil), c.file, "EN")
		if got.Structure != c.want {
			t.Errorf("%s: structure %q, want %q", name, got.Structure, c.want)
		}
		told := false
		for _, m := range got.Moves {
			told = told || m.Code == "structure.from_title"
		}
		if want := c.want != "" && name != "where it is asked for"; told != want {
			t.Errorf("%s: told %v, want %v", name, told, want)
		}
		if blocked := strings.Contains(strings.Join(said(got), " "), "structure.unknown"); blocked != (c.want == "") {
			t.Errorf("%s: %v", name, said(got))
		}
	}
}

// A small table under a list is set aside as a whole, said once, whether it has a
// title, a header of its own, or neither.
func TestSmallTableUnderList(t *testing.T) {
	const list = "-- Identification.csv --\nStructure;CFA Akkari\nAnnée;#2020\n-- Accueil.csv --\n" +
		"N°;Nom;Prénom;Sexe;Date de naissance;Nationalité;N° du document;Téléphone;Commune de résidence;Date d'accueil\n" +
		"#1;DIALLO;Awa;F;1990;Mali;;;Rabat;@2020-10-26\n#2;BA;Ali;H;1991;Mali;;;Rabat;@2020-10-27\n"
	for name, table := range map[string]string{
		"titled":             ";Répartition par pays;;\n;Mali;#2\n;Guinée;#1\n",
		"titled, apart":      ";;\n;Répartition par pays;;\n;Mali;#2\n;Guinée;#1\n;Sénégal;#1\n;Total;#4\n",
		"with a header":      ";;\n;Pays;Nombre\n;Mali;#2\n;Guinée;#1\n;Sénégal;#1\n",
		"title and header":   ";;\nRépartition par pays\nPays;Nombre;\nMali;#2;\nGuinée;#1\n",
		"title, gap, header": ";;\n;Répartition par pays\n;;\n;Pays;Nombre\n;Mali;#2\n;Guinée;#1\n",
		"to the right":       ";;\n;;;;;Répartition par sexe\n;;;;;Femmes;#2\n;;;;;Hommes;#1\n",
	} {
		got := readBook(t, writeBook(t, list+table, nil), "accueil.xlsx", "EN")
		if got.RowsRead != 2 || got.RowsKept != 2 || len(got.Issues) > 0 {
			t.Errorf("%s: %s", name, summary(got))
		}
		if n := countMoves(got.Moves, "rows.other_table"); n != 1 {
			t.Errorf("%s: said %d times", name, n)
		}
	}
}

func countMoves(moves []pipeline.Issue, code string) int {
	n := 0
	for _, m := range moves {
		if m.Code == code {
			n++
		}
	}
	return n
}
