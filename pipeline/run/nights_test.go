package run

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"cp3/pipeline/backup"
	"cp3/pipeline/store"
)

// drop puts a file into OFPPT's folder.
func drop(t *testing.T, o Options, name, text string) string {
	t.Helper()
	file := filepath.Join(o.Workspace.Depot(), "OFPPT", name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// codes are the codes of what needs a human.
func codes(needs []Need) (all []string) {
	for _, n := range needs {
		all = append(all, n.Code)
	}
	return all
}

// tree is what a folder holds: each name with its content's hash, size and mode.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprint(&b, name, " ", info.Mode())
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(content)
			fmt.Fprint(&b, " ", hex.EncodeToString(sum[:4]), " ", info.ModTime().UnixNano())
		}
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A file that no run can take is answered by nobody: somebody is told, until it is
// taken. A failed run that didn't get that far forgets nothing.
func TestFilesLeftAreTold(t *testing.T) {
	o := testOptions(t)
	drop(t, o, "liste.csv", "a;b\n")
	if err := os.WriteFile(filepath.Join(o.Workspace.Depot(), "perdu.xlsx"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(o.Workspace.Depot(), "OFPPT", "lien.xlsx")); err != nil {
		t.Skip(err)
	}
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"need.left.no_member", "need.left.not_a_file"} {
		if got := codes(Needs(t.Context(), o)); !slices.Contains(got, code) {
			t.Errorf("%v, want %s", got, code)
		}
	}
	away := o.Workspace.Depot() + ".away"
	if err := os.Rename(o.Workspace.Depot(), away); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), o); err == nil {
		t.Fatal("a run without a depot")
	}
	if err := os.Rename(away, o.Workspace.Depot()); err != nil {
		t.Fatal(err)
	}
	got := codes(Needs(t.Context(), o))
	if !slices.Contains(got, "need.left.no_member") || !slices.Contains(got, needFailed) {
		t.Errorf("after a failed run: %v", got)
	}
	for _, n := range Needs(t.Context(), o) {
		if n.Code == needFailed && !strings.Contains(n.Text("fr"), "le partage réseau est-il monté") {
			t.Errorf("the failure doesn't say what to do: %s", n.Text("fr"))
		}
	}
	for _, name := range []string{"perdu.xlsx", "OFPPT/lien.xlsx"} {
		if err := os.Remove(filepath.Join(o.Workspace.Depot(), name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for _, code := range codes(Needs(t.Context(), o)) {
		if strings.HasPrefix(code, needLeft) {
			t.Errorf("taken away, and still told: %s", code)
		}
	}
}

// A file that never settles is told after a while, not the first time.
func TestUnsettledIsGivenTime(t *testing.T) {
	o := testOptions(t)
	now := o.Now()
	o.Now = func() time.Time { return now }
	file := drop(t, o, "liste.csv", "a;b\n")
	o.Sleep = func(context.Context, time.Duration) error { // it grows while we wait
		return os.WriteFile(file, []byte(strings.Repeat("a;b\n", int(now.Unix()%1000)+2)), 0o644)
	}
	for _, told := range []bool{false, true} {
		if err := os.Chtimes(file, now, now); err != nil {
			t.Fatal(err)
		}
		if r, err := Run(t.Context(), o); err != nil || len(r.Skipped) != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		if got := slices.Contains(codes(Needs(t.Context(), o)), "need.left.unsettled"); got != told {
			t.Errorf("told: %v, want %v", got, told)
		}
		now = now.Add(3 * time.Hour)
	}
}

// The worst trouble is told like any other: a broken ledger silences no alarm.
func TestBrokenLedgerIsTold(t *testing.T) {
	o := testOptions(t)
	drop(t, o, "liste.csv", "a;b\n")
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(o.Workspace.LedgerFile())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(b), "\n")
	for name, broken := range map[string]string{
		"a byte":            strings.Replace(string(b), "OFPPT", "OFPPD", 1),
		"the last line cut": strings.Join(lines[:len(lines)-2], ""),
		"empty":             "",
	} {
		if err := os.WriteFile(o.Workspace.LedgerFile(), []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := codes(Needs(t.Context(), o)); !slices.Contains(got, needBroken) {
			t.Errorf("%s: %v", name, got)
		}
		if v, err := Verify(t.Context(), o); err != nil || len(v.Problems) == 0 {
			t.Errorf("%s: verified: %+v, %v", name, v, err)
		}
		var e *store.BrokenLedger
		if _, err := Run(t.Context(), o); !errors.As(err, &e) {
			t.Errorf("%s: a run went on over it: %v", name, err)
		}
		if s, err := Status(t.Context(), o); err == nil || !slices.Contains(codes(s.Needs), needBroken) {
			t.Errorf("%s: status: %v, %v", name, codes(s.Needs), err)
		}
	}
	if err := os.WriteFile(o.Workspace.LedgerFile(), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err := Verify(t.Context(), o); err != nil || len(v.Problems) > 0 {
		t.Errorf("restored: %+v, %v", v, err)
	}
}

// The first night that never comes is missed too, and a clock that went back behind
// the last run doesn't pass for a run that was just now.
func TestNoRunIsTold(t *testing.T) {
	o := testOptions(t)
	info, err := os.Stat(o.Workspace.KeyFile())
	if err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration]bool{time.Hour: false, 35 * time.Hour: false, 37 * time.Hour: true} {
		o.Now = func() time.Time { return info.ModTime().Add(after) }
		if got := slices.Contains(codes(Needs(t.Context(), o)), needNoRun); got != want {
			t.Errorf("never run, after %s: told %v", after, got)
		}
	}
	o.Now = func() time.Time { return info.ModTime().AddDate(10, 0, 0) }
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	o.Now = func() time.Time { return info.ModTime().AddDate(0, 0, 3) }
	if got := codes(Needs(t.Context(), o)); !slices.Contains(got, needClock) {
		t.Errorf("the clock went back by ten years: %v", got)
	}
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got := codes(Needs(t.Context(), o)); slices.Contains(got, needClock) || slices.Contains(got, needNoRun) {
		t.Errorf("run since: %v", got)
	}
}

// A dry run changes nothing at all.
func TestDryRunChangesNothing(t *testing.T) {
	o := testOptions(t)
	drop(t, o, "liste.csv", "a;b\n")
	before := tree(t, o.Workspace.Root)
	if all, err := DryRun(t.Context(), o); err != nil || len(all) != 1 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	if after := tree(t, o.Workspace.Root); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

// What killed processes left goes with the next run; the private area is closed again,
// and what is in it is nobody else's whatever the umask.
func TestSwept(t *testing.T) {
	o := testOptions(t)
	drop(t, o, "liste.csv", "a;b\n")
	w := o.Workspace
	left := []string{filepath.Join(w.scratch(), "duckdb_temp_storage-0.tmp"), filepath.Join(w.Archive(), "tmp", "put-1"), w.path(restoring+"1", "prive", "secret.key")}
	for _, name := range left {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte("x"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(w.Private(), 0o755); err != nil {
		t.Fatal(err)
	}
	restore := laxUmask()
	_, err := Run(t.Context(), o)
	restore()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range left {
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there", name)
		}
	}
	if runtime.GOOS == "windows" {
		return
	}
	if info, err := os.Stat(w.Private()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("prive: %v, %v", info.Mode(), err)
	}
	err = filepath.WalkDir(w.Private(), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && exposed(info.Mode()) {
			t.Errorf("%s can be read by others: %s", name, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Somebody who looks into the warehouse keeps no night from running.
func TestWarehouseIsWaitedFor(t *testing.T) {
	file := filepath.Join(t.TempDir(), "w.duckdb")
	if err := os.WriteFile(file, []byte("not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := openPatiently(t.Context(), file, time.Minute, store.Options{}); err == nil || time.Since(began) > 10*time.Second {
		t.Errorf("what isn't held is not waited for: %v after %s", err, time.Since(began))
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := openPatiently(ctx, file, time.Minute, store.Options{}); err == nil {
		t.Error("opened by nobody")
	}
}

// A name as long as the file system takes is answered, and keeps nobody else waiting.
func TestLongNamesAreAnswered(t *testing.T) {
	o := testOptions(t)
	drop(t, o, strings.Repeat("é", 125)+".csv", "a;b\n")
	drop(t, o, "z.csv", "c;d\n")
	r, err := Run(t.Context(), o)
	if err != nil || r.Answers != 2 {
		t.Fatalf("%d answers, %v", r.Answers, err)
	}
	out, err := os.ReadDir(filepath.Join(o.Workspace.Answers(), "OFPPT"))
	if err != nil || len(out) != 2 {
		t.Errorf("%d files, %v", len(out), err)
	}
	if r, err = Run(t.Context(), o); err != nil || r.Published || r.Answers != 0 {
		t.Errorf("again: %+v, %v", r, err)
	}
}

// One answer that can't be written is no reason to keep the others waiting; it is
// written as soon as it can be.
func TestOneAnswerFails(t *testing.T) {
	o := testOptions(t)
	drop(t, o, "a.csv", "a;b\n")
	drop(t, o, "z.csv", "c;d\n")
	stuck := filepath.Join(o.Workspace.Answers(), "OFPPT", "a.REJETEE.xlsx")
	if err := os.MkdirAll(filepath.Join(stuck, "x"), 0o755); err != nil { // a folder of that name
		t.Fatal(err)
	}
	r, err := Run(t.Context(), o)
	if err == nil || r.Answers != 1 {
		t.Errorf("%d answers, %v", r.Answers, err)
	}
	if _, err := os.Stat(filepath.Join(o.Workspace.Answers(), "OFPPT", "z.REJETEE.xlsx")); err != nil {
		t.Error(err)
	}
	if err := os.RemoveAll(stuck); err != nil {
		t.Fatal(err)
	}
	if r, err = Run(t.Context(), o); err != nil || r.Answers != 1 {
		t.Errorf("again: %d answers, %v", r.Answers, err)
	}
	left, err := filepath.Glob(filepath.Join(o.Workspace.Answers(), "OFPPT", ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What is too large for the disk isn't taken into it, and is told.
func TestTooLargeForTheDisk(t *testing.T) {
	o := testOptions(t)
	o.Config.Limits.FileMB, o.Config.Alarms.DiskMB = 1, 1<<40
	drop(t, o, "film.mp4", strings.Repeat("x", 2<<20))
	drop(t, o, "liste.csv", "a;b\n")
	r, err := Run(t.Context(), o)
	if err != nil || len(r.Received) != 1 || len(r.Skipped) != 1 || r.Skipped[0].Reason != "no_room" {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := codes(Needs(t.Context(), o)); !slices.Contains(got, "need.left.no_room") {
		t.Errorf("%v", got)
	}
	o.Config.Alarms.DiskMB = 0 // with room it is received, and refused like anything else
	if r, err = Run(t.Context(), o); err != nil || len(r.Received) != 1 || r.Answers != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A path with everything a path may hold, and what it may not.
func TestOddPaths(t *testing.T) {
	o := testOptions(t)
	w, err := InitWorkspace(filepath.Join(t.TempDir(), "l'été [à Salé] \"1\" سلا"), ConfigText("fr", nil), o.Config.Members, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	o.Workspace = w
	drop(t, o, "liste (1) [b].csv", "a;b\n")
	for _, published := range []bool{true, false} {
		if r, err := Run(t.Context(), o); err != nil || r.Published != published {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if r, err := Rebuild(t.Context(), o); err != nil || !r.Same {
		t.Errorf("%+v, %v", r, err)
	}
	if lasts, err := w.Lasts(); err != nil || len(lasts) != 2 {
		t.Errorf("%d verbs remembered, %v", len(lasts), err)
	}
	for _, name := range []string{"quoi?", "n°#1", "100%", "20%25"} {
		var bad *BadName
		if _, err := InitWorkspace(filepath.Join(t.TempDir(), name), "", nil, nil, nil); !errors.As(err, &bad) {
			t.Errorf("%s: %v, want a *BadName", name, err)
		}
	}
}

// Every folder of a workspace may be a link to another disk, and members' folders too.
func TestFoldersAreLinks(t *testing.T) {
	o := testOptions(t)
	w, disk := o.Workspace, t.TempDir()
	for _, dir := range []string{filepath.Join(w.Depot(), "OFPPT"), w.Depot(), w.Answers(), w.Publication(), w.Private()} {
		real := filepath.Join(disk, strings.ReplaceAll(dir, string(filepath.Separator), "_"))
		if err := errors.Join(os.Rename(dir, real), os.Symlink(real, dir)); err != nil {
			t.Skip(err)
		}
	}
	drop(t, o, "liste.csv", "a;b\n")
	for n := range 2 {
		if r, err := Run(t.Context(), o); err != nil || r.Published != (n == 0) || r.Answers != 1-n || len(r.Skipped) > 0 {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if v, err := Verify(t.Context(), o); err != nil || len(v.Problems) > 0 || v.Files != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	if r, err := Rebuild(t.Context(), o); err != nil || !r.Same {
		t.Errorf("%+v, %v", r, err)
	}
	identity, recipient, err := backup.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(disk, "key")
	if err := os.WriteFile(key, []byte(identity), 0o600); err != nil {
		t.Fatal(err)
	}
	o.Config.Backup = BackupConfig{Dir: filepath.Join(disk, "sauvegardes"), Recipients: []string{recipient}}
	b, err := Backup(t.Context(), o)
	if err != nil || b.Files < 6 {
		t.Fatalf("%+v, %v", b, err)
	}
	again, files, err := Restore(t.Context(), filepath.Join(disk, "again"), b.File, key)
	if err != nil || files != b.Files {
		t.Errorf("%d files of %d restored, %v", files, b.Files, err)
	}
	if _, err := again.Secret(); err != nil {
		t.Error(err)
	}
}

// A verb that was told to stop has not failed, however DuckDB puts it.
func TestStoppedIsNoFailure(t *testing.T) {
	o := testOptions(t)
	began := o.Now()
	for _, err := range []error{fmt.Errorf("link: %w", context.Canceled), errors.New("link: learn: INTERRUPT Error: Interrupted!")} {
		if got := o.remember("run", began, err); !errors.Is(got, err) {
			t.Errorf("%v became %v", err, got)
		}
	}
	if lasts, err := o.Workspace.Lasts(); err != nil || lasts["run"].Failed() {
		t.Errorf("%+v, %v", lasts, err)
	}
	_ = o.remember("run", began, errors.New("boom"))
	if lasts, _ := o.Workspace.Lasts(); !lasts["run"].Failed() {
		t.Error("a failure is not noted")
	}
}
