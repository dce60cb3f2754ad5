package store

import (
	"fmt"
	"strings"
	"testing"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

// Rows are the same from DuckDB's vectors and from the driver.
func TestFetch(t *testing.T) {
	db, err := Open(t.Context(), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const query = `select case when i % 7 > 0 then repeat('é', (i % 9)::int) end, case when i % 5 > 0 then i::integer end,
		case when i % 3 > 0 then -i end, case when i % 2 > 0 then hash(i) end, i / 4, case when i % 4 > 0 then i % 8 = 1 end from range(5000) t(i) order by i`
	read := func(fetch func(visit func([]pipeline.QueryRow) error) error) (said []string) {
		if err := fetch(func(rows []pipeline.QueryRow) error {
			for _, r := range rows {
				text, ok := r.Text(0)
				said = append(said, fmt.Sprint(text, ok, r.Int(1), r.Int(2), r.Int(3), r.Float(4), r.Bool(5)))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return said
	}
	want := read(func(visit func([]pipeline.QueryRow) error) error { return db.fetchRows(t.Context(), query, visit) })
	got := read(func(visit func([]pipeline.QueryRow) error) error { return db.FetchMany(t.Context(), query, visit) })
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 5000 || !strings.HasPrefix(got[13], "éééétrue") {
		t.Errorf("rows differ (-driver +vectors):\n%s", diff)
	}
	for _, query := range []string{"select", "select 1::tinyint", "select error('no')"} {
		if err := db.Fetch(t.Context(), query, func(pipeline.QueryRow) error { return nil }); err == nil {
			t.Errorf("%s: no error", query)
		}
	}
	if err := db.Fetch(t.Context(), "from range(10)", func(pipeline.QueryRow) error { return fmt.Errorf("enough") }); err == nil || err.Error() != "enough" {
		t.Errorf("the visitor's error is lost: %v", err)
	}
}
