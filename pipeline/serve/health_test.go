package serve

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/run"
	"cp3/schedules"
)

// pageSays is the status and text of one page.
func pageSays(t *testing.T, s *service, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	s.pages().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result().StatusCode, string(b)
}

func TestPages(t *testing.T) {
	w, err := run.InitWorkspace(filepath.Join(t.TempDir(), "w"), "", []pipeline.Member{"EN"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 2, 18, 2, 30, 0, 0, time.UTC)
	s, err := newService(Options{Run: run.Options{Workspace: w, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	expect := func(path string, code int, text string) {
		t.Helper()
		if got, said := pageSays(t, s, path); got != code || !strings.Contains(said, text) {
			t.Errorf("%s: %d %q, want %d %q", path, got, said, code, text)
		}
	}
	s.health.ticked(now)
	expect("/healthz", 200, "ok")
	now = now.Add(time.Hour)
	expect("/healthz", 503, "1h0m0s ago")

	nuit := task{schedule: &schedules.Schedule{Name: "nuit", Job: schedules.Run}}
	expect("/readyz", 200, "ok")
	s.settle(nuit, schedules.Failed, "the disk is full")
	expect("/readyz", 503, "nuit failed: the disk is full")
	s.settle(task{schedule: &schedules.Schedule{Name: "verification", Job: schedules.Verify}}, schedules.Done, "")
	expect("/readyz", 503, "nuit failed") // another's success mends nothing
	s.settle(nuit, schedules.Done, "")
	expect("/readyz", 200, "ok")
	if err := os.Rename(w.Depot(), w.Depot()+".away"); err != nil {
		t.Fatal(err)
	}
	expect("/readyz", 503, "depot")

	expect("/metrics", 200, `cp3_jobs_total{job="run",outcome="failed"} 1`)
	expect("/metrics", 200, `cp3_job_last_success_timestamp_seconds{job="run"} 1.771385`)
	expect("/metrics", 200, "cp3_depot_reachable")
	expect("/anything", 404, "")
}

// Where the file system tells of changes, a dropped file is seen at once.
func TestDroppedFileWithEvents(t *testing.T) {
	w, err := run.InitWorkspace(filepath.Join(t.TempDir(), "w"), "", []pipeline.Member{"EN"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan bool, 10)
	o := Options{
		Run:  run.Options{Workspace: w, Now: time.Now, Sleep: sleep, Log: slog.New(slog.DiscardHandler)},
		Poll: time.Hour,
		Jobs: map[schedules.Job]Job{schedules.Run: func(context.Context, run.Options, *schedules.Schedule) error { ran <- true; return nil }},
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- Serve(ctx, o) }()
	wait := func(what string) {
		t.Helper()
		select {
		case <-ran:
		case <-time.After(time.Minute):
			t.Errorf("%s: nobody looked", what)
		}
	}
	wait("first look")
	deep := filepath.Join(w.Depot(), "EN", "2026", "T1")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // the new folders are watched by now
	if err := os.WriteFile(filepath.Join(deep, "liste.xlsx"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	wait("dropped in a new folder")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A service that can't listen says so instead of working unseen.
func TestAddressTaken(t *testing.T) {
	w, err := run.InitWorkspace(filepath.Join(t.TempDir(), "w"), "", []pipeline.Member{"EN"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	taken := httptest.NewServer(http.NotFoundHandler())
	defer taken.Close()
	err = Serve(t.Context(), Options{Listen: taken.Listener.Addr().String(),
		Run: run.Options{Workspace: w, Now: time.Now, Sleep: sleep, Log: slog.New(slog.DiscardHandler)}})
	if err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that the address is taken", err)
	}
}
