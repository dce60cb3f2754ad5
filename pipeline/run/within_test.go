package run

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cp3/pipeline/store"
)

// What the database's share of memory is too small for is done again with all of it,
// from the beginning: the first try leaves nothing.
func TestSecondTryHasAllMemory(t *testing.T) {
	o := emptyOptions(t)
	o.Config.Resources = ResourcesConfig{Memory: "100MB", Threads: 1}
	var log strings.Builder
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	r, err := begin(o)
	if err != nil {
		t.Fatal(err)
	}
	// Nowhere to spill to, so that what has no room fails.
	if r.db, err = store.Open(t.Context(), "", store.Options{Threads: 1, Memory: r.Config.Resources.database()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.db.Close() })
	if err := r.db.Exec(t.Context(), "set temp_directory = ''; create table done (try integer)"); err != nil {
		t.Fatal(err)
	}
	tries := 0
	err = r.within(t.Context(), func() error {
		tries++
		if err := r.db.Exec(t.Context(), fmt.Sprintf("insert into done values (%d)", tries)); err != nil {
			return err
		}
		// Nine million numbers are 72 MB: more than 60, less than 100.
		return r.db.Exec(t.Context(), "create or replace temp table numbers as select range * 7919 % 10000019 as n from range(9000000)")
	})
	if err != nil || tries != 2 {
		t.Fatalf("%d tries: %v", tries, err)
	}
	if done, err := column[int32](t.Context(), r.db.Conn(), "select try from done"); err != nil || len(done) != 1 || done[0] != 2 {
		t.Errorf("done by the tries %v, %v", done, err)
	}
	if !strings.Contains(log.String(), "working again with all of it") {
		t.Errorf("nothing was said: %s", log.String())
	}
}
