package run

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// share mounts a small disk of its own at dir; the test skips where it can't.
func share(t *testing.T, dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root, to mount a disk")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=128m"); err != nil {
		t.Skipf("can't mount a disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// readOnly changes how a share is mounted.
func readOnly(t *testing.T, dir string, ro bool) {
	t.Helper()
	flags := uintptr(syscall.MS_REMOUNT)
	if ro {
		flags |= syscall.MS_RDONLY
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", flags, ""); err != nil {
		t.Error(err)
	}
}

// moved mounts what is at one place at another: a share that went away and came back.
func moved(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o755); err != nil {
		t.Error(err)
	}
	if err := syscall.Mount(from, to, "", syscall.MS_BIND, ""); err != nil {
		t.Error(err)
	}
	if err := syscall.Unmount(from, syscall.MNT_DETACH); err != nil {
		t.Error(err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(to, syscall.MNT_DETACH) })
}

// published is what analysts read.
func published(t *testing.T, o Options) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(o.Workspace.Publication(), "MANIFEST.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// twoNights are options of a workspace with a first edition and a second file dropped.
func twoNights(t *testing.T, o Options) {
	t.Helper()
	drop(t, o, "a.csv", "a;b\n")
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	drop(t, o, "z.csv", "c;d\n")
}

// goesOn fails unless an ordinary run does what was left to do, and all is sound.
func goesOn(t *testing.T, o Options) {
	t.Helper()
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatalf("there again: %v", err)
	}
	for _, name := range []string{"a", "z"} {
		if _, err := os.Stat(filepath.Join(o.Workspace.Answers(), "OFPPT", name+".REJETEE.xlsx")); err != nil {
			t.Error(err)
		}
	}
	if v, err := Verify(t.Context(), o); err != nil || len(v.Problems) > 0 || v.Edition != 2 {
		t.Errorf("%+v, %v", v, err)
	}
}

// The depot's share is unmounted between looking and copying.
func TestDepotUnmounted(t *testing.T) {
	o := testOptions(t)
	share(t, o.Workspace.Depot())
	if err := os.MkdirAll(filepath.Join(o.Workspace.Depot(), "OFPPT"), 0o755); err != nil {
		t.Fatal(err)
	}
	twoNights(t, o)
	before := published(t, o)
	aside := filepath.Join(t.TempDir(), "aside")
	away := o
	away.Progress = atStage{"archive", func() { moved(t, o.Workspace.Depot(), aside) }}
	_, err := Run(t.Context(), away)
	if Trouble(err) != "trouble.depot_gone" || published(t, o) != before {
		t.Errorf("%v", err)
	}
	if _, err := Run(t.Context(), o); Trouble(err) != "" && Trouble(err) != "trouble.depot_gone" {
		t.Errorf("still away: %v", err)
	}
	moved(t, aside, o.Workspace.Depot())
	goesOn(t, o)
}

// The whole workspace is on a share that is unmounted in the middle of a run: nothing
// is written to the folder underneath that passes for the real thing.
func TestWorkspaceUnmounted(t *testing.T) {
	for _, stage := range []string{"archive", "read", "publish", "answer"} {
		t.Run(stage, func(t *testing.T) {
			o := testOptions(t)
			root := filepath.Join(t.TempDir(), "w")
			share(t, root)
			w, err := InitWorkspace(root, ConfigText("fr", nil), o.Config.Members, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			o.Workspace = w
			twoNights(t, o)
			before := published(t, o)
			aside := filepath.Join(t.TempDir(), "aside")
			away := o
			gone := false
			away.Progress = atStage{stage, func() {
				if !gone {
					gone = true
					moved(t, root, aside)
				}
			}}
			if _, err := Run(t.Context(), away); err == nil || !gone {
				t.Errorf("a run on nothing succeeded")
			}
			if _, err := Run(t.Context(), o); err == nil {
				t.Errorf("a run on the folder underneath succeeded")
			}
			moved(t, aside, root)
			if stage != "answer" && published(t, o) != before {
				t.Error("the edition isn't what it was")
			}
			goesOn(t, o)
		})
	}
}

// The folders that others read become read-only: exit with what to do, and go on when
// they are writable again.
func TestReadOnlyShares(t *testing.T) {
	for _, c := range []struct {
		stage string
		place func(Workspace) string
	}{{"publish", Workspace.Publication}, {"answer", Workspace.Answers}} {
		t.Run(c.stage, func(t *testing.T) {
			o := testOptions(t)
			disk := filepath.Join(t.TempDir(), "disk")
			share(t, disk)
			place := c.place(o.Workspace)
			onDisk := filepath.Join(disk, filepath.Base(place))
			if err := errors.Join(os.CopyFS(onDisk, os.DirFS(place)), os.RemoveAll(place), os.Symlink(onDisk, place)); err != nil {
				t.Fatal(err)
			}
			twoNights(t, o)
			before := published(t, o)
			away := o
			away.Progress = atStage{c.stage, func() { readOnly(t, disk, true) }}
			_, err := Run(t.Context(), away)
			if Trouble(err) != "trouble.read_only" {
				t.Errorf("%q: %v", Trouble(err), err)
			}
			if c.stage == "publish" && published(t, o) != before {
				t.Error("the edition isn't what it was")
			}
			if got := codes(Needs(context.Background(), o)); len(got) == 0 || got[0] != needFailed || !strings.Contains(Needs(t.Context(), o)[0].Text("fr"), "lecture seule") {
				t.Errorf("%v", got)
			}
			readOnly(t, disk, false)
			goesOn(t, o)
			if _, err := os.Lstat(filepath.Join(disk, ".publication.next")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("half an edition is left: %v", err)
			}
		})
	}
}
