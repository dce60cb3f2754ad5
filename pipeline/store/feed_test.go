package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"iter"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// numbers are rows of one number each, as many chunks of them as are said.
func numbers(chunks int) iter.Seq[[]driver.Value] {
	return func(yield func([]driver.Value) bool) {
		row := make([]driver.Value, 1)
		for i := range chunks * 2048 {
			if row[0] = int32(i); !yield(row) {
				return
			}
		}
	}
}

// However an append of several chunks ends, nothing of it runs on, the transaction
// leaves nothing, and the next append is whole.
func TestFeedEnds(t *testing.T) {
	var cancel context.CancelFunc
	for name, c := range map[string]struct {
		create string
		rows   iter.Seq[[]driver.Value]
		want   string
	}{
		"DuckDB refuses a row": {"create table t (n integer check (n <> 5000))", numbers(20), "CHECK constraint"},
		"a row is none": {"create table t (n integer)", func(yield func([]driver.Value) bool) {
			numbers(9)(yield)
			yield([]driver.Value{"no number"})
		}, "can't be a"},
		"cancelled": {"create table t (n integer)", func(yield func([]driver.Value) bool) {
			numbers(9)(func(row []driver.Value) bool {
				if row[0] == int32(10_000) {
					cancel()
				}
				return yield(row)
			})
		}, "context canceled"},
	} {
		db, err := Open(t.Context(), filepath.Join(t.TempDir(), "w.duckdb"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Exec(t.Context(), c.create); err != nil {
			t.Fatal(err)
		}
		var ctx context.Context
		ctx, cancel = context.WithCancel(t.Context())
		defer cancel()
		err = db.Tx(t.Context(), func() error {
			_, err := db.Append(ctx, "t", nil, c.rows)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if left := running("store.(*DB).newFeed"); left != "" {
			t.Fatalf("%s: still running:\n%s", name, left)
		}
		if n, err := db.Append(t.Context(), "t", nil, numbers(2)); err != nil || n != 4096 {
			t.Errorf("%s: then %d, %v", name, n, err)
		}
		var rows, distinct int
		if err := db.conn.QueryRowContext(t.Context(), "select count(*), count(distinct n) from t").Scan(&rows, &distinct); err != nil || rows != 4096 || distinct != 4096 {
			t.Errorf("%s: %d rows, %d distinct, %v", name, rows, distinct, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Who makes the rows may panic: nothing runs on.
func TestFeedGivenUp(t *testing.T) {
	db, err := Open(t.Context(), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Exec(t.Context(), "create table t (n integer)"); err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if recover() != "gone" {
				t.Error("no panic")
			}
		}()
		_, _ = db.appendVectors(t.Context(), "t", nil, func(yield func([]driver.Value) bool) {
			numbers(9)(yield)
			panic("gone")
		})
	}()
	if left := running("store.(*DB).newFeed"); left != "" {
		t.Errorf("still running:\n%s", left)
	}
}

// running is the stack of a goroutine that a function made and that is still there
// when it had time to end.
func running(made string) string {
	for tries := 0; ; tries++ {
		stacks := make([]byte, 1<<20)
		all := string(stacks[:runtime.Stack(stacks, true)])
		if !strings.Contains(all, "created by cp3/pipeline/"+made) {
			return ""
		}
		if tries == 1_000 {
			return all
		}
		time.Sleep(time.Millisecond)
	}
}

// Rows are in the order in which they came, whatever the number of threads.
func TestFeedKeepsTheOrder(t *testing.T) {
	for _, threads := range []int{1, 4} {
		db, err := Open(t.Context(), "", Options{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Exec(t.Context(), "create table t (n integer)"); err != nil {
			t.Fatal(err)
		}
		if n, err := db.Append(t.Context(), "t", nil, numbers(100)); err != nil || n != 204_800 {
			t.Fatal(n, err)
		}
		var astray int
		if err := db.conn.QueryRowContext(t.Context(), "select count(*) from t where n <> rowid").Scan(&astray); err != nil || astray != 0 {
			t.Error(threads, astray, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A statement says how many rows it changed; the end of its context interrupts it, and
// not the one after it. A mistake in the second of two is told.
func TestExecute(t *testing.T) {
	db, err := Open(t.Context(), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	result, err := db.ExecContext(t.Context(), "create table t (n bigint); insert into t select range from range(12345)")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 12345 {
		t.Error(n, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	err = db.Exec(ctx, "create table endless as select count(*) as n from range(1000000000000) a")
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 10*time.Second {
		t.Error(time.Since(began), err)
	}
	if err := db.Exec(t.Context(), "insert into t values (0)"); err != nil {
		t.Error(err)
	}
	if err := db.Exec(t.Context(), "select 1; select nothing from nowhere"); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Error(err)
	}
	if err := db.Exec(t.Context(), " -- nothing\n"); err == nil {
		t.Error("no statement, no error")
	}
}
