package store

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

// openSample is a reader of a small published database, and its path.
func openSample(t *testing.T) (*Reader, string) {
	t.Helper()
	db, err := Open(t.Context(), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Exec(t.Context(), `create table chiffres as
		select 'OS2' as code, 2020 as annee, cast(107.1 as double) as valeur, date '2021-01-15' as publie_le union all
		select '1.6', 2020, null, null order by code`)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "snia.duckdb")
	_, err = writeDatabase(t.Context(), t, db, path, []pipeline.Table{{Name: "chiffres", Columns: []pipeline.Column{
		{Name: "code"}, {Name: "annee"}, {Name: "valeur"}, {Name: "publie_le"}}}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := OpenReader(t.Context(), path, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r, path
}

func TestReaderAnswers(t *testing.T) {
	r, _ := openSample(t)
	for query, want := range map[string]string{
		"select code, valeur from chiffres order by code":                     "code|valeur\n1.6|NULL\nOS2|107.1\n",
		"from chiffres select publie_le where valeur > 100 ; -- the end\n;":   "publie_le\n2021-01-15\n",
		"with v as (select * from chiffres) select count(*) as n from v -- x": "n\n2\n",
		"select 1 as a, 2 as a": "a|a_1\n1|2\n",
		"show tables":           "name\nchiffres\n",
		"pivot chiffres on annee using count(*)  group by code order by code": "code|2020\n1.6|1\nOS2|1\n",
		"select '-- not a comment;' as s":                                     "s\n-- not a comment;\n",
	} {
		a, err := r.Ask(t.Context(), query, 0)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if d := cmp.Diff(want, shown(a)); d != "" {
			t.Errorf("%s:\n%s", query, d)
		}
	}
	typed, err := r.Ask(t.Context(), "select '1' as text, 1 as n, 1.5 as d, sum(annee) as h, [1] as list, valeur from chiffres group by all", 0)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]bool{false, true, true, true, false, true}, typed.Numbers); d != "" {
		t.Errorf("columns that hold numbers:\n%s", d)
	}
	a, err := r.Ask(t.Context(), "from range(10)", 3)
	if err != nil || len(a.Rows) != 3 || !a.More {
		t.Errorf("the first 3 of 10: %d rows, more %t, %v", len(a.Rows), a.More, err)
	}
	if a, err = r.Ask(t.Context(), "from range(3)", 3); err != nil || len(a.Rows) != 3 || a.More {
		t.Errorf("the first 3 of 3: %d rows, more %t, %v", len(a.Rows), a.More, err)
	}
}

func shown(a Answer) string {
	b := strings.Builder{}
	b.WriteString(strings.Join(a.Columns, "|") + "\n")
	for _, row := range a.Rows {
		var cells []string
		for _, v := range row {
			if !v.Valid {
				v.String = "NULL"
			}
			cells = append(cells, v.String)
		}
		b.WriteString(strings.Join(cells, "|") + "\n")
	}
	return b.String()
}

func TestReaderWrites(t *testing.T) {
	r, _ := openSample(t)
	const query = "select * from chiffres order by code"
	file, n, err := r.Write(t.Context(), query, "csv")
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if d := cmp.Diff("code,annee,valeur,publie_le\n1.6,2020,,\nOS2,2020,107.1,2021-01-15\n", read(t, file)); d != "" {
		t.Error(d)
	}
	if file, _, err = r.Write(t.Context(), query, "json"); err != nil {
		t.Fatal(err)
	}
	var rows []map[string]any
	if err := json.Unmarshal([]byte(read(t, file)), &rows); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]map[string]any{
		{"code": "1.6", "annee": 2020.0, "valeur": nil, "publie_le": nil},
		{"code": "OS2", "annee": 2020.0, "valeur": 107.1, "publie_le": "2021-01-15"},
	}, rows); d != "" {
		t.Error(d)
	}
	if file, _, err = r.Write(t.Context(), query, "parquet"); err != nil {
		t.Fatal(err)
	}
	plain, err := Open(t.Context(), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	var types string
	err = plain.conn.QueryRowContext(t.Context(), "select string_agg(column_type, ' ') from (describe from read_parquet("+Quote(file)+"))").Scan(&types)
	if err != nil || types != "VARCHAR INTEGER DOUBLE DATE" {
		t.Errorf("types of the Parquet file: %s, %v", types, err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Whatever the SQL says, nothing of the machine is read, written or changed, and
// the refusal is the query's mistake.
func TestReaderIsConfined(t *testing.T) {
	r, path := openSample(t)
	secret := filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(secret, []byte("key\nopen sesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	out := filepath.Join(t.TempDir(), "out")
	for _, query := range []string{
		"select * from read_csv(" + Quote(secret) + ")",
		"from " + Quote(secret),
		"select content from read_text(" + Quote(secret) + ")",
		"from glob('/*')",
		"copy chiffres to " + Quote(out),
		"select 1) ; copy chiffres to " + Quote(out) + "; --",
		"select 1)) to " + Quote(out) + " (format csv) --",
		"attach " + Quote(out) + " as other",
		"export database " + Quote(out),
		"insert into chiffres values ('x', 1, 2, null)",
		"select 1); insert into chiffres values ('x', 1, 2, null); --",
		"drop table chiffres",
		"install httpfs",
		"load '" + out + "'",
		"set enable_external_access = true",
		"select 1); set enable_external_access = true; from (select 1",
		"select 1); set temp_directory = " + Quote(out) + "; from (select 1",
		"from read_csv('https://example.org/x.csv')",
		"from sniff_csv(" + Quote(secret) + ")",
		"from read_blob(" + Quote(secret) + ")",
		"from duckdb_secrets()",
		"from query(" + Quote("copy chiffres to "+Quote(out)) + ")",
		"from query_table(" + Quote(secret) + ")",
		"select getenv('HOME')",
		"pragma database_list",
		"reset lock_configuration",
		"select 1); reset max_temp_directory_size; from (select 1",
		"prepare p as select 1",
		"create secret s (type s3)",
	} {
		for form := range forms {
			if _, _, err := r.Write(t.Context(), query, form); !isBad(err) {
				t.Errorf("%s as %s: %v", query, form, err)
			}
		}
		if a, err := r.Ask(t.Context(), query, 0); !isBad(err) {
			t.Errorf("%s: %v\n%s", query, err, shown(a))
		}
		if _, err := os.Stat(out); err == nil {
			t.Fatalf("%s wrote a file", query)
		}
	}
	if after := read(t, path); after != before {
		t.Error("the published file changed")
	}
}

func isBad(err error) bool {
	var bad *BadQuery
	return errors.As(err, &bad)
}

func TestMistakesAreSaidInTheQuerysOwnLines(t *testing.T) {
	r, _ := openSample(t)
	_, err := r.Ask(t.Context(), "select code,\n  chiffres_annee\nfrom chiffres", 0)
	if !isBad(err) || !strings.Contains(err.Error(), "(line 2 of the query)") || strings.Contains(err.Error(), "^") {
		t.Errorf("%v", err)
	}
}

func TestAQueryHasItsTime(t *testing.T) {
	r, _ := openSample(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := r.Ask(ctx, "select count(*) from range(10000000) a, range(10000000) b where a.range % 7 = b.range % 11", 0)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("stopped after %v", took)
	}
	if _, err := r.Ask(t.Context(), "select 1", 0); err != nil {
		t.Errorf("the next question: %v", err)
	}
}

func TestReaderLeavesNothing(t *testing.T) {
	r, path := openSample(t)
	file, _, err := r.Write(t.Context(), "select 1 as x", "csv")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(file)); !os.IsNotExist(err) {
		t.Errorf("the scratch folder is still there: %v", err)
	}
	beside, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(beside) != 1 {
		t.Errorf("%d files beside the database, %v", len(beside), err)
	}
}
