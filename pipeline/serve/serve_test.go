package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/run"
	"cp3/schedules"

	"github.com/google/go-cmp/cmp"
)

// A stage is a service under test, in a bubble of its own time: sleeping costs
// nothing, and time stands still while anybody works.
type stage struct {
	t      *testing.T
	o      Options
	offset atomic.Int64 // nanoseconds that the machine's clock is from the bubble's
	mu     sync.Mutex
	done   []string // what ran, in order
}

// newStage is a service in a new workspace, whose jobs do nothing but are recorded.
func newStage(t *testing.T, files map[string]string) *stage {
	t.Helper()
	w, err := run.InitWorkspace(filepath.Join(t.TempDir(), "w"), "", []pipeline.Member{"EN"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	all, err := schedules.Load(folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t}
	s.o = Options{
		Run: run.Options{Workspace: w, Now: func() time.Time { return time.Now().Add(time.Duration(s.offset.Load())) }, Sleep: sleep,
			Log: slog.New(slog.DiscardHandler), Progress: run.Silent{}},
		Schedules: all, NoEvents: true, Jobs: map[schedules.Job]Job{},
	}
	for _, j := range schedules.Jobs() {
		s.o.Jobs[j] = s.record(nil)
	}
	return s
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// record is a job that notes that it ran, then does something.
func (s *stage) record(then func(ctx context.Context, n int) error) Job {
	n := 0
	return func(ctx context.Context, o run.Options, sch *schedules.Schedule) error {
		s.mu.Lock()
		n++
		s.done = append(s.done, fmt.Sprintf("%s %s", sch.Name, o.Now().UTC().Format("2006-01-02T15:04")))
		s.mu.Unlock()
		if then == nil {
			return nil
		}
		return then(ctx, n)
	}
}

// serve lets the service work for a while, then stops it.
func (s *stage) serve(d time.Duration) {
	s.t.Helper()
	ctx, stop := context.WithCancel(s.t.Context())
	ended := make(chan error)
	go func() { ended <- Serve(ctx, s.o) }()
	time.Sleep(d)
	synctest.Wait()
	stop()
	if err := <-ended; err != nil {
		s.t.Errorf("serve: %v", err)
	}
}

// runs are what ran for one schedule.
func (s *stage) runs(name string) (times []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, line := range s.done {
		if at, ok := strings.CutPrefix(line, name+" "); ok {
			times = append(times, at)
		}
	}
	return times
}

// history is what was written down of one schedule.
func (s *stage) history(name string) []entry {
	s.t.Helper()
	b, err := os.ReadFile(filepath.Join(s.o.Run.Workspace.Journal(), "passages.jsonl"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.t.Fatal(err)
	}
	var all []entry
	for line := range strings.Lines(string(b)) {
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			s.t.Fatal(err)
		}
		if e.Schedule == name {
			all = append(all, e)
		}
	}
	return all
}

const nightly = "name: nuit\njob: run\ncron: \"30 2 * * *\"\njitter: 0s\n"

// until moves the bubble's clock, which begins in 2000.
func until(t time.Time) { time.Sleep(time.Until(t)) }

func at(text string) time.Time {
	v, err := time.Parse("2006-01-02T15:04", text)
	if err != nil {
		panic(err)
	}
	return v
}

// The nights around both clock changes of Ramadan 2024, with the service running.
func TestEachNightOnceThroughRamadan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(at("2024-03-08T12:00"))
		s := newStage(t, map[string]string{"nuit.yaml": nightly})
		s.serve(40 * 24 * time.Hour)
		got := s.runs("nuit")
		if len(got) != 40 {
			t.Errorf("%d runs in 40 nights", len(got))
		}
		for _, want := range []string{"2024-03-09T01:30", "2024-03-10T01:30", "2024-03-11T02:30", "2024-04-14T02:30", "2024-04-15T01:30"} {
			if !slices.Contains(got, want) {
				t.Errorf("no run at %s", want)
			}
		}
		for _, e := range s.history("nuit") {
			if e.Outcome != schedules.Done || e.CaughtUp {
				t.Errorf("%s: %+v", e.Face, e)
			}
		}
	})
}

// Off for five nights: the last is caught up, once, the others are told as missed.
func TestCatchUpOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(at("2026-01-09T12:00"))
		s := newStage(t, map[string]string{"nuit.yaml": nightly})
		s.serve(24 * time.Hour)
		time.Sleep(5 * 24 * time.Hour)
		before := len(s.runs("nuit"))
		s.serve(10 * time.Minute)
		s.serve(10 * time.Minute) // started again: not again
		if n := len(s.runs("nuit")) - before; n != 1 {
			t.Errorf("caught up %d times", n)
		}
		var told []string
		for _, e := range s.history("nuit") {
			told = append(told, fmt.Sprintf("%s %s %v", e.Face, e.Outcome, e.CaughtUp))
		}
		want := []string{"2026-01-10T02:30 done false", "2026-01-11T02:30 missed false", "2026-01-12T02:30 missed false",
			"2026-01-13T02:30 missed false", "2026-01-14T02:30 missed false", "2026-01-15T02:30 done true"}
		if d := cmp.Diff(want, told); d != "" {
			t.Error(d)
		}
	})
}

// A schedule met and then left alone: its absence is known to whoever asks.
func TestAbsenceIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(at("2026-01-09T12:00"))
		s := newStage(t, map[string]string{"nuit.yaml": nightly})
		s.serve(time.Minute) // and never again
		for _, c := range []struct{ at, overdue string }{
			{"2026-01-09T23:00", ""}, {"2026-01-10T02:00", ""}, {"2026-01-10T03:00", "2026-01-10T02:30"}, {"2026-01-13T12:00", "2026-01-13T02:30"},
		} {
			until(at(c.at))
			o, err := Outlooks(s.o.Run.Workspace, s.o.Schedules, time.Now(), 2)
			if err != nil {
				t.Fatal(err)
			}
			if o[0].Overdue != c.overdue || len(o[0].Next) != 2 || !o[0].Next[0].After(time.Now()) {
				t.Errorf("at %s: overdue %q, want %q; next %v", c.at, o[0].Overdue, c.overdue, o[0].Next)
			}
		}
		s.serve(time.Minute)
		o, err := Outlooks(s.o.Run.Workspace, s.o.Schedules, time.Now(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if o[0].Overdue != "" || len(o[0].Missed) != 3 || o[0].Last == nil || o[0].Last.Outcome != schedules.Done || !o[0].Last.CaughtUp {
			t.Errorf("caught up: %+v", o[0])
		}
	})
}

// A clock that jumps, as a machine's does when it finds the network's time: back by
// three hours just after the run, then two days on.
func TestClockJumps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(at("2026-01-09T12:00"))
		s := newStage(t, map[string]string{"nuit.yaml": nightly})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- Serve(ctx, s.o) }()
		until(at("2026-01-10T02:00"))
		s.offset.Store(int64(-3 * time.Hour))
		until(at("2026-01-10T12:00"))
		if got := s.runs("nuit"); len(got) != 1 {
			t.Errorf("set back: ran %v", got)
		}
		s.offset.Store(int64(48 * time.Hour))
		time.Sleep(time.Hour)
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got := s.runs("nuit"); len(got) != 2 {
			t.Errorf("set forward by two days: ran %v, want one more", got)
		}
	})
}

// What fails is tried again, later each time, and meanwhile other work is done.
func TestRetriesBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(at("2026-01-09T12:00"))
		s := newStage(t, map[string]string{
			"nuit.yaml":         nightly + "retries: {max: 3, backoff: 10m, limit: 30m}\n",
			"verification.yaml": "name: verification\njob: verify\ncron: \"40 2 * * *\"\n",
		})
		s.o.Jobs[schedules.Run] = s.record(func(context.Context, int) error { return errors.New("boom") })
		s.serve(24 * time.Hour)
		want := []string{"2026-01-10T01:30", "2026-01-10T01:40", "2026-01-10T02:00", "2026-01-10T02:30"}
		if d := cmp.Diff(want, s.runs("nuit")); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{"2026-01-10T01:40"}, s.runs("verification")); d != "" {
			t.Errorf("held up by retries:\n%s", d)
		}
		h := s.history("nuit")
		if len(h) != 1 || h[0].Outcome != schedules.Failed || h[0].Why != "boom" {
			t.Errorf("%+v", h)
		}
	})
}

// Another process holds the workspace: one schedule waits, the other lets it be.
func TestOverlap(t *testing.T) {
	for overlap, want := range map[string]schedules.Settled{"wait": schedules.Done, "skip": schedules.Skipped} {
		synctest.Test(t, func(t *testing.T) {
			until(at("2026-01-09T12:00"))
			s := newStage(t, map[string]string{"nuit.yaml": nightly + "overlap: " + overlap + "\nretries: {max: 1, backoff: 1m}\n"})
			s.o.Jobs[schedules.Run] = func(_ context.Context, o run.Options, sch *schedules.Schedule) error {
				if sch.Name == "nuit" && o.Now().Before(at("2026-01-10T03:00")) {
					return fmt.Errorf("run: %w", &run.Locked{Holder: run.Holder{PID: 1, Command: "rebuild"}})
				}
				return nil
			}
			s.serve(24 * time.Hour)
			h := s.history("nuit")
			if len(h) != 1 || h[0].Outcome != want {
				t.Errorf("%s: %+v", overlap, h)
			}
			if want == schedules.Skipped && !strings.Contains(h[0].Why, "rebuild") {
				t.Errorf("skipped without saying why: %q", h[0].Why)
			}
		})
	}
}

// One job at a time, whatever falls due together.
func TestOneJobAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(at("2026-01-09T12:00"))
		files := map[string]string{}
		for i := range 5 {
			files[fmt.Sprintf("s%d.yaml", i)] = fmt.Sprintf("name: s%d\njob: verify\ncron: \"30 2 * * *\"\n", i)
		}
		s := newStage(t, files)
		busy, most := 0, 0
		s.o.Jobs[schedules.Verify] = func(ctx context.Context, _ run.Options, _ *schedules.Schedule) error {
			s.mu.Lock()
			busy++
			most = max(most, busy)
			s.mu.Unlock()
			err := sleep(ctx, 20*time.Minute)
			s.mu.Lock()
			busy--
			s.mu.Unlock()
			return err
		}
		s.serve(24 * time.Hour)
		if most != 1 {
			t.Errorf("%d jobs at a time", most)
		}
		for i := range 5 {
			if h := s.history(fmt.Sprintf("s%d", i)); len(h) != 1 || h[0].Outcome != schedules.Done {
				t.Errorf("s%d: %+v", i, h)
			}
		}
	})
}

// Stopped during a job: it is let go of, and is due again.
func TestStoppedDuringAJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(at("2026-01-10T01:00"))
		s := newStage(t, map[string]string{"nuit.yaml": nightly})
		s.o.Jobs[schedules.Run] = s.record(func(ctx context.Context, n int) error {
			if n == 2 { // the first is the watch's first look
				return sleep(ctx, 10*time.Hour)
			}
			return nil
		})
		s.serve(time.Hour)
		if h := s.history("nuit"); len(h) != 0 {
			t.Errorf("settled though it was let go of: %+v", h)
		}
		s.serve(time.Hour)
		if h := s.history("nuit"); len(h) != 1 || h[0].Outcome != schedules.Done || !h[0].CaughtUp {
			t.Errorf("%+v", h)
		}
	})
}

// A network share tells nothing: a dropped file is seen by looking, and asked for
// within a minute, once.
func TestDroppedFileWithoutEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(at("2026-01-10T12:00"))
		s := newStage(t, nil)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- Serve(ctx, s.o) }()
		time.Sleep(10*time.Minute + 7*time.Second) // between two looks
		if got := s.runs("depot"); len(got) != 1 {
			t.Errorf("nothing dropped: %v, want the first look only", got)
		}
		drop := filepath.Join(s.o.Run.Workspace.Depot(), "EN", "2026", "liste.xlsx")
		if err := errors.Join(os.MkdirAll(filepath.Dir(drop), 0o755), os.WriteFile(drop, []byte("x"), 0o644)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(59 * time.Second)
		if got := s.runs("depot"); len(got) != 2 {
			t.Errorf("dropped a minute ago: %v", got)
		}
		if err := os.WriteFile(filepath.Join(filepath.Dir(drop), "~$liste.xlsx"), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		if got := s.runs("depot"); len(got) != 2 {
			t.Errorf("somebody opened a workbook: %v", got)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
