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

// What is in a chunk is what the driver's appender makes of the same rows: columns
// of a type that isn't written here send a table that way.
func TestChunksAreWhatTheAppenderMakes(t *testing.T) {
	db := memory(t)
	text, none := "written on another page than it was read from", (*string)(nil)
	long := strings.Repeat("é", 100_000)
	rows := func(yield func([]driver.Value) bool) {
		row := make([]driver.Value, 9) // the same memory for each
		for i := range 5_000 {
			copy(row, []driver.Value{text[:i%len(text)], &text, none, int32(-i), int64(i) << 40, i, i%3 == 0,
				time.Date(1969, 12, 31-i, 0, 0, 0, 0, time.UTC), time.Date(1969, 12, 31-i, 23, 59, 59, 999_999_000, time.UTC)})
			switch i {
			case 2_047, 2_048:
				row[0], row[1] = "", long
			case 4_096:
				clear(row)
			}
			if !yield(row) {
				return
			}
		}
	}
	const columns = "a varchar, b varchar, c varchar, d integer, e bigint, f double, g boolean, h date, i timestamp"
	for table, also := range map[string]string{"chunks": "", "plain": ", z usmallint"} {
		if err := db.Exec(t.Context(), "create table "+table+" ("+columns+also+")"); err != nil {
			t.Fatal(err)
		}
		padded := rows
		if also != "" {
			padded = func(yield func([]driver.Value) bool) {
				rows(func(row []driver.Value) bool { return yield(append(row[:9:9], nil)) })
			}
		}
		if n, err := db.Append(t.Context(), table, nil, padded); err != nil || n != 5_000 {
			t.Fatal(table, n, err)
		}
	}
	var all, differing, longest int
	err := db.Conn().QueryRowContext(t.Context(), `select (select count(*) from chunks), (select count(*) from (
		(select * from chunks except all select * exclude z from plain) union all (select * exclude z from plain except all select * from chunks))),
		(select max(length(b)) from chunks)`).Scan(&all, &differing, &longest)
	if err != nil || all != 5_000 || differing != 0 || longest != 100_000 {
		t.Error(all, differing, longest, err)
	}
}

// Lists of any length are there, the empty and the NULL too.
func TestAppendedListsAreThere(t *testing.T) {
	db := memory(t)
	if err := db.Exec(t.Context(), "create table t (i integer, l varchar[])"); err != nil {
		t.Fatal(err)
	}
	rows := func(yield func([]driver.Value) bool) {
		for i := range 6_000 {
			list := make([]string, i%7)
			for k := range list {
				list[k] = fmt.Sprintf("item %d of the list of %d", k, i)
			}
			row := []driver.Value{int32(i), list}
			if i%11 == 0 {
				row[1] = nil
			}
			if !yield(row) {
				return
			}
		}
	}
	if _, err := db.Append(t.Context(), "t", nil, rows); err != nil {
		t.Fatal(err)
	}
	var wrong, nulls, empty int
	err := db.Conn().QueryRowContext(t.Context(), `select count(*) filter (l is distinct from case when i % 11 = 0 then null else
		list_transform(range(i % 7), lambda k: 'item ' || k || ' of the list of ' || i) end), count(*) filter (l is null), count(*) filter (l = []) from t`).Scan(&wrong, &nulls, &empty)
	if err != nil || wrong != 0 || nulls != 546 || empty != 780 {
		t.Error(wrong, nulls, empty, err)
	}
}

// Bytes that are no text are marked, not lost with the text they are in.
func TestAppendMarksWhatIsNoText(t *testing.T) {
	db := memory(t)
	if err := db.Exec(t.Context(), "create table t (a varchar, b varchar)"); err != nil {
		t.Fatal(err)
	}
	one := func(yield func([]driver.Value) bool) {
		yield([]driver.Value{"A\xefssatou", "more than twelve bytes, of which \xff"})
	}
	if _, err := db.Append(t.Context(), "t", nil, one); err != nil {
		t.Fatal(err)
	}
	var a, b string
	if err := db.Conn().QueryRowContext(t.Context(), "select * from t").Scan(&a, &b); err != nil || a != "A\uFFFDssatou" || b != "more than twelve bytes, of which \uFFFD" {
		t.Error(a, b, err)
	}
}

// A value that can't be the column's, a row too short and a context that ended
// are errors, and leave nothing in the transaction that is rolled back.
func TestAppendRefuses(t *testing.T) {
	for name, rows := range map[string]iter.Seq[[]driver.Value]{
		"range": func(yield func([]driver.Value) bool) { yield([]driver.Value{int64(1) << 31}) },
		"late": func(yield func([]driver.Value) bool) {
			for i := 0; yield([]driver.Value{int32(i)}) && i < 5_000; i++ {
			}
			yield([]driver.Value{true})
		},
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
		var left int
		if err := db.Conn().QueryRowContext(t.Context(), "select count(*) from t").Scan(&left); err != nil || left != 0 {
			t.Errorf("%s: %d rows left: %v", name, left, err)
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

// BenchmarkAppend appends 200,000 rows of 15 columns.
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
