package run

import (
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// ResourcesConfig bounds what the program may use of the machine.
type ResourcesConfig struct {
	Threads int    `yaml:"threads"` // 0: as many as cores
	Memory  string `yaml:"memory"`  // of the process: "1GB"; "": as it comes
}

// What the parts of the program may take of its memory, in hundredths. DuckDB spills
// to disk what has no room; Go collects more often. The rest is what neither counts:
// the program's code, stacks, what DuckDB takes beside its buffers.
const (
	databaseShare = 50
	goShare       = 40
)

// bytes is the memory said; 0 when none is.
func (c ResourcesConfig) bytes() (int64, error) {
	if c.Memory == "" {
		return 0, nil
	}
	number := strings.TrimRight(c.Memory, "kKmMgGtTiIbB ")
	unit := strings.ToLower(strings.TrimSpace(c.Memory[len(number):]))
	factor, ok := map[string]float64{"mb": 1e6, "gb": 1e9, "tb": 1e12, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40}[unit]
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || !ok || n <= 0 || n*factor > math.MaxInt64/100 {
		return 0, fmt.Errorf("resources.memory: %q: write a size like 1GB or 800MB", c.Memory)
	}
	return int64(n * factor), nil
}

func (c ResourcesConfig) validate() error {
	_, err := c.bytes()
	return err
}

// database is DuckDB's share, as DuckDB reads it.
func (c ResourcesConfig) database() string { return c.share(databaseShare) }

func (c ResourcesConfig) share(hundredths int64) string {
	n, err := c.bytes()
	if err != nil || n == 0 {
		return ""
	}
	return fmt.Sprintf("%dKiB", n/100*hundredths>>10)
}

// bound has Go keep to its share, and collect the less often for it; unless whoever
// started the program said how in GOMEMLIMIT and GOGC.
func (c ResourcesConfig) bound() {
	n, err := c.bytes()
	if err != nil || n == 0 {
		return
	}
	if _, said := os.LookupEnv("GOMEMLIMIT"); !said {
		debug.SetMemoryLimit(n / 100 * goShare)
	}
	if _, said := os.LookupEnv("GOGC"); !said {
		debug.SetGCPercent(300)
	}
}
