//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"cp3/connectors/example"
)

// crashKills asks for the long form: that many kills over the whole example set
// (docs/architecture.md, Tests). Without it, a few kills over a few of its workbooks.
const crashKills = "CP3_CRASH_KILLS"

// crashSeed makes another draw of instants; each failure names the one it had.
const crashSeed = "CP3_CRASH_SEED"

// Killed at any instant, again and again, `cp3 run` loses nothing: as it was left,
// everything verifies and nothing is answered that isn't received; continued, it
// publishes and answers what an uninterrupted run does, byte for byte.
func TestKilledAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	kills, first, then := 12, few, fewMore
	if long, err := strconv.Atoi(os.Getenv(crashKills)); err == nil {
		kills = long
		then = func(f example.File) bool { return !few(f) }
	}
	seed := uint64(1)
	if s, err := strconv.ParseUint(os.Getenv(crashSeed), 10, 64); err == nil {
		seed = s
	}
	start := newWorld(t, filepath.Join(t.TempDir(), "w"), first, then)
	whole := start.copyTo(t, filepath.Join(t.TempDir(), "w"))
	began := time.Now()
	if stage := whole.killed(t, "run", instant{after: time.Hour}); stage != "" {
		t.Fatal("the uninterrupted run was killed")
	}
	took := time.Since(began)
	whole.sound(t)
	want := whole.result(t)
	if len(want) < 20 {
		t.Fatalf("the uninterrupted run made %d files only", len(want))
	}

	r := rand.New(rand.NewPCG(seed, 2))
	stages := map[string]int{}
	for n, tries := 0, 0; n < kills; {
		if tries++; tries > 4*kills {
			t.Fatalf("only %d of %d runs were still there to be killed", n, tries)
		}
		w := start.copyTo(t, filepath.Join(t.TempDir(), "w"))
		var history []string
		for range 1 + r.IntN(3) { // killed once, or again while mending, or a third time
			at := anyInstant(r, tries, took)
			stage := w.killed(t, "run", at)
			if stage == "" {
				break // it was done before
			}
			n++
			stages[stage]++
			history = append(history, stage)
			w.sound(t)
			w.cp3(t, 0, "status", "-w", w.dir)
		}
		if len(history) == 0 {
			continue
		}
		w.cp3(t, 0, "run", "-w", w.dir)
		w.sound(t)
		same(t, want, w.result(t))
		if t.Failed() {
			t.Fatalf("%s=%d: killed during %s", crashSeed, seed, strings.Join(history, ", then "))
		}
		if err := os.RemoveAll(w.dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills, by the last step that was told: %v; an uninterrupted run took %s", kills, stages, took.Round(time.Millisecond))
}

// instant is when to kill: some time after the process began, or after it told a
// step, so that short steps are met as often as long ones.
type instant struct {
	told  string // "" for the beginning
	after time.Duration
}

// told are the steps a run tells, in order.
var told = []string{"discovered", "received", "linked", "published", "answered"}

// anyInstant is, in turn, anywhere in a run and soon after each of its steps.
func anyInstant(r *rand.Rand, n int, took time.Duration) instant {
	if n%2 == 0 {
		return instant{after: time.Duration(r.Int64N(int64(took)))}
	}
	return instant{told: told[n/2%(len(told)-1)], after: time.Duration(r.Int64N(int64(took / 8)))}
}

// A purge killed at any instant is continued by whatever runs next: nothing of what
// was published is lost, nothing personal stays.
func TestPurgeKilledAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	kills := 4
	if long, err := strconv.Atoi(os.Getenv(crashKills)); err == nil {
		kills = long / 4
	}
	start := newWorld(t, filepath.Join(t.TempDir(), "w"), few, fewMore)
	if err := os.WriteFile(filepath.Join(start.dir, "cp3.yaml"), []byte("retention: {years: 5}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	start.at = time.Date(2025, 1, 10, 5, 0, 0, 0, time.UTC)
	start.cp3(t, 0, "run", "-w", start.dir)
	people, before := start.personal(t, "2019"), start.figures(t)
	whole := start.copyTo(t, filepath.Join(t.TempDir(), "w"))
	began := time.Now()
	whole.killed(t, "purge", instant{after: time.Hour})
	took := time.Since(began)
	whole.forgot(t, people)

	r := rand.New(rand.NewPCG(1, 3))
	for n := 0; n < kills; n++ {
		w := start.copyTo(t, filepath.Join(t.TempDir(), "w"))
		stage := w.killed(t, "purge", instant{after: time.Duration(r.Int64N(int64(took)))})
		next := []string{"run", "purge", "rebuild"}[n%3]
		w.cp3(t, 0, next, "-w", w.dir)
		w.sound(t)
		sameFigures(t, "killed during "+stage+", then "+next, before, w.figures(t))
		w.cp3(t, 0, "purge", "-w", w.dir)
		w.sound(t)
		w.forgot(t, people)
		sameFigures(t, "killed during "+stage+", purged", before, w.figures(t))
		if t.Failed() {
			return
		}
	}
}

// A rebuild, a backup and a restore killed at any instant are as if they had not been
// asked for, or are done: what stood stands, and asked again they come to their end.
func TestUpkeepKilledAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	kills := 1
	if long, err := strconv.Atoi(os.Getenv(crashKills)); err == nil {
		kills = long / 4
	}
	start := newWorld(t, filepath.Join(t.TempDir(), "w"), few, fewMore)
	start.cp3(t, 0, "run", "-w", start.dir)
	key := filepath.Join(t.TempDir(), "key")
	start.cp3(t, 0, "backup", "--new-key", key)
	if code := configure(filepath.Join(start.dir, "cp3.yaml"), key); code != 0 {
		t.Fatal(code)
	}
	start.cp3(t, 0, "run", "-w", start.dir)
	want := start.result(t)
	r := rand.New(rand.NewPCG(1, 4))
	whole := start.copyTo(t, filepath.Join(t.TempDir(), "w"))
	t.Run("rebuild", func(t *testing.T) {
		began := time.Now()
		whole.killed(t, "rebuild", instant{after: time.Hour})
		took := time.Since(began)
		for range kills {
			w := start.copyTo(t, filepath.Join(t.TempDir(), "w"))
			w.killed(t, "rebuild", instant{after: time.Duration(r.Int64N(int64(took)))})
			w.sound(t)
			same(t, want, w.result(t))
			w.cp3(t, 0, "run", "-w", w.dir)
			w.cp3(t, 0, "rebuild", "-w", w.dir)
			w.sound(t)
			same(t, want, w.result(t))
		}
	})
	var copies []string
	outer := t
	t.Run("backup", func(t *testing.T) {
		began := time.Now()
		whole.killed(t, "backup", instant{after: time.Hour})
		took := time.Since(began)
		for range kills {
			w := start.copyTo(t, filepath.Join(outer.TempDir(), "w")) // one of its backups is restored below
			w.killed(t, "backup", instant{after: time.Duration(r.Int64N(int64(took)))})
			w.sound(t)
			found, _ := filepath.Glob(filepath.Join(w.dir, "sauvegardes", "*.age"))
			w.at = w.at.Add(time.Hour)
			w.cp3(t, 0, "backup", "-w", w.dir)
			again, _ := filepath.Glob(filepath.Join(w.dir, "sauvegardes", "*.age"))
			if len(again) != len(found)+1 {
				t.Errorf("%d backups, then %d", len(found), len(again))
			}
			copies = again
		}
	})
	t.Run("restore", func(t *testing.T) {
		restore := func(dir string) world { return world{dir, start.at.Add(2 * time.Hour)} }
		done := restore(filepath.Join(t.TempDir(), "done"))
		began := time.Now()
		done.killed(t, "restore", instant{after: time.Hour}, copies[0], done.dir, "--identity", key)
		took := time.Since(began)
		for range kills {
			w := restore(filepath.Join(t.TempDir(), "w"))
			w.killed(t, "restore", instant{after: time.Duration(r.Int64N(int64(took)))}, copies[0], w.dir, "--identity", key)
			verb := []string{"rebuild", "-w", w.dir}
			if _, err := os.Stat(filepath.Join(w.dir, "prive")); err != nil {
				verb = []string{"restore", copies[0], w.dir, "--identity", key}
			}
			w.cp3(t, 0, verb...)
			w.sound(t)
			got := w.result(t)
			for name := range got { // answers are given already: they aren't written again
				if !strings.HasPrefix(name, "retours/") && got[name] != want[name] {
					t.Errorf("%s differs", name)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(w.dir, ".restauration-*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		}
	})
}

// killed starts a verb as a process of its own and kills it at an instant. It
// returns the last step the process had told, "" when it was done before.
func (w world) killed(t *testing.T, verb string, at instant, args ...string) string {
	t.Helper()
	child := exec.Command("cp3", append([]string{verb, "-w", w.dir}, args...)...)
	child.Env = append(os.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", w.at.Unix()))
	said, err := child.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var last atomic.Value
	last.Store("starting")
	reached, once := make(chan struct{}), sync.Once{}
	if at.told == "" {
		close(reached)
	}
	var transcript strings.Builder
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(io.TeeReader(said, &transcript)); lines.Scan(); {
			for _, step := range told {
				if strings.Contains(lines.Text(), "msg="+step) {
					last.Store(step)
					if step == at.told {
						once.Do(func() { close(reached) })
					}
				}
			}
		}
	}()
	go func() {
		select {
		case <-reached:
			time.Sleep(at.after)
		case <-read:
		}
		_ = child.Process.Kill() // gone already: Wait tells
	}()
	<-read
	err = child.Wait()
	status := child.ProcessState.Sys().(syscall.WaitStatus)
	switch {
	case err == nil:
		return ""
	case status.Signaled() && status.Signal() == syscall.SIGKILL:
		return last.Load().(string)
	}
	t.Fatalf("cp3 %s: %v\n%s", verb, err, transcript.String())
	return ""
}
