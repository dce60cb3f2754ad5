//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Full at whatever moment, the disk stops the run with a message; archive, ledger
// and edition stay whole, and with space again the run is what it would have been.
func TestDiskFull(t *testing.T) {
	if testing.Short() || os.Getuid() != 0 {
		t.Skip("needs root, to mount a small disk")
	}
	small := t.TempDir()
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=256m"); err != nil {
		t.Skipf("can't mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(small, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	start := newWorld(t, filepath.Join(t.TempDir(), "w"), few, fewMore)
	whole := start.copyTo(t, filepath.Join(small, "w"))
	before := room(t, small)
	whole.cp3(t, 0, "run", "-w", whole.dir)
	need := before - room(t, small)
	want := whole.result(t)
	if err := os.RemoveAll(whole.dir); err != nil {
		t.Fatal(err)
	}
	// From no room at all, for the archive, to nearly enough: with half of what it
	// would like to have, DuckDB may still manage.
	for _, percent := range []int64{0, 1, 10, 30, 50} {
		left := need * percent / 100
		t.Run(fmt.Sprintf("%d percent", percent), func(t *testing.T) {
			w := start.copyTo(t, filepath.Join(small, "w"))
			defer os.RemoveAll(w.dir)
			fill(t, small, left)
			defer os.Remove(filepath.Join(small, "ballast"))
			said, code := w.try(t, "run", "-w", w.dir)
			if full := strings.Contains(said, "Le disque est plein"); full != (code == 1) || code == 0 && percent <= 10 {
				t.Errorf("exit %d:\n%s", code, said)
			}
			w.sound(t)
			if err := os.Remove(filepath.Join(small, "ballast")); err != nil {
				t.Fatal(err)
			}
			w.cp3(t, 0, "run", "-w", w.dir)
			w.sound(t)
			same(t, want, w.result(t))
		})
	}
}

// fill leaves that many bytes on a file system.
func fill(t *testing.T, dir string, left int64) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Fallocate(int(f.Fd()), 0, 0, room(t, dir)-left); err != nil {
		t.Fatal(err)
	}
}

// room is how many bytes a file system has left.
func room(t *testing.T, dir string) int64 {
	t.Helper()
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		t.Fatal(err)
	}
	return int64(fs.Bavail) * fs.Bsize
}

// A drop folder that isn't there is a failure, not an empty folder.
func TestDepotGone(t *testing.T) {
	start := newWorld(t, filepath.Join(t.TempDir(), "w"), few, fewMore)
	published := start.result(t)
	depot := filepath.Join(start.dir, "depot")
	for name, go_ := range map[string]func() error{
		"no folder":                func() error { return nil },
		"an empty mount point":     func() error { return os.Mkdir(depot, 0o755) },
		"a file in its place":      func() error { return os.WriteFile(depot, nil, 0o644) },
		"a link to nowhere":        func() error { return os.Symlink("/nowhere/at/all", depot) },
		"files but no folder left": func() error { return os.MkdirAll(filepath.Join(depot, ".."), 0o755) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.Rename(depot, depot+".away"); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := os.RemoveAll(depot); err != nil {
					t.Error(err)
				}
				if err := os.Rename(depot+".away", depot); err != nil {
					t.Error(err)
				}
			}()
			if err := go_(); err != nil {
				t.Fatal(err)
			}
			said := start.cp3(t, 1, "run", "-w", start.dir)
			if !strings.Contains(said, "le partage réseau est-il monté") {
				t.Errorf("the message doesn't say what to do:\n%s", said)
			}
			same(t, published, start.result(t))
			start.sound(t)
		})
	}
	start.cp3(t, 0, "run", "-w", start.dir)
}

// Rights taken away: exit 1, a message, the edition as it was; given back, the run
// goes on. The program runs as nobody where the tests run as root.
func TestRightsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	start := newWorld(t, filepath.Join(open(t), "w"), few, fewMore)
	published := start.result(t)
	chown(t, start.dir)
	for name, path := range map[string]string{
		"depot unreadable":     "depot",
		"publication's parent": ".",
		"archive read-only":    "prive/archive",
		"ledger read-only":     "prive/ledger/ledger.jsonl",
		"answers' folder":      "retours/OFPPT",
		"warehouse read-only":  "prive/entrepot.duckdb",
	} {
		t.Run(name, func(t *testing.T) {
			w := start.copyTo(t, filepath.Join(open(t), "w"))
			chown(t, w.dir)
			file := filepath.Join(w.dir, filepath.FromSlash(path))
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			mode := os.FileMode(0o500)
			if path == "depot" {
				mode = 0
			}
			if err := os.Chmod(file, mode); err != nil {
				t.Fatal(err)
			}
			said, code := w.nobody(t, "run", "-w", w.dir)
			if err := os.Chmod(file, info.Mode().Perm()); err != nil {
				t.Fatal(err)
			}
			if code != 1 || !strings.Contains(said, "refuse l'accès") {
				t.Errorf("exit %d:\n%s", code, said)
			}
			if path != "retours/OFPPT" { // answers come after the edition
				same(t, published, w.result(t))
			}
			w.sound(t)
			if said, code := w.nobody(t, "run", "-w", w.dir); code != 0 {
				t.Errorf("rights given back: exit %d:\n%s", code, said)
			}
			w.sound(t)
		})
	}
}

// open is a temporary folder that anybody can enter.
func open(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// nobodyID is who owns nothing.
const nobodyID = 65534

func chown(t *testing.T, dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	err := filepath.WalkDir(dir, func(name string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(name, nobodyID, nobodyID)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// nobody runs the program without root's rights.
func (w world) nobody(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	found, err := exec.LookPath("cp3")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(found, args...)
	if os.Getuid() == 0 {
		program := filepath.Join(open(t), "cp3")
		if err := os.Link(found, program); err != nil {
			b, err := os.ReadFile(found)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(program, b, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		cmd = exec.Command(program, args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobodyID, Gid: nobodyID}}
	}
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", w.at.Unix()))
	b, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(b), cmd.ProcessState.ExitCode()
}
