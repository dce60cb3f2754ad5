package link

import (
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
	e := &engine{db: db, conn: db.Conn(), kept: true}
	want := 0
	err = db.Tx(t.Context(), func() error {
		if err := e.createKeys(t.Context()); err != nil {
			return err
		}
		for rule, n := range []int{324_537, 134_281, 0, 331_609, 0, 1} {
			if err := db.Exec(t.Context(), "create or replace temp table link_key as select i::integer as n, hash(i) as key from range(?) r(i)", n); err != nil {
				return err
			}
			if err := e.keepKeys(t.Context(), rule); err != nil {
				return err
			}
			want += n
			var got int
			if err := e.conn.QueryRowContext(t.Context(), "select count(*) from linkage_key").Scan(&got); err != nil {
				return err
			}
			if got != want {
				t.Errorf("after rule %d: %d keys are kept, want %d", rule, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
