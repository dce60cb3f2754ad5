//go:build unix

package publish

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The test binary, started again with these set, publishes edition 2 and kills
// itself at a point, or waits to be killed.
const (
	crashDir   = "CP3_TEST_CRASH_DIR"
	crashPoint = "CP3_TEST_CRASH_POINT" // "staged", "table written#2"; "" runs to the end, slowly
	crashSwap  = "CP3_TEST_CRASH_RENAMES"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		os.Exit(crashChild(dir))
	}
	os.Exit(m.Run())
}

func crashChild(dir string) int {
	point, n, _ := strings.Cut(os.Getenv(crashPoint), "#")
	o := Options{Keep: 2, renames: os.Getenv(crashSwap) != ""}
	seen := 0
	o.at = func(at string) {
		if point == "" {
			time.Sleep(time.Millisecond)
		}
		if at != point {
			return
		}
		if seen++; n == "" || n == fmt.Sprint(seen) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	if _, err := Write(context.Background(), dir, plainSource{text: "edition 2"}, plainEdition(2), o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// crash publishes edition 1, starts a child that publishes edition 2, and has it
// killed: by itself at a point, or by us after a delay.
func crash(t *testing.T, point string, renames bool, delay time.Duration) (dir string, finished bool) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "publication")
	publishPlain(t, dir, 1, Options{Keep: 2})
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashDir+"="+dir, crashPoint+"="+point)
	if renames {
		child.Env = append(child.Env, crashSwap+"=1")
	}
	var said strings.Builder
	child.Stderr = &said
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if delay > 0 {
		time.Sleep(delay)
		_ = child.Process.Kill()
	}
	err := child.Wait()
	state := child.ProcessState.Sys().(syscall.WaitStatus)
	if err == nil {
		return dir, true
	}
	if !state.Signaled() || state.Signal() != syscall.SIGKILL {
		t.Fatalf("the child was not killed: %v\n%s", err, said.String())
	}
	return dir, false
}

// The points of a publication, and which edition stands when it dies there.
var crashPoints = []struct {
	point   string
	edition int
	renames bool // reached only when swapping by two renames
}{
	{"staging", 1, false},
	{"database written", 1, false},
	{"table written#1", 1, false},
	{"table written#2", 1, false},
	{"files written", 1, false},
	{"manifest written", 1, false},
	{"staged", 1, false},
	{"marked", 1, false},
	{"between renames", 2, true},
	{"swapped", 2, false},
	{"cleaned", 2, false},
}

func TestKilledAtEachPoint(t *testing.T) {
	for _, renames := range []bool{false, true} {
		for _, c := range crashPoints {
			if c.renames && !renames {
				continue
			}
			t.Run(fmt.Sprintf("renames=%v/%s", renames, c.point), func(t *testing.T) {
				t.Parallel()
				dir, finished := crash(t, c.point, renames, 0)
				if finished {
					t.Fatal("the child never reached the point")
				}
				if !renames { // never absent or half-new, even before anybody mends it
					if problems, err := Verify(dir); err != nil || len(problems) > 0 {
						t.Errorf("as the crash left it: %v, %v", problems, err)
					}
				}
				mended(t, dir, c.edition)
			})
		}
	}
}

// Killed at any instant, mended, published again: always a whole edition.
func TestKilledAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 24 {
		delay := time.Duration(2+r.IntN(40)) * time.Millisecond
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			dir, _ := crash(t, "", i%2 == 1, delay)
			mended(t, dir, 0)
		})
	}
}

// mended recovers, twice, and publishes again. edition is the one that must
// stand; 0 is either.
func mended(t *testing.T, dir string, edition int) {
	t.Helper()
	for range 2 {
		if err := Recover(dir); err != nil {
			t.Fatal(err)
		}
		m := whole(t, dir)
		if edition != 0 && m.Edition != edition || m.Edition < 1 || m.Edition > 2 {
			t.Errorf("edition %d stands, want %d", m.Edition, edition)
		}
	}
	publishPlain(t, dir, 3, Options{Keep: 1})
	whole(t, dir)
	if d := cmp.Diff([]string{"3"}, names(t, filepath.Join(dir, editionsDir))); d != "" {
		t.Errorf("editions:\n%s", d)
	}
}

// A power cut while recovering finds the same state again, or a later one.
func TestRecoverFromEveryHalfState(t *testing.T) {
	for name, lay := range map[string]func(t *testing.T, p places){
		"nothing at all":                 func(t *testing.T, p places) {},
		"half an edition staged":         func(t *testing.T, p places) { half(t, p.next) },
		"publication moved, marker kept": func(t *testing.T, p places) { move(t, p.dir, p.past); touch(t, p.marker) },
		"moved, and an empty folder made in its place": func(t *testing.T, p places) {
			move(t, p.dir, p.past)
			touch(t, p.marker)
			if err := os.Mkdir(p.dir, 0o755); err != nil {
				t.Fatal(err)
			}
		},
		"only the marker": func(t *testing.T, p places) { touch(t, p.marker) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "publication")
			publishPlain(t, dir, 1, Options{})
			p, err := placesOf(dir)
			if err != nil {
				t.Fatal(err)
			}
			lay(t, p)
			if err := Recover(dir); err != nil {
				t.Fatal(err)
			}
			if m := whole(t, dir); m.Edition != 1 {
				t.Errorf("edition %d", m.Edition)
			}
		})
	}
}

func half(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "csv"), 0o755); err != nil {
		t.Fatal(err)
	}
	touch(t, filepath.Join(dir, "csv", "alpha.csv"))
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func touch(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
}
