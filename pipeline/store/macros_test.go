package store

import (
	"path/filepath"
	"strings"
	"testing"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

// Macros are stored with their comments and read the edition's own tables; the
// connection that wrote them is where it was; one that can't work is an error.
func TestMacrosAreStored(t *testing.T) {
	db, err := Open(t.Context(), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Exec(t.Context(), "create table cibles as select * from (values ('1.1', 2020, 150), ('1.2', 2020, 160), ('1.1', 2021, 170)) t(code, annee, cible)"); err != nil {
		t.Fatal(err)
	}
	tables := []pipeline.Table{{Name: "cibles", Columns: []pipeline.Column{{Name: "code"}, {Name: "annee"}, {Name: "cible"}}}}
	path := filepath.Join(t.TempDir(), "snia.duckdb")
	_, err = writeDatabase(t.Context(), t, db, path, tables,
		pipeline.Macro{Name: "double", SQL: "create macro double(x) as 2 * x", FR: "Le double."},
		pipeline.Macro{Name: "cibles_de", Rows: true, FR: "Les cibles d'une année.",
			SQL: "create macro cibles_de(an, fois := 1) as table select code, double(cible) * fois as d from cibles where annee = an order by code"})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Exec(t.Context(), "drop table cibles"); err != nil {
		t.Fatalf("the connection isn't where it was: %v", err)
	}
	r, err := OpenReader(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for query, want := range map[string]string{
		"from cibles_de(2020)":            "code|d\n1.1|300\n1.2|320\n",
		"from cibles_de(2021, fois := 2)": "code|d\n1.1|680\n",
		"select comment from duckdb_functions() where database_name = 'snia' and not internal order by 1": "comment\nLe double.\nLes cibles d'une année.\n",
	} {
		a, err := r.Ask(t.Context(), query, 0)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, shown(a)); d != "" {
			t.Errorf("%s:\n%s", query, d)
		}
	}
	if err := db.Exec(t.Context(), "create table cibles as select 'x' as code, 1 as annee, 2 as cible"); err != nil {
		t.Fatal(err)
	}
	_, err = writeDatabase(t.Context(), t, db, path+"2", tables, pipeline.Macro{Name: "m", Rows: true, SQL: "create macro m() as table from valeurs"})
	if err == nil || !strings.Contains(err.Error(), "macro m: ") {
		t.Errorf("a macro without its table: %v", err)
	}
	if _, err := writeDatabase(t.Context(), t, db, path+"3", tables); err != nil {
		t.Errorf("the next database: %v", err)
	}
}
