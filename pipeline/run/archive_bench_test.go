package run_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cp3/connectors/example"
	"cp3/pipeline"
	"cp3/pipeline/run"
	"cp3/pipeline/store"
)

// These benchmarks are whole runs over archives of any size, as docs/performance.md
// tells: how large is said in the environment, as the largest take minutes.
//
//	CP3_BENCH_BOOKS  workbooks, 100 when not said
//	CP3_BENCH_ROWS   persons' rows in each, 500 when not said
//	CP3_BENCH_MEMORY resources.memory, the default when not said
//	CP3_BENCH_DIR    a new folder for the workspace, kept afterwards
//	CP3_BENCH_PYTHON a Python with the libraries of testdata/archive_peer.py: it does
//	                 the job of the first night on the same workbooks

func fromEnv(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// BenchmarkArchive plays the nights of an archive: the first, with everything
// new; one on which nothing is; one with twenty more files.
func BenchmarkArchive(b *testing.B) {
	v := example.Volume{Books: fromEnv("CP3_BENCH_BOOKS", 100), Rows: fromEnv("CP3_BENCH_ROWS", 500)}
	for b.Loop() {
		o := newBenchOffice(b)
		o.deliver(v)
		o.night("first", v.Books)
		o.peer()
		o.night("empty", 0)
		v := example.Volume{First: v.Books, Books: 20, Rows: v.Rows}
		o.deliver(v)
		o.night("twenty", 20)
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkLongList is one workbook with a list of 200,000 rows and 15 columns.
func BenchmarkLongList(b *testing.B) {
	for b.Loop() {
		o := newBenchOffice(b)
		o.deliver(example.Volume{Books: 1, Rows: fromEnv("CP3_BENCH_LONG", 200_000), Member: "AMAPPE"})
		o.night("first", 1)
	}
	b.ReportMetric(0, "ns/op")
}

// benchOffice is a workspace whose runs are measured.
type benchOffice struct {
	b *testing.B
	run.Options
	stages *stopwatch
}

func newBenchOffice(b *testing.B) *benchOffice {
	b.Helper()
	dir := os.Getenv("CP3_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	o := newOfficeAt(b, dir, nil)
	o.Config.Inbox.Settle = 0
	o.Config.Resources.Memory = cmp.Or(os.Getenv("CP3_BENCH_MEMORY"), o.Config.Resources.Memory)
	w := &stopwatch{}
	o.Progress = w
	return &benchOffice{b: b, Options: o.Options, stages: w}
}

func (o *benchOffice) deliver(v example.Volume) {
	o.b.Helper()
	if err := v.Write(context.Background(), o.Workspace.Depot()); err != nil {
		o.b.Fatal(err)
	}
}

// night runs once, and reports the clock, the processor time and the peak of
// memory of it, and of its stages.
func (o *benchOffice) night(name string, answers int) {
	o.b.Helper()
	debug.FreeOSMemory()
	o.stages.reset()
	clock, work := time.Now(), cpuTime()
	report, err := run.Run(context.Background(), o.Options)
	if err != nil {
		o.b.Fatal(err)
	}
	o.stages.Stage("", 0)
	o.b.ReportMetric(time.Since(clock).Seconds(), name+"-s")
	o.b.ReportMetric((cpuTime() - work).Seconds(), name+"-cpu-s")
	o.b.ReportMetric(float64(o.stages.peak())/(1<<20), name+"-peak-MB")
	if report.Answers != answers {
		o.b.Fatalf("%s: %d answers, want %d", name, report.Answers, answers)
	}
	o.b.ReportMetric(o.persons(), name+"-persons")
	for _, r := range report.Received {
		if r.Status == pipeline.Rejected {
			o.b.Fatalf("%s: %s was refused: %v", name, r.Path, r.Issues)
		}
	}
	for _, s := range o.stages.done {
		o.b.Logf("%s: %-9s %7.2f s, %7.2f s of processor, %5d MB", name, s.name, s.clock.Seconds(), s.work.Seconds(), s.peak>>20)
	}
}

// persons counts those that linkage found: speed that loses them is none.
func (o *benchOffice) persons() (n float64) {
	o.b.Helper()
	db, err := store.Open(context.Background(), o.Workspace.Warehouse(), store.Options{ReadOnly: true})
	if err != nil {
		o.b.Fatal(err)
	}
	defer db.Close()
	if err := db.Conn().QueryRowContext(context.Background(), "select count(distinct person_id) from person_mention").Scan(&n); err != nil {
		o.b.Fatal(err)
	}
	return n
}

// peer has the job done in Python, when there is one.
func (o *benchOffice) peer() {
	o.b.Helper()
	python := os.Getenv("CP3_BENCH_PYTHON")
	if python == "" {
		return
	}
	cmd := exec.Command(python, "testdata/archive_peer.py", o.Workspace.Depot(), o.b.TempDir())
	var said bytes.Buffer
	cmd.Stdout = &said
	clock := time.Now()
	if err := cmd.Run(); err != nil {
		o.b.Fatalf("%v\n%s", err, said.String())
	}
	o.b.Logf("python:\n%s", said.String())
	o.b.ReportMetric(time.Since(clock).Seconds(), "python-s")
	o.b.ReportMetric((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), "python-cpu-s")
}

// stopwatch is a Progress that measures stages.
type stopwatch struct {
	done  []lap
	name  string
	clock time.Time
	work  time.Duration
}

type lap struct {
	name        string
	clock, work time.Duration
	peak        int64 // of memory
}

func (w *stopwatch) reset() {
	*w = stopwatch{}
	forgetPeak()
}

// peak is that of all stages.
func (w *stopwatch) peak() (peak int64) {
	for _, l := range w.done {
		peak = max(peak, l.peak)
	}
	return peak
}

func (w *stopwatch) Stage(name string, _ int) {
	if w.name != "" {
		w.done = append(w.done, lap{w.name, time.Since(w.clock), cpuTime() - w.work, peakMemory()})
		forgetPeak()
	}
	w.name, w.clock, w.work = name, time.Now(), cpuTime()
}

func (w *stopwatch) Step(int) {}

// forgetPeak and peakMemory tell how much memory the process took since, by the
// kernel's count: DuckDB's memory too. Zero where the system has no /proc.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kb), "kB")), 10, 64)
			return n << 10
		}
	}
	return 0
}

// TestVolumeIsUnderstood runs a small archive: what the benchmarks measure is real
// work, and its workbooks are understood.
func TestVolumeIsUnderstood(t *testing.T) {
	o := newOffice(t, nil)
	v := example.Volume{Books: 24, Rows: 30}
	if err := v.Write(t.Context(), o.Workspace.Depot()); err != nil {
		t.Fatal(err)
	}
	report := o.run()
	kept := 0
	for _, r := range report.Received {
		if r.Status == pipeline.Rejected || r.Read != v.Rows {
			t.Errorf("%s: %s, %d rows read, want %d", r.Path, r.Status, r.Read, v.Rows)
		}
		kept += r.Kept
	}
	if len(report.Received) != v.Books || kept < v.Books*v.Rows*95/100 {
		t.Errorf("%d workbooks, %d rows kept", len(report.Received), kept)
	}
	if persons := len(o.table("activites")); persons == 0 {
		t.Error("nobody in activites")
	}
	files, _ := filepath.Glob(filepath.Join(o.Workspace.Answers(), "*", "*", "*.xlsx"))
	if len(files) != v.Books {
		t.Error(fmt.Sprint(len(files), " answers"))
	}
}

// A share of memory that is too small costs a second try with all of it, not the
// night; what even that can't do leaves everything as it was for the next night.
func TestShareOfMemoryTooSmall(t *testing.T) {
	o := newOffice(t, nil)
	if err := (example.Volume{Books: 8, Rows: 30}).Write(t.Context(), o.Workspace.Depot()); err != nil {
		t.Fatal(err)
	}
	said := o.Config.Resources.Memory
	o.Config.Resources.Memory = "20MB"
	if _, err := run.Run(t.Context(), o.Options); !store.OutOfMemory(err) {
		t.Fatalf("with 20 MB: %v", err)
	}
	if !strings.Contains(o.log.String(), "working again with all of it") {
		t.Errorf("one try only:\n%s", o.log.String())
	}
	o.Config.Resources.Memory = said
	if report := o.run(); !report.Published || report.Answers != 8 {
		t.Errorf("published %v, %d answers", report.Published, report.Answers)
	}
}

// How many threads read, derive and answer changes no byte of what is published.
func TestThreadsChangeNothing(t *testing.T) {
	v := example.Volume{Books: 9, Rows: 24}
	var first map[string]string
	var answers []string
	for _, threads := range []int{1, 4} {
		o := newOffice(t, nil)
		o.Config.Resources.Threads = threads
		if err := v.Write(t.Context(), o.Workspace.Depot()); err != nil {
			t.Fatal(err)
		}
		o.run()
		var sums []string
		files, _ := filepath.Glob(filepath.Join(o.Workspace.Answers(), "*", "*", "*.xlsx"))
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			sums = append(sums, fmt.Sprintf("%s %x", filepath.Base(f), sha256.Sum256(b)))
		}
		if first == nil {
			first, answers = o.published(), sums
			continue
		}
		for table, text := range o.published() {
			// The configuration is part of what an edition names itself after.
			if text != first[table] && table != "executions" {
				t.Errorf("%s differs with %d threads", table, threads)
			}
		}
		if !slices.Equal(sums, answers) || len(sums) != v.Books {
			t.Errorf("answers differ with %d threads: %d and %d", threads, len(sums), len(answers))
		}
	}
}
