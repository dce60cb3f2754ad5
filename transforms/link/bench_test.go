package link_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"cp3/pipeline/store"
	"cp3/transforms/link"
)

// BenchmarkLink links made-up migrants, 20,000 of them or as many as LINK_RECORDS
// says ("100000 1000000"), in at most LINK_MEMORY of database memory ("4GB"). It
// reports what docs/linkage.md has in its table; see there for how to run it.
func BenchmarkLink(b *testing.B) {
	sizes := strings.Fields(os.Getenv("LINK_RECORDS"))
	if len(sizes) == 0 {
		sizes = []string{"20000"}
	}
	for _, size := range sizes {
		n, err := strconv.Atoi(size)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(size, func(b *testing.B) { benchmarkLink(b, n) })
	}
}

func benchmarkLink(b *testing.B, n int) {
	path := filepath.Join(b.TempDir(), "people.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := writeCSV(f, 1, n, nil); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	s := spec(b, "testdata/migrants.yaml")
	for b.Loop() {
		before := cpuSeconds(b)
		db, err := store.Open(b.Context(), "", store.Options{Memory: os.Getenv("LINK_MEMORY"), Temp: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		in, err := link.FromFile(b.Context(), db, path)
		if err != nil {
			b.Fatal(err)
		}
		r, err := link.Run(b.Context(), db, in, s, link.Options{Progress: func(stage string) { b.Logf("cpu %6.1f s: %s", cpuSeconds(b)-before, stage) }})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(cpuSeconds(b)-before, "cpu-s/op")
		b.ReportMetric(float64(r.Compared)/float64(len(r.IDs)), "candidates/record")
		b.ReportMetric(100*measure(r, migrantPerson).f1, "F1-%")
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(u.Maxrss)/1024, "peak-MB")
}

// cpuSeconds is the time that cores spent on this process: unlike the clock, it
// doesn't count what other programs took.
func cpuSeconds(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
