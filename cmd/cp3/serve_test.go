//go:build unix

package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cp3/connectors/example"
)

// service is `cp3 serve` as a process of its own.
type service struct {
	cmd   *exec.Cmd
	lines chan string
	mu    sync.Mutex
	all   strings.Builder
}

func startService(t *testing.T, w world) *service {
	t.Helper()
	s := &service{cmd: exec.Command("cp3", "serve", "-w", w.dir, "--listen", "127.0.0.1:0"), lines: make(chan string, 1000)}
	said, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	go s.read(said)
	return s
}

func (s *service) read(said io.Reader) {
	defer close(s.lines)
	for lines := bufio.NewScanner(said); lines.Scan(); {
		s.mu.Lock()
		s.all.WriteString(lines.Text() + "\n")
		s.mu.Unlock()
		s.lines <- lines.Text()
	}
}

// tells waits for a line with a text.
func (s *service) tells(t *testing.T, text string) string {
	t.Helper()
	limit := time.After(3 * time.Minute)
	for {
		select {
		case line, ok := <-s.lines:
			if !ok {
				t.Fatalf("it ended before telling %q:\n%s", text, s.all.String())
			}
			if strings.Contains(line, text) {
				return line
			}
		case <-limit:
			t.Fatalf("it never told %q", text)
		}
	}
}

// stops asks it to end, as systemd does, and waits.
func (s *service) stops(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for range s.lines {
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("stopped: %v\n%s", err, s.all.String())
	}
}

// A file dropped while the service works is answered within a minute; asked to
// stop in the middle of a run it lets go at once, and the next start goes on.
func TestServiceAnswersAndStops(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	start := newWorld(t, filepath.Join(t.TempDir(), "w"), few, fewMore)
	whole := start.copyTo(t, filepath.Join(t.TempDir(), "w"))
	whole.at = time.Now()
	whole.cp3(t, 0, "run", "-w", whole.dir)

	// Stopped after what was dropped was received, before it was published.
	s := startService(t, start)
	s.tells(t, "msg=received")
	asked := time.Now()
	s.stops(t)
	if took := time.Since(asked); took > 30*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	start.sound(t)
	if got := start.result(t); got["edition"] == whole.result(t)["edition"] {
		t.Error("it had published before it was stopped: nothing was interrupted")
	}

	s = startService(t, start)
	address := regexp.MustCompile(`address=(\S+)`).FindStringSubmatch(s.tells(t, "msg=listening"))[1]
	s.tells(t, "msg=answered")
	s.tells(t, "msg=done")
	start.sound(t)
	sameTables(t, whole.result(t), start.result(t))

	set, err := example.Make(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	dropped := time.Now()
	start.drop(t, set, func(f example.File) bool { return f.Path == "ARTISANAT/Délégation Casablanca 2020.xlsx" })
	s.tells(t, "msg=received")
	s.tells(t, "msg=answered")
	if took := time.Since(dropped); took > time.Minute {
		t.Errorf("answered after %s", took)
	}
	if found, _ := filepath.Glob(filepath.Join(start.dir, "retours", "ARTISANAT", "Délégation Casablanca 2020.*.xlsx")); len(found) != 1 {
		t.Errorf("answers: %v", found)
	}
	s.tells(t, "msg=done")
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ok", "/metrics": `cp3_jobs_total{job="run",outcome="done"}`} {
		if said := get(t, "http://"+address+path); !strings.Contains(said, want) {
			t.Errorf("%s: %s", path, said)
		}
	}
	s.stops(t)
	start.cp3(t, 0, "status", "-w", start.dir)
	journal, err := filepath.Glob(filepath.Join(start.dir, "prive", "journal", time.Now().UTC().Format("2006-01-")+"*.jsonl"))
	if err != nil || len(journal) == 0 {
		t.Fatalf("no journal: %v", err)
	}
	b, err := os.ReadFile(journal[0])
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if strings.Contains(line, `"msg":"received"`) && !strings.Contains(line, `"run":"20`) {
			t.Errorf("a line without its run: %s", line)
		}
	}
	for _, place := range []string{"prive/journal", "prive/ledger", "prive/derniers"} {
		start.nobodyIn(t, place)
	}
}

// sameTables is same for runs whose clocks differ: the tables that hold no time.
func sameTables(t *testing.T, want, got map[string]string) {
	t.Helper()
	for _, name := range []string{"valeurs", "activites", "tableau_de_suivi", "provenance", "referencements"} {
		name = "publication/csv/" + name + ".csv"
		if want[name] == "" || want[name] != got[name] {
			t.Errorf("%s differs", name)
		}
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
