package publish_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cp3/pipeline"
	"cp3/pipeline/publish"
	"cp3/pipeline/store"

	"github.com/google/go-cmp/cmp"
)

// warehouse is a database with the workbook's test tables, a table of runs that
// bears the edition's number on each of its rows, and names that must stay here.
func warehouse(t *testing.T) (*store.DB, []pipeline.Table) {
	t.Helper()
	db, err := store.Open(t.Context(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	files, err := filepath.Glob("suivi/testdata/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test tables: %v", err)
	}
	var tables []pipeline.Table
	for _, file := range files {
		tables = append(tables, loadTable(t, db, file))
	}
	execute(t, db, `create table executions as select 0 as edition, range as n from range(1000);
		create table mention as select 'Fatoumata Diarra' as nom, 'CS4711077X' as document, date '1991-04-17' as naissance`)
	return db, append(tables, pipeline.Table{
		Name: "executions", Columns: []pipeline.Column{{Name: "edition", Type: "INTEGER", FR: "numéro"}, {Name: "n", Type: "BIGINT", FR: "rang"}},
	})
}

func execute(t *testing.T, db *store.DB, sql string) {
	t.Helper()
	if err := db.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// loadTable makes the table of a CSV file, its columns typed by their names.
func loadTable(t *testing.T, db *store.DB, file string) pipeline.Table {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	head, err := csv.NewReader(f).Read()
	if err != nil {
		t.Fatal(err)
	}
	table := pipeline.Table{Name: strings.TrimSuffix(filepath.Base(file), ".csv"), Description: "Essai.", Grain: "code"}
	var casts []string
	for _, name := range head {
		table.Columns = append(table.Columns, pipeline.Column{Name: name, Type: columnType(table.Name, name), FR: "la colonne " + name})
		casts = append(casts, fmt.Sprintf("cast(%s as %s) as %s", name, columnType(table.Name, name), name))
	}
	execute(t, db, fmt.Sprintf("create table %s as select %s from read_csv(%s, all_varchar = true)", table.Name, strings.Join(casts, ", "), store.Quote(file)))
	return table
}

func columnType(table, column string) string {
	switch {
	case column == "annee", column == "trimestre", column == "edition", strings.HasPrefix(column, "lignes_"):
		return "INTEGER"
	case strings.HasSuffix(column, "_le"):
		return "DATE"
	case column == "desagrege_sexe":
		return "BOOLEAN"
	case strings.HasPrefix(column, "valeur"), strings.HasPrefix(column, "cible"), column == "taux_realisation",
		column == "declare", column == "nominatif", column == "ecart", table == "valeurs" && strings.HasSuffix(column, "ateur"):
		return "DOUBLE"
	}
	return "VARCHAR"
}

func edition(n int, tables []pipeline.Table) publish.Edition {
	return publish.Edition{Run: fmt.Sprint("run", n), Number: n, Day: pipeline.Date{Year: 2021, Month: 2, Day: 15}, Version: "1.0.0", Tables: tables}
}

func published(t *testing.T, o publish.Options) (dir string, db *store.DB, tables []pipeline.Table) {
	t.Helper()
	db, tables = warehouse(t)
	dir = filepath.Join(t.TempDir(), "publication")
	if _, err := publish.Write(t.Context(), dir, db, edition(12, tables), o); err != nil {
		t.Fatal(err)
	}
	return dir, db, tables
}

func TestPublicationOfAWarehouse(t *testing.T) {
	dir, db, tables := published(t, publish.Options{})
	problems, err := publish.Verify(dir)
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v, %v", problems, err)
	}
	first, err := publish.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if n := 2*len(tables) + 1 + 2; len(first.Files) != n {
		t.Errorf("%d files, want %d: two a table, the database, two years of follow-up; without public tables no bulletin", len(first.Files), n)
	}
	// Again, elsewhere: every file is the same, byte for byte.
	again := filepath.Join(t.TempDir(), "publication")
	if _, err := publish.Write(t.Context(), again, db, edition(12, tables), publish.Options{}); err != nil {
		t.Fatal(err)
	}
	second, err := publish.ReadManifest(again)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(first, second); d != "" {
		t.Errorf("the same rows give other files:\n%s", d)
	}
}

// Nothing personal of the warehouse is in any byte of the publication; and the
// search that says so finds what is there.
func TestNothingPersonalIsPublished(t *testing.T) {
	dir, db, tables := published(t, publish.Options{Keep: 1})
	personal := []string{"Fatoumata Diarra", "CS4711077X", "1991-04-17", "Diarra", "17/04/1991"}
	found, err := publish.Scan(t.Context(), dir, personal, store.Texts)
	if err != nil || len(found) > 0 {
		t.Errorf("found %v, %v", found, err)
	}
	leak := append(tables, pipeline.Table{Name: "mention", Columns: []pipeline.Column{{Name: "nom"}, {Name: "document"}, {Name: "naissance"}}})
	execute(t, db, "insert into anomalies by name select 'x' as regle, 'erreur' as gravite, 'note de DIARRA Fatoumata' as message, '2020' as periode")
	if _, err := publish.Write(t.Context(), dir, db, edition(13, leak), publish.Options{}); err != nil {
		t.Fatal(err)
	}
	found, err = publish.Scan(t.Context(), dir, personal, store.Texts)
	if err != nil {
		t.Fatal(err)
	}
	where := map[string][]int{}
	for _, s := range found {
		if file, _, _ := strings.Cut(s.File, "!"); s.As == "text" {
			where[file] = append(where[file], s.Needle)
		}
	}
	for file, want := range map[string][]int{
		"csv/mention.csv":          {0, 1, 2, 3},
		"parquet/mention.parquet":  {0, 1, 2, 3},
		"snia.duckdb":              {0, 1, 2, 3},
		"csv/anomalies.csv":        {3},
		"tableaux/suivi_2020.xlsx": {3},
	} {
		got := map[int]bool{}
		for _, n := range where[file] {
			got[n] = true
		}
		for _, n := range want {
			if !got[n] {
				t.Errorf("%s: needle %d is there and not found", file, n)
			}
		}
	}
}
