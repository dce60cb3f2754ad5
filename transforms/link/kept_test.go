package link

import (
	"database/sql/driver"
	"path/filepath"
	"testing"

	"cp3/pipeline/store"
)

// Whatever is kept in a transaction is there, after nothing was too.
func TestKeepNothing(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "w.duckdb"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	e := &engine{db: db, conn: db.Conn()}
	want := 0
	err = db.Tx(t.Context(), func() error {
		if err := db.Exec(t.Context(), "create table linkage_pair (a integer, b bigint)"); err != nil {
			return err
		}
		for night, n := range []int{324_537, 134_281, 0, 331_609, 0, 1} {
			if err := e.keepSome(t.Context(), "linkage_pair", n, func(i int, row []driver.Value) { row[0], row[1] = i, int64(i)<<30 }, 2); err != nil {
				return err
			}
			want += n
			var got int
			if err := e.conn.QueryRowContext(t.Context(), "select count(*) from linkage_pair").Scan(&got); err != nil {
				return err
			}
			if got != want {
				t.Errorf("after night %d: %d pairs are kept, want %d", night, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
