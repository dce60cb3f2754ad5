package publish_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cp3/pipeline"
	"cp3/pipeline/publish"
	"cp3/pipeline/store"
	"cp3/transforms/disclose"
)

// What a run does: the tables, what the public may read of them, one edition.
func TestPublicTablesArePublishedMasked(t *testing.T) {
	ctx := t.Context()
	db, tables := warehouse(t)
	execute(t, db, `alter table indicateurs add column mesure varchar;
		alter table indicateurs add column calcul varchar;
		alter table indicateurs add column services_numerateur varchar;
		alter table indicateurs add column services_denominateur varchar;
		update indicateurs set mesure = if(code like '3.%' or code in ('2.4', '2.5', '2.6', '2.7', '1.6'), 'declaration', 'personnes'),
			calcul = if(unite = 'nombre', 'compte', 'taux')`)
	for i, one := range tables {
		if one.Name == "indicateurs" {
			for _, name := range []string{"mesure", "calcul", "services_numerateur", "services_denominateur"} {
				tables[i].Columns = append(tables[i].Columns, pipeline.Column{Name: name, Type: "VARCHAR"})
			}
		}
		if one.Name == "tableau_de_suivi" {
			execute(t, db, "alter table tableau_de_suivi add column drapeaux varchar")
			tables[i].Columns = append(one.Columns, pipeline.Column{Name: "drapeaux", Type: "VARCHAR"})
		}
	}
	published, err := disclose.Read(ctx, db, tables)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := published.Public(ctx, disclose.Options{Threshold: 5})
	if err != nil || !shown.Report.Safe() {
		t.Fatalf("%v, %v", shown, err)
	}
	var public []pipeline.Table
	for _, one := range shown.Tables {
		one.Relation = "public." + one.Name
		if err := db.WriteTable(ctx, one.Table, slices.Values(one.Rows)); err != nil {
			t.Fatal(err)
		}
		public = append(public, one.Table)
	}
	dir := filepath.Join(t.TempDir(), "publication")
	e := edition(12, tables)
	e.Public = public
	if _, err := publish.Write(ctx, dir, db, e, publish.Options{}); err != nil {
		t.Fatal(err)
	}
	if problems, err := publish.Verify(dir); err != nil || len(problems) > 0 {
		t.Fatalf("%v, %v", problems, err)
	}
	small, masked := smallCounts(t, filepath.Join(dir, "public", "csv", "valeurs.csv"))
	if small > 0 || masked == 0 {
		t.Errorf("%d small counts are public, %d rows masked", small, masked)
	}
	if open, _ := smallCounts(t, filepath.Join(dir, "csv", "valeurs.csv")); open == 0 {
		t.Error("there was nothing to hide: the test shows nothing")
	}
	opened, err := store.Open(ctx, filepath.Join(dir, "public", publish.PublicDatabaseName), store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	for row, err := range opened.Rows(ctx, "confidentialite", []string{"effectifs_determines", "effectifs_exposes"}) {
		if err != nil || row[0] != nil && row[0] != int64(0) || row[1] != nil && row[1] != int64(0) {
			t.Errorf("the audit's result is %v, %v", row, err)
		}
	}
}

// smallCounts counts the persons' values of 1 to 4, and the rows that hide something.
func smallCounts(t *testing.T, path string) (small, masked int) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	for _, row := range rows[1:] {
		code := row[at["code"]]
		persons := !strings.HasPrefix(code, "3.") && !slices.Contains([]string{"2.4", "2.5", "2.6", "2.7", "1.6", "OS2", "OS3", "1.5"}, code)
		if v, err := strconv.ParseFloat(row[at["valeur"]], 64); persons && err == nil && v > 0 && v < 5 {
			small++
		}
		if i, has := at["masque"]; has && row[i] != "" {
			masked++
		}
	}
	return small, masked
}
