package publish_test

import (
	"path/filepath"
	"strings"
	"testing"

	"cp3/pipeline/publish"
)

// Files for other systems are made from the public tables, and only from them.
func TestFilesForOtherSystemsArePublic(t *testing.T) {
	db, tables := warehouse(t)
	execute(t, db, `create schema public; create table public.valeurs as
		select * replace (if(sexe = 'F', null, valeur) as valeur), if(sexe = 'F', 'valeur', null) as masque from main.valeurs`)
	e := edition(12, tables)
	for _, table := range tables {
		if table.Name == "valeurs" {
			table.Relation = "public.valeurs"
		}
		if table.Name == "valeurs" || table.Name == "indicateurs" {
			e.Public = append(e.Public, table)
		}
	}
	dir := filepath.Join(t.TempDir(), "publication")
	m, err := publish.Write(t.Context(), dir, db, e, publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var sent []string
	for _, f := range m.Files {
		if strings.HasPrefix(f.Path, "echanges/") {
			sent = append(sent, f.Path)
			if f.Rows == 0 {
				t.Errorf("%s tells nothing", f.Path)
			}
		}
	}
	if len(sent) != 5 {
		t.Errorf("files for other systems: %v", sent)
	}
	var women int
	err = db.Conn().QueryRowContext(t.Context(), "select count(*) filter (ACTION = 'R') from read_csv("+
		"'"+filepath.Join(dir, "echanges", "sdmx_snia_cp3.csv")+"', all_varchar = true) where SEX = 'F'").Scan(&women)
	if err != nil || women != 0 {
		t.Errorf("%d hidden values told, %v", women, err)
	}
	if problems, err := publish.Verify(dir); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}
