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

// What a workbook's folder shows changes with each thing that may make it readable:
// its rights, its name, a link to where the share is mounted.
func TestFingerprint(t *testing.T) {
	depot, mounted := t.TempDir(), t.TempDir()
	file := filepath.Join(depot, "EN", "a.xlsx")
	last := uint64(0)
	for _, step := range []struct {
		what    string
		do      func() error
		changes bool
	}{
		{"dropped", func() error {
			return errors.Join(os.Mkdir(filepath.Dir(file), 0o755), os.WriteFile(file, []byte("x"), 0o644))
		}, true},
		{"nothing", func() error { return nil }, false},
		{"rights", func() error { return os.Chmod(file, 0o600) }, true},
		{"a lock beside it", func() error { return os.WriteFile(filepath.Join(depot, "EN", "~$a.xlsx"), nil, 0o644) }, false},
		{"renamed", func() error { return os.Rename(file, filepath.Join(depot, "EN", "b.xlsx")) }, true},
		{"a folder in a folder", func() error {
			deep := filepath.Join(depot, "EN", "2026", "T1")
			return errors.Join(os.MkdirAll(deep, 0o755), os.WriteFile(filepath.Join(deep, "c.xlsx"), nil, 0o644))
		}, true},
		{"a link", func() error { return os.Symlink(mounted, filepath.Join(depot, "OFPPT")) }, true},
		{"behind the link", func() error { return os.WriteFile(filepath.Join(mounted, "d.xlsx"), nil, 0o644) }, true},
	} {
		if err := step.do(); err != nil {
			t.Skip(err)
		}
		print, err := fingerprint(depot)
		if err != nil || (print != last) != step.changes {
			t.Errorf("%s: changed %v, %v", step.what, print != last, err)
		}
		last = print
	}
	link := filepath.Join(t.TempDir(), "depot")
	if err := os.Symlink(depot, link); err != nil {
		t.Fatal(err)
	}
	if print, err := fingerprint(link); err != nil || print != last {
		t.Errorf("the drop folder is a link: %v", err)
	}
	if _, err := fingerprint(filepath.Join(depot, "nowhere")); err == nil {
		t.Error("no folder at all shows something")
	}
}

// A file that could not be taken is tried again, though nothing about it changes.
func TestUnfinished(t *testing.T) {
	w, err := run.InitWorkspace(filepath.Join(t.TempDir(), "w"), "", []pipeline.Member{"EN"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &service{Options: Options{Run: run.Options{Workspace: w}}}
	if s.unfinished(time.Hour) {
		t.Error("nothing was left")
	}
	for reason, pause := range map[string]time.Duration{"unsettled": unsettledPause, "unreadable": unreadablePause, "no_member": 0} {
		last := `{"verb":"run","left":[{"path":"EN/a.xlsx","reason":"` + reason + `","since":"2026-01-01T00:00:00Z"}]}`
		dir := filepath.Join(w.Private(), "derniers")
		if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, "run.json"), []byte(last), 0o600)); err != nil {
			t.Fatal(err)
		}
		if s.unfinished(pause-time.Second) || s.unfinished(pause) != (pause > 0) {
			t.Errorf("%s: not after %s", reason, pause)
		}
	}
}

// One service a workspace: a second one says who the first is.
func TestOneService(t *testing.T) {
	w, err := run.InitWorkspace(filepath.Join(t.TempDir(), "w"), "", []pipeline.Member{"EN"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	release, err := w.LockService(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var locked *run.Locked
	err = Serve(t.Context(), Options{Run: run.Options{Workspace: w, Now: time.Now, Sleep: sleep, Log: slog.New(slog.DiscardHandler)}})
	if !errors.As(err, &locked) || locked.Holder.Command != "serve" || locked.Holder.PID != os.Getpid() {
		t.Errorf("%v", err)
	}
	if err := release(); err != nil {
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
