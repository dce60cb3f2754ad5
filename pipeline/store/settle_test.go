package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"cp3/pipeline/store"
)

// What is written while the log is put into the file is there, as what was before; and
// after it, the file holds what the log did.
func TestSettle(t *testing.T) {
	file := filepath.Join(t.TempDir(), "warehouse.duckdb")
	db, err := store.Open(t.Context(), file, store.Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	do := func(query string) {
		t.Helper()
		if err := db.Exec(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	do("create table rows (n integer, text varchar)")
	for n := range 20 {
		do(fmt.Sprintf("insert into rows select %d, 'row ' || i from range(2000) t(i)", n))
		wait := db.Settle(t.Context())
		do("create or replace temp table said as select count(*) as n from rows")
		if n%2 == 0 {
			do("begin transaction; update rows set n = n where n % 7 = 0; insert into rows values (-1, 'beside'); commit")
		}
		wait()
	}
	db.Settle(t.Context())()
	if log, err := os.Stat(file + ".wal"); err == nil && log.Size() > 0 {
		t.Errorf("the log still has %d bytes", log.Size())
	}
	var rows, beside int
	err = db.Conn().QueryRowContext(t.Context(), "select count(*), count(*) filter (where text = 'beside') from rows").Scan(&rows, &beside)
	if err != nil || rows != 40_010 || beside != 10 {
		t.Errorf("%d rows, %d of them written beside; %v", rows, beside, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
