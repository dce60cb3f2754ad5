package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

func exportTable() pipeline.Table {
	return pipeline.Table{
		Name: "valeurs", Description: "Les valeurs de l'année.", Grain: "un indicateur", Relation: "valeurs_finales",
		Columns: []pipeline.Column{
			{Name: "code", FR: "le code"}, {Name: "annee", FR: "l'année"}, {Name: "valeur", FR: "la valeur"},
			{Name: "total", FR: "somme", Type: "HUGEINT"}, {Name: "taux", FR: "taux"}, {Name: "le_jour", FR: "jour"}, {Name: "drapeaux", FR: "drapeaux"},
		},
	}
}

func openExport(t *testing.T, o Options) *DB {
	t.Helper()
	db, err := Open(t.Context(), "", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// writeDatabase makes a database of tables, by way of their Parquet files.
func writeDatabase(ctx context.Context, t *testing.T, db *DB, path string, tables []pipeline.Table, macros ...pipeline.Macro) ([]int64, error) {
	t.Helper()
	var parquet []string
	dir := t.TempDir()
	for i, table := range tables {
		parquet = append(parquet, filepath.Join(dir, fmt.Sprint(i)))
		if _, err := db.WriteParquet(t.Context(), parquet[i], table); err != nil {
			return nil, err
		}
	}
	return db.WriteDatabase(ctx, path, tables, func(i int) (string, error) { return parquet[i], nil }, macros...)
}

func openTypes(t *testing.T) *DB {
	t.Helper()
	db := openExport(t, Options{})
	err := db.Exec(t.Context(), `create table valeurs_finales as
		select * from (values
			('1.2', 2020, 185.0::double, 185::hugeint, 41.2::decimal(18,1), date '2020-12-31', ['a', 'b'], 'un nom'),
			('', 2019, null, null, null, null, null, 'un nom'),
			('1.5, "bis"', 2020, 0.1::double + 0.2::double, 0, -0.5, date '1950-01-01', [], 'un nom')
		) as v(code, annee, valeur, total, taux, le_jour, drapeaux, prive)`)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestWriteCSV(t *testing.T) {
	db, path := openTypes(t), filepath.Join(t.TempDir(), "valeurs.csv")
	n, err := db.WriteCSV(t.Context(), path, exportTable())
	if err != nil || n != 3 {
		t.Fatalf("%d rows, %v", n, err)
	}
	b, _ := os.ReadFile(path)
	const want = `code,annee,valeur,total,taux,le_jour,drapeaux
1.2,2020,185.0,185,41.2,2020-12-31,"[a, b]"
"",2019,,,,,
"1.5, ""bis""",2020,0.30000000000000004,0,-0.5,1950-01-01,[]
`
	if d := cmp.Diff(want, string(b)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestRowsAreOfFewTypes(t *testing.T) {
	db := openTypes(t)
	var got [][]any
	for row, err := range db.Rows(t.Context(), "valeurs_finales", []string{"code", "annee", "valeur", "total", "taux", "le_jour", "drapeaux"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, append([]any(nil), row...))
	}
	want := [][]any{
		{"1.2", int64(2020), 185.0, int64(185), 41.2, time.Date(2020, 12, 31, 0, 0, 0, 0, time.UTC), []any{"a", "b"}},
		{"", int64(2019), nil, nil, nil, nil, nil},
		{"1.5, \"bis\"", int64(2020), 0.30000000000000004, int64(0), -0.5, time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC), []any{}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, err := range db.Rows(t.Context(), "nulle_part", []string{"code"}) {
		if err == nil || !strings.Contains(err.Error(), "nulle_part") {
			t.Errorf("a relation that isn't there: %v", err)
		}
	}
}

func TestWriteDatabase(t *testing.T) {
	ctx := t.Context()
	db, path := openTypes(t), filepath.Join(t.TempDir(), "snia's.duckdb")
	counts, err := writeDatabase(ctx, t, db, path, []pipeline.Table{exportTable()})
	if err != nil || !cmp.Equal(counts, []int64{3}) {
		t.Fatalf("%v, %v", counts, err)
	}
	if _, err := os.Stat(path + ".wal"); err == nil {
		t.Error("a write-ahead log is left beside the file")
	}
	got, err := Open(ctx, path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	var table, columns string
	err = got.Conn().QueryRowContext(ctx, `select (select comment from duckdb_tables() where table_name = 'valeurs'),
		(select string_agg(column_name || ' ' || data_type || ': ' || comment, E'\n' order by column_index) from duckdb_columns() where table_name = 'valeurs')`).
		Scan(&table, &columns)
	if err != nil {
		t.Fatal(err)
	}
	const want = `Les valeurs de l'année.
un indicateur

code VARCHAR: le code
annee INTEGER: l'année
valeur DOUBLE: la valeur
total HUGEINT: somme
taux DECIMAL(18,1): taux
le_jour DATE: jour
drapeaux VARCHAR[]: drapeaux`
	if d := cmp.Diff(want, table+"\n\n"+columns); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// The warehouse is as it was: the same name is free for the next edition.
	if _, err := writeDatabase(ctx, t, db, path+"2", []pipeline.Table{exportTable()}); err != nil {
		t.Errorf("a second edition: %v", err)
	}
}

func TestWriteDatabaseFailing(t *testing.T) {
	db, dir := openTypes(t), t.TempDir()
	bad := exportTable()
	bad.Columns = append(bad.Columns, pipeline.Column{Name: "inconnue"})
	_, err := writeDatabase(t.Context(), t, db, filepath.Join(dir, "a.duckdb"), []pipeline.Table{exportTable(), bad})
	if err == nil || !strings.Contains(err.Error(), "valeurs") {
		t.Errorf("a column that isn't there: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := writeDatabase(cancelled, t, db, filepath.Join(dir, "b.duckdb"), []pipeline.Table{exportTable()}); err == nil {
		t.Error("cancelled, and no error")
	}
	if _, err := writeDatabase(t.Context(), t, db, filepath.Join(dir, "c.duckdb"), []pipeline.Table{exportTable()}); err != nil {
		t.Errorf("after failures: %v", err)
	}
}

// The same rows are the same bytes, whatever the number of threads and whatever
// was in memory before: text and Parquet of any length, a database as far as a table is
// one row group (see WriteDatabase).
func TestExportBytes(t *testing.T) {
	t.Run("several row groups", func(t *testing.T) { exportBytes(t, 300_000, "t.csv", "t.parquet") })
	t.Run("one row group", func(t *testing.T) { exportBytes(t, 100_000, "t.csv", "t.parquet", "t.duckdb") })
}

func exportBytes(t *testing.T, rows int64, files ...string) {
	table := pipeline.Table{Name: "t", Columns: []pipeline.Column{{Name: "n"}, {Name: "s"}, {Name: "x"}, {Name: "y"}, {Name: "b"}, {Name: "k"}}}
	sums := map[string][]string{}
	for _, threads := range []int{1, 2, 4} {
		db := openExport(t, Options{Threads: threads})
		make := fmt.Sprintf(`create table t as select n, 'texte ' || hash(n) %% 1000 as s, (hash(n) %% 997)::double / 7 as x,
			if(n %% 3 = 0, null, round((n %% 89) / 10.0, 1))::double as y, n %% 5 = 0 as b,
			if(n %% 4 = 0, null, hash(n) %% 1000)::bigint as k
			from range(%d) r(n) order by hash(n), n`, rows)
		if err := db.Exec(t.Context(), make); err != nil {
			t.Fatal(err)
		}
		if err := db.Exec(t.Context(), "create table other as select 'autre' || n as s, n * 1.7::double as v from range(500000) r(n); drop table other"); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for name, write := range map[string]func() (int64, error){
			"t.csv":     func() (int64, error) { return db.WriteCSV(t.Context(), filepath.Join(dir, "t.csv"), table) },
			"t.parquet": func() (int64, error) { return db.WriteParquet(t.Context(), filepath.Join(dir, "t.parquet"), table) },
			"t.duckdb": func() (int64, error) {
				n, err := writeDatabase(t.Context(), t, db, filepath.Join(dir, "t.duckdb"), []pipeline.Table{table})
				return n[0], err
			},
		} {
			if !slices.Contains(files, name) {
				continue
			}
			if n, err := write(); err != nil || n != rows {
				t.Fatalf("%s: %d rows, %v", name, n, err)
			}
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			sums[name] = append(sums[name], fmt.Sprintf("%x", sha256.Sum256(b)))
		}
	}
	for name, of := range sums {
		if of[0] != of[1] || of[0] != of[2] {
			t.Errorf("%s: the bytes depend on threads: %v", name, of)
		}
	}
}

// A relation made from the rows of another says the same.
func TestWriteTable(t *testing.T) {
	db := openTypes(t)
	table := exportTable()
	for i, kind := range []string{"VARCHAR", "INTEGER", "DOUBLE", "BIGINT", "DOUBLE", "DATE", "VARCHAR[]"} {
		table.Columns[i].Type = kind
	}
	var columns []string
	for _, c := range table.Columns {
		columns = append(columns, c.Name)
	}
	read := func(from string) (rows [][]any) {
		for row, err := range db.Rows(t.Context(), from, columns) {
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, slices.Clone(row))
		}
		return rows
	}
	want := read("valeurs_finales")
	table.Relation = "public.valeurs"
	for range 2 { // replaced by the next
		if err := db.WriteTable(t.Context(), table, slices.Values(want)); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(want, read("public.valeurs")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
