package run

import (
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"cp3/pipeline"
	"cp3/pipeline/store"
)

// The memory said is shared between DuckDB and Go, so that all of the process stays
// below it.
func TestMemoryIsShared(t *testing.T) {
	percent := debug.SetGCPercent(100)
	t.Cleanup(func() {
		debug.SetMemoryLimit(math.MaxInt64)
		debug.SetGCPercent(percent)
	})
	for memory, want := range map[string]struct {
		database string
		goes     int64
	}{"1GB": {"476.8 MiB", 400_000_000}, "2 GiB": {"1023.9 MiB", 858_993_440}, "800mb": {"381.4 MiB", 320_000_000}} {
		c := ResourcesConfig{Memory: memory}
		db, err := store.Open(t.Context(), "", store.Options{Memory: c.database()})
		if err != nil {
			t.Fatal(err)
		}
		limit, _, err := scalar[string](t.Context(), db.Conn(), "select current_setting('memory_limit')")
		if err != nil || limit != want.database {
			t.Errorf("%s: DuckDB has %s: %v", memory, limit, err)
		}
		db.Close()
		c.bound()
		if got := debug.SetMemoryLimit(-1); os.Getenv("GOMEMLIMIT") == "" && got != want.goes {
			t.Errorf("%s: Go has %d", memory, got)
		}
	}
}

// A size that is none is refused with the file, not by the database in the night.
func TestMemoryThatIsNoSize(t *testing.T) {
	for _, memory := range []string{"lots", "1", "80%", "-1GB", "0GB", "1GBB", "1e30GB"} {
		file := filepath.Join(t.TempDir(), "cp3.yaml")
		if err := os.WriteFile(file, []byte("resources:\n  memory: "+memory+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := LoadConfig(file, []pipeline.Member{"EN"})
		if err == nil || !strings.Contains(err.Error(), "resources.memory") {
			t.Errorf("%s: %v", memory, err)
		}
	}
}
