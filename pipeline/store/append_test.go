package store_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"cp3/pipeline/store"
)

// person is a row of the kinds of values the warehouse has.
func person(i int) []driver.Value {
	var born driver.Value = time.Date(1980, 1, 1+i%9000, 0, 0, 0, 0, time.UTC)
	if i%7 == 0 {
		born = nil
	}
	return []driver.Value{fmt.Sprintf("0123456789abcdef/Accueil/%d", i), "DIALLO", "Aïssatou " + string(rune('a'+i%26)), born, int32(i), float64(i) / 4, i%2 == 0,
		time.Date(2021, 3, 4, 5, 6, 7, 8000, time.UTC), []string{"EN", "ANAPEC"}[:i%3], "GIN", "REGULARISE", "CARTE_SEJOUR", fmt.Sprint("ZZ", 100000+i), "+212600000000", nil}
}

const personTable = `create or replace table person (id varchar, family varchar, given varchar, born date, row integer, amount double, targeted boolean,
	seen timestamp, institutions varchar[], nationality varchar, status varchar, doc_type varchar, doc_number varchar, phone varchar, email varchar)`

func persons(n int) iter.Seq[[]driver.Value] {
	return func(yield func([]driver.Value) bool) {
		for i := range n {
			if !yield(person(i)) {
				return
			}
		}
	}
}

func memory(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// What is appended is there, each value and each NULL, over the bounds of a batch.
func TestAppendedRowsAreThere(t *testing.T) {
	db := memory(t)
	if err := db.Exec(t.Context(), personTable); err != nil {
		t.Fatal(err)
	}
	const n = 40_000
	if got, err := db.Append(t.Context(), "person", nil, persons(n)); err != nil || got != n {
		t.Fatal(got, err)
	}
	var rows, distinct, unborn, listed, sum int
	var given, at, born string
	err := db.Conn().QueryRowContext(t.Context(), `select count(*), count(distinct id), count(*) filter (born is null), sum(len(institutions)),
		sum(amount * 4 + row)::bigint, any_value(given) filter (row = 27), any_value(seen::varchar), any_value(born::varchar) filter (row = 366) from person where email is null`).
		Scan(&rows, &distinct, &unborn, &listed, &sum, &given, &at, &born)
	if err != nil {
		t.Fatal(err)
	}
	if rows != n || distinct != n || unborn != 5715 || listed != 39_999 || sum != n*(n-1) || given != "Aïssatou b" || at != "2021-03-04 05:06:07.000008" || born != "1981-01-01" {
		t.Error(rows, distinct, unborn, listed, sum, given, at, born)
	}
}

// Columns can be named; the others get their default.
func TestAppendToSomeColumns(t *testing.T) {
	db := memory(t)
	if err := db.Exec(t.Context(), "create table t (a integer default 7, b varchar, c varchar)"); err != nil {
		t.Fatal(err)
	}
	one := func(yield func([]driver.Value) bool) { yield([]driver.Value{"c", "b"}) }
	if _, err := db.Append(t.Context(), "t", []string{"c", "b"}, one); err != nil {
		t.Fatal(err)
	}
	var a int
	var b, c string
	if err := db.Conn().QueryRowContext(t.Context(), "select * from t").Scan(&a, &b, &c); err != nil || a != 7 || b != "b" || c != "c" {
		t.Error(a, b, c, err)
	}
}

// A value that can't be the column's, a row too short and a context that ended
// are errors, and leave nothing in the transaction that is rolled back.
func TestAppendRefuses(t *testing.T) {
	for name, rows := range map[string]iter.Seq[[]driver.Value]{
		"kind":  func(yield func([]driver.Value) bool) { yield([]driver.Value{"not a number"}) },
		"short": func(yield func([]driver.Value) bool) { yield(nil) },
	} {
		db := memory(t)
		if err := db.Exec(t.Context(), "create table t (a integer)"); err != nil {
			t.Fatal(err)
		}
		err := db.Tx(t.Context(), func() error {
			_, err := db.Append(t.Context(), "t", nil, rows)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "append to t") {
			t.Errorf("%s: %v", name, err)
		}
	}
	db := memory(t)
	if err := db.Exec(t.Context(), personTable); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Tx(t.Context(), func() error {
		_, err := db.Append(ctx, "person", nil, func(yield func([]driver.Value) bool) {
			for i := 0; yield(person(i)); i++ {
				if i == 100 {
					cancel()
				}
			}
		})
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// BenchmarkAppend appends 200,000 rows of 15 columns. With -tags duckdb_arrow they
// cross as Arrow records.
func BenchmarkAppend(b *testing.B) {
	db := memory(b)
	const n = 200_000
	rows := make([][]driver.Value, n)
	for i := range rows {
		rows[i] = person(i)
	}
	for b.Loop() {
		if err := db.Exec(b.Context(), personTable); err != nil {
			b.Fatal(err)
		}
		if _, err := db.Append(b.Context(), "person", nil, func(yield func([]driver.Value) bool) {
			for _, r := range rows {
				if !yield(r) {
					return
				}
			}
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
