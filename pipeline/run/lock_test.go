package run

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestOneHolderAtATime(t *testing.T) {
	w := Workspace{Root: t.TempDir()}
	if err := os.MkdirAll(w.Private(), 0o700); err != nil {
		t.Fatal(err)
	}
	since := time.Date(2026, 2, 18, 2, 30, 0, 0, time.UTC)
	release, err := w.Lock("run", since)
	if err != nil {
		t.Fatal(err)
	}
	var locked *Locked
	if _, err := w.Lock("rebuild", since); !errors.As(err, &locked) {
		t.Fatalf("a second one got the workspace: %v", err)
	}
	if h := locked.Holder; h.Command != "run" || h.PID != os.Getpid() || !h.Since.Equal(since) {
		t.Errorf("held by %+v", h)
	}
	if h := w.holder(); h == nil || h.Command != "run" {
		t.Errorf("status says %+v", h)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if h := w.holder(); h != nil {
		t.Errorf("released, and still held by %+v", h)
	}
}

// A killed process leaves its name behind, not its lock.
func TestLockOfTheDead(t *testing.T) {
	w := Workspace{Root: t.TempDir()}
	if err := os.MkdirAll(w.Private(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.Private(), "verrou.json"), []byte(`{"pid":1,"command":"run"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if h := w.holder(); h != nil {
		t.Errorf("held by the dead: %+v", h)
	}
	release, err := w.Lock("run", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
}

// Asking who holds a workspace, at any rate, never makes a run fail.
func TestAskingNeverBlocks(t *testing.T) {
	w := Workspace{Root: t.TempDir()}
	if err := os.MkdirAll(w.Private(), 0o700); err != nil {
		t.Fatal(err)
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				w.holder()
			}
		}
	}()
	for range 200 {
		release, err := w.Lock("run", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := release(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	<-done
}
