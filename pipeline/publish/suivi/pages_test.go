package suivi

import (
	"archive/zip"
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/wording"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// opened reads a workbook back.
func opened(t *testing.T, src Source, year int) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(writeBook(t, src, year)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// lineOf finds the first row of a sheet whose cells hold all of texts, and
// returns its raw values.
func lineOf(t *testing.T, f *excelize.File, sheet string, texts ...string) (row int, values []string) {
	t.Helper()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for n, r := range rows {
		all := "\x00" + strings.Join(r, "\x00") + "\x00"
		found := true
		for _, s := range texts {
			found = found && strings.Contains(all, "\x00"+s+"\x00")
		}
		if found {
			return n + 1, append(r, make([]string, 20)...)
		}
	}
	t.Fatalf("sheet %s has no line with %q", sheet, texts)
	return 0, nil
}

func TestFollowUpTable(t *testing.T) {
	f := opened(t, files{}, 2020)
	const sheet = "Tableau de suivi"
	for code, want := range map[string][]string{
		// base, 2019, 2020, target, rate, status, final target
		"OS1": {"0", "0", "3", "15", "20", "Insuffisant", "75"},
		"OS2": {"0", "0", "107.1", "25", "428.4", "Atteint", "25"},
		"OS4": {"n.d.", "0", "0", "0", "s.o.", "Atteint", "80"},
		"1.2": {"2", "68", "185", "150", "123.3", "Atteint", "200"},
		"1.6": {"0", "0", "n.d.", "70", "n.d.", "Non renseigné", "70"},
		"2.7": {"n.d.", "0", "n.d.", "15", "n.d.", "Non renseigné", "15"},
		"3.4": {"n.d.", "0", "54", "70", "77.1", "Proche", "52.5"},
	} {
		row, values := lineOf(t, f, sheet, code)
		if d := cmp.Diff(want, values[colBase-1:colFinal]); d != "" {
			t.Errorf("%s (-want +got):\n%s", code, d)
		}
		for col := colBase; col <= colFinal; col++ {
			kind, err := f.GetCellType(sheet, pipeline.Ref(col, row))
			if err != nil {
				t.Fatal(err)
			}
			isText := kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString
			if wantText := strings.Trim(values[col-1], "0123456789.") != ""; isText != wantText {
				t.Errorf("%s: column %d holds %q as text: %v", code, col, values[col-1], isText)
			}
		}
	}
	row, _ := lineOf(t, f, sheet, "1.2")
	for n, want := range [][]string{{"dont femmes", "39", "126"}, {"dont hommes", "29", "59"}} {
		var got []string
		for _, col := range []int{colLabel, colPrevious, colCurrent} {
			v, _ := f.GetCellValue(sheet, pipeline.Ref(col, row+1+n), excelize.Options{RawCellValue: true})
			got = append(got, v)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("1.2, line %d (-want +got):\n%s", n+1, d)
		}
	}
}

// A value nobody reported is never 0, wherever it is shown.
func TestNotReportedIsNeverZero(t *testing.T) {
	blank := files{edit: func(table string, row map[string]string) {
		if row["code"] != "1.2" {
			return
		}
		for _, c := range []string{"valeur", "valeur_annee", "taux_realisation", "valeur_declaree", "nominatif", "valeur_avant"} {
			if _, has := row[c]; has {
				row[c] = ""
			}
		}
	}}
	f := opened(t, blank, 2020)
	for sheet, cols := range map[string][]int{"Tableau de suivi": {colCurrent}, "Progression": {3, 5}, "Femmes et hommes": {3, 4, 5, 6, 7}, "Évolutions": {3}} {
		_, values := lineOf(t, f, sheet, "1.2")
		for _, col := range cols {
			if values[col-1] != "n.d." {
				t.Errorf("%s, column %d shows %q", sheet, col, values[col-1])
			}
		}
	}
	_, values := lineOf(t, f, "À lire", "n.d.") // the key figure
	if strings.Contains(strings.Join(values, " "), " 0 ") {
		t.Errorf("the first page shows %v", values)
	}
}

func TestNotes(t *testing.T) {
	f := opened(t, files{}, 2020)
	for _, want := range []string{
		"(1) Calcul : 100 × 30 ÷ 28.",
		"(2) La valeur dépasse 100 %.",
		"(3) Le numérateur n'est pas une partie du dénominateur.",
		"(2) Le total déclaré est 188 ; la valeur publiée compte les personnes des listes, une fois chacune.",
	} {
		lineOf(t, f, "Tableau de suivi", want)
	}
	_, os2 := lineOf(t, f, "Tableau de suivi", "OS2")
	if os2[colNote-1] != "1, 2, 3" {
		t.Errorf("OS2 refers to note %q", os2[colNote-1])
	}
}

func TestQualityPage(t *testing.T) {
	f := opened(t, files{}, 2020)
	const sheet = "Qualité"
	for _, want := range [][]string{
		{"Membre", "Attendus", "À temps", "En retard", "Manquants", "Pas encore dus"},
		{"OFPPT", "4", "3", "1", "0"},
		{"OFPPT", "2020-T3", "en retard"},
		{"ARTISANAT", "2020-T4", "manquant"},
		{"erreur", "La date ne peut pas être lue", "2"}, // not the one of 2019
		{"EN", "2020-T3", "64", "61", "3"},
	} {
		lineOf(t, f, sheet, want...)
	}
	rows, _ := f.GetRows(sheet)
	if s := fmt.Sprint(rows); strings.Contains(s, "CP3-RSK 2.1") {
		t.Error("a declared total that matches its list is listed as a gap")
	}
}

func TestChangesPage(t *testing.T) {
	f := opened(t, files{}, 2020)
	_, v := lineOf(t, f, "Évolutions", "1.2")
	if d := cmp.Diff([]string{"182", "185", "=", "=", "=", "="}, v[2:8]); d != "" || !strings.Contains(v[8], "EN : ") {
		t.Errorf("change of 1.2 is shown as %q", v[:9])
	}
	if _, v := lineOf(t, f, "À lire", "• Indicateurs dont la valeur nationale de 2020 a changé depuis l'édition précédente : 1 (feuille Évolutions)."); len(v) == 0 {
		t.Error("not said on the first page")
	}
	rows, _ := f.GetRows("Évolutions")
	if s := fmt.Sprint(rows); strings.Contains(s, "1.8") {
		t.Error("a change of an older edition is shown as this one's")
	}
	none := opened(t, files{edit: func(table string, row map[string]string) {
		if table == "revisions" {
			row["edition"] = "3"
		}
	}}, 2020)
	lineOf(t, none, "Évolutions", "Aucune valeur de 2020 déjà publiée n'a changé.")
}

// Regions the year has no value for take no column; without any, the page says so.
func TestRegionsPage(t *testing.T) {
	f := opened(t, files{}, 2020)
	_, head := lineOf(t, f, "Régions", "Code")
	if d := cmp.Diff([]string{"Code", "Indicateur", "Rabat-Salé-Kénitra", "Casablanca-Settat", "National"}, head[:5]); d != "" {
		t.Errorf("columns (-want +got):\n%s", d)
	}
	_, v := lineOf(t, f, "Régions", "1.1")
	if v[2] != "176" || v[3] != "111" || v[4] != "285" {
		t.Errorf("1.1 by region: %v", v[2:5])
	}
	lineOf(t, opened(t, files{}, 2019), "Progression", "Aucune cible n'a été fixée pour 2019.")
	lineOf(t, opened(t, files{}, 2019), "Régions", "Aucune valeur régionale n'a été communiquée pour 2019.")
}

// Every chart's cells are there: series are named by a header, bars by codes.
func TestChartsReferToFilledCells(t *testing.T) {
	book := writeBook(t, files{}, 2020)
	f := opened(t, files{}, 2020)
	ref := regexp.MustCompile(`<f>([^<]+)</f>`)
	charts, refs := 0, 0
	for name, text := range parts(t, book) {
		if !strings.HasPrefix(name, "xl/charts/chart") {
			continue
		}
		charts++
		for _, m := range ref.FindAllStringSubmatch(text, -1) {
			refs++
			sheet, cells, _ := strings.Cut(strings.ReplaceAll(m[1], "&#39;", ""), "!")
			first, _, _ := strings.Cut(strings.ReplaceAll(cells, "$", ""), ":")
			if _, err := f.GetSheetIndex(sheet); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			col, row, err := pipeline.ParseRef(first)
			if err != nil || col < 1 || row < 2 {
				t.Errorf("%s refers to %s", name, m[1])
			}
			if v, err := f.GetCellValue(sheet, first); err != nil || v == "" && !strings.Contains(cells, ":") {
				t.Errorf("%s: %s!%s is empty", name, sheet, first)
			}
		}
	}
	if charts != 3 || refs != 3*3*3 { // a name, categories and values, for three series each
		t.Errorf("%d charts, %d references", charts, refs)
	}
}

func TestPrintedPages(t *testing.T) {
	f := opened(t, files{}, 2020)
	names := map[string]int{}
	for _, d := range f.GetDefinedName() {
		names[d.Name]++
	}
	for _, sheet := range f.GetSheetList() {
		o, err := f.GetPageLayout(sheet)
		if err != nil || *o.Size != 9 || *o.Orientation != "landscape" || *o.FitToWidth != 1 {
			t.Errorf("%s is not printed on A4 landscape, one page wide: %+v, %v", sheet, o, err)
		}
		foot, err := f.GetHeaderFooter(sheet)
		if err != nil || !strings.Contains(foot.OddFooter, "Édition n° 12 du 15 février 2021") {
			t.Errorf("%s: footer %v, %v", sheet, foot, err)
		}
	}
	if names["_xlnm.Print_Titles"] < 5 || names["_xlnm.Print_Area"] != len(f.GetSheetList()) {
		t.Errorf("defined names: %v", names)
	}
	props, err := f.GetDocProps()
	if err != nil || props.Created != "2021-02-15T00:00:00Z" || props.Modified != props.Created {
		t.Errorf("the file is dated %v, %v", props, err)
	}
}

// parts are the text of a workbook's zip entries; all bear the edition's day.
func parts(t *testing.T, book []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, part := range z.File {
		if !part.Modified.Equal(testEdition.Day.Time()) {
			t.Errorf("%s is dated %v", part.Name, part.Modified.In(time.UTC))
		}
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		texts[part.Name] = b.String()
	}
	return texts
}

// Every key the pages use exists: a missing one would print itself.
func TestNoKeyIsShown(t *testing.T) {
	for _, year := range []int{2019, 2020} {
		for name, text := range parts(t, writeBook(t, files{}, year)) {
			if i := strings.Index(text, "publication."); i >= 0 {
				t.Errorf("%d, %s shows a key: %.60s", year, name, text[i:])
			}
		}
	}
}

// The statuses, origins and flags of the tables have words, not codes.
func TestCodesHaveWords(t *testing.T) {
	for kind, codes := range map[string]string{
		"status":       "atteint proche insuffisant sans_cible non_renseigne",
		"origin":       "nominative declaree reference",
		"flag":         "plus_de_100 numerateur_hors_denominateur mixte couverture_partielle regions_non_additives ecart_declare reference_contredite",
		"completeness": "a_temps en_retard manquant",
		"sex":          "F H ND T",
		"severity":     "bloquant erreur avertissement",
		"result":       "objectif_specifique resultat_1 resultat_2 resultat_3",
	} {
		for _, code := range strings.Fields(codes) {
			if _, ok := wording.Lookup("fr", "publication."+kind+"."+code); !ok {
				t.Errorf("%s %s has no word", kind, code)
			}
		}
	}
	if got := sayCode("status", "a_new_one"); got != "a_new_one" {
		t.Errorf("an unknown code is shown as %q", got)
	}
}

func TestReadNamesWhatIsMissing(t *testing.T) {
	tables := published(t)
	for i := range tables {
		if tables[i].Name == "tableau_de_suivi" {
			tables[i].Columns = tables[i].Columns[:3]
		}
	}
	_, err := Read(t.Context(), files{}, tables)
	if err == nil || !strings.Contains(err.Error(), "tableau_de_suivi") || !strings.Contains(err.Error(), "annee") {
		t.Errorf("a table without its columns: %v", err)
	}
	if Publishable(nil) || !Publishable(published(t)) {
		t.Error("Publishable is wrong")
	}
}

func TestYears(t *testing.T) {
	d, err := Read(t.Context(), files{}, published(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{2019, 2020}, d.Years()); diff != "" {
		t.Error(diff)
	}
	if n := d.Lines(2020); n != 25+2*9+1 {
		t.Errorf("%d lines in 2020", n)
	}
}

func TestFrenchNumbers(t *testing.T) {
	for _, c := range []struct {
		v        float64
		decimals int
		want     string
	}{{0, 1, "0"}, {41.2, 1, "41,2"}, {1234567, 0, "1\u202f234\u202f567"}, {-1234.5, 1, "−1\u202f234,5"}, {999, 0, "999"}, {100, 1, "100"}} {
		if got := french(c.v, c.decimals); got != c.want {
			t.Errorf("french(%v, %d) = %q, want %q", c.v, c.decimals, got, c.want)
		}
	}
}

func TestWrappedLines(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want int
	}{{"", 10, 1}, {"un deux", 10, 1}, {"un deux trois", 7, 2}, {"a\nb\nc", 10, 3}, {"anticonstitutionnellement", 10, 3}} {
		if got := wrappedLines(c.s, c.n); got != c.want {
			t.Errorf("wrappedLines(%q, %d) = %d, want %d", c.s, c.n, got, c.want)
		}
	}
}
