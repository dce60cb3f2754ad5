package store

import (
	"errors"
	"slices"
	"testing"

	"github.com/duckdb/duckdb-go/v2/mapping"
	"github.com/google/go-cmp/cmp"
)

// Rows are the same from DuckDB's vectors and from the driver, whether all columns are of
// the usual types or some aren't.
func TestRowsByVectorsAndByDriver(t *testing.T) {
	db := openExport(t, Options{})
	err := db.Exec(t.Context(), `create table t as select if(i % 7 > 0, repeat('é', (i % 9)::int) || i % 2000, null) as s, if(i % 5 > 0, -i::integer, null) as i,
		if(i % 3 > 0, i * 5000000000, null) as l, i / 4 as d, if(i % 4 > 0, i % 8 = 1, null) as b, if(i % 6 > 0, date '1950-01-01' + i::int * 11, null) as jour,
		if(i % 2 > 0, timestamp '1969-12-31 23:59:59.123456' + to_seconds(i * 977), null) as instant, i::hugeint as h, [i] as liste
		from range(5000) t(i) order by i`)
	if err != nil {
		t.Fatal(err)
	}
	read := func(rows func(yield func([]any, error) bool)) (all [][]any) {
		for row, err := range rows {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, slices.Clone(row))
		}
		return all
	}
	usual := []string{"s", "i", "l", "d", "b", "jour", "instant"}
	for _, columns := range [][]string{usual, append(slices.Clone(usual), "h", "liste")} {
		want := read(func(yield func([]any, error) bool) {
			if err := db.yieldRows(t.Context(), "select "+idents(columns)+" from t", yield); err != nil {
				t.Error(err)
			}
		})
		got := read(db.Rows(t.Context(), "t", columns))
		if diff := cmp.Diff(want, got); diff != "" || len(got) != 5000 {
			t.Errorf("%d rows differ (-driver +vectors):\n%s", len(got), diff)
		}
		if len(columns) == len(usual) && !vectored(t, db, columns) {
			t.Error("rows of the usual types went by the driver")
		}
	}
}

// vectored reports whether rows of some columns are read from vectors.
func vectored(t *testing.T, db *DB, columns []string) bool {
	err := db.conn.Raw(func(c any) error {
		conn, _ := connection(c)
		return execute(t.Context(), conn, "select "+idents(columns)+" from t", func(r mapping.Result) error {
			return yieldChunks(t.Context(), r, func([]any, error) bool { return true })
		})
	})
	return err == nil
}

// Who has read enough is given no more, and the database is free for what comes next.
func TestRowsLeftOff(t *testing.T) {
	db := openExport(t, Options{})
	if err := db.Exec(t.Context(), "create table t as from range(10000) t(n)"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		seen := 0
		for row, err := range db.Rows(t.Context(), "t", []string{"n"}) {
			if err != nil || row[0] != int64(seen) {
				t.Fatalf("row %d: %v, %v", seen, row, err)
			}
			if seen++; seen == 3000 {
				break
			}
		}
	}
	var told error
	for _, err := range db.Rows(t.Context(), "t", []string{"rien"}) {
		told = errors.Join(told, err)
	}
	if told == nil {
		t.Error("a column that isn't there: no error")
	}
}
