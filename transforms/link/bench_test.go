package link_test

import (
	"math/rand/v2"
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
	for _, size := range sizes() {
		n, err := strconv.Atoi(size)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(size, func(b *testing.B) { benchmarkLink(b, n) })
	}
}

func sizes() []string {
	if said := strings.Fields(os.Getenv("LINK_RECORDS")); len(said) > 0 {
		return said
	}
	return []string{"20000"}
}

// BenchmarkNight links the mentions of a ledger, 20,000 or as many as LINK_RECORDS
// says, all but the last fiftieth in one night and then those: what a small night
// costs beside a first one, and what the model of the night before is worth.
func BenchmarkNight(b *testing.B) {
	for _, size := range sizes() {
		n, err := strconv.Atoi(size)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(size, func(b *testing.B) { benchmarkNight(b, n) })
	}
}

func benchmarkNight(b *testing.B, n int) {
	all := ledger(1, n, 500)
	for b.Loop() {
		db := schema(b)
		few := len(all) - len(all)/50
		file(b, db, all[:few], rand.New(rand.NewPCG(1, 1)))
		linkNight(b, db, "first", 0)
		file(b, db, all[few:], rand.New(rand.NewPCG(1, 1)))
		linkNight(b, db, "next", 0)
		if err := link.Forget(b.Context(), db); err != nil {
			b.Fatal(err)
		}
		linkNight(b, db, "scratch", 0)
		linkNight(b, db, "whole", 1<<30) // learned from everything
	}
}

func linkNight(b *testing.B, db *store.DB, name string, reuse int) {
	before := cpuSeconds(b)
	r, err := link.Mentions(b.Context(), db, nil, link.Options{Reuse: reuse, Progress: func(stage string) { b.Logf("%s: cpu %6.1f s: %s", name, cpuSeconds(b)-before, stage) }})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(cpuSeconds(b)-before, name+"-cpu-s")
	b.ReportMetric(100*measure(r, func(id string) string { return migrantPerson(id[strings.LastIndexByte(id, '/')+1:]) }).f1, name+"-F1-%")
	if err := r.Close(b.Context()); err != nil {
		b.Fatal(err)
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
