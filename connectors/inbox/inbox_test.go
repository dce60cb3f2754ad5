package inbox

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

var now = time.Date(2020, 4, 1, 2, 30, 0, 0, time.UTC)

func drop(t *testing.T, depot, rel string, age time.Duration) {
	t.Helper()
	name := filepath.Join(depot, filepath.FromSlash(rel))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(rel), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, now.Add(-age), now.Add(-age)); err != nil {
		t.Fatal(err)
	}
}

func options(sleep func()) Options {
	return Options{
		Members: []pipeline.Member{"EN", "ANAPEC"},
		Settle:  2 * time.Second,
		Now:     func() time.Time { return now },
		Sleep:   func(context.Context, time.Duration) error { sleep(); return nil },
	}
}

func paths(files []File) (p []string) {
	for _, f := range files {
		p = append(p, string(f.Member)+" "+f.Path)
	}
	return p
}

func always(File) bool { return true }

func TestScan(t *testing.T) {
	depot := t.TempDir()
	for _, f := range []string{"EN/a.xlsx", "EN/2020/T4/b.xlsx", "en/c.xlsx", "ANAPEC/image.png", "EN/~$a.xlsx", "EN/.d.xlsx",
		"EN/e.xlsx.part", "EN/Thumbs.db", "EN/.sync/f.xlsx", "perdu.xlsx", "INCONNU/g.xlsx", "EN/~wrl0001.tmp"} {
		drop(t, depot, f, time.Hour)
	}
	files, skipped, err := Scan(context.Background(), depot, always, options(func() { t.Error("waited for settled files") }))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"ANAPEC ANAPEC/image.png", "EN EN/2020/T4/b.xlsx", "EN EN/a.xlsx", "EN en/c.xlsx"}
	if d := cmp.Diff(want, paths(files)); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]Skip{{"INCONNU/g.xlsx", "no_member"}, {"perdu.xlsx", "no_member"}}, skipped); d != "" {
		t.Errorf("skipped (-want +got):\n%s", d)
	}
}

// A name that is no UTF-8 is said and left, and stops nothing else.
func TestScanBadlyEncodedName(t *testing.T) {
	depot := t.TempDir()
	drop(t, depot, "EN/a.xlsx", time.Hour)
	name := filepath.Join(depot, "EN", "f\xe9vrier.xlsx")
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Skip("this file system refuses such names:", err)
	}
	files, skipped, err := Scan(context.Background(), depot, func(File) bool { return false }, options(func() {}))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"EN EN/a.xlsx"}, paths(files)); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]Skip{{"EN/f\uFFFDvrier.xlsx", "name"}}, skipped); d != "" {
		t.Errorf("skipped (-want +got):\n%s", d)
	}
}

func TestScanOneMember(t *testing.T) {
	depot := t.TempDir()
	drop(t, depot, "EN/a.xlsx", time.Hour)
	drop(t, depot, "ANAPEC/b.xlsx", time.Hour)
	o := options(func() {})
	o.Only = []pipeline.Member{"ANAPEC"}
	files, _, err := Scan(context.Background(), depot, always, o)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"ANAPEC ANAPEC/b.xlsx"}, paths(files)); d != "" {
		t.Error(d)
	}
}

// A file still growing waits for the next run; one that has come to rest, or that
// is known already, doesn't.
func TestScanWaitsForCopies(t *testing.T) {
	depot := t.TempDir()
	drop(t, depot, "EN/fini.xlsx", time.Second)
	drop(t, depot, "EN/grandit.xlsx", time.Second)
	drop(t, depot, "EN/repris.xlsx", time.Second)
	waits := 0
	o := options(func() {
		waits++
		if err := os.WriteFile(filepath.Join(depot, "EN", "grandit.xlsx"), []byte("more and more"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(depot, "EN", "repris.xlsx")); err != nil {
			t.Fatal(err)
		}
	})
	files, skipped, err := Scan(context.Background(), depot, always, o)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"EN EN/fini.xlsx"}, paths(files)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Skip{{"EN/grandit.xlsx", "unsettled"}}, skipped); d != "" {
		t.Error(d)
	}
	if waits != 1 {
		t.Errorf("waited %d times, want once for all files", waits)
	}
	_, _, err = Scan(context.Background(), depot, func(File) bool { return false }, options(func() { t.Error("waited for a known file") }))
	if err != nil {
		t.Fatal(err)
	}
}

func TestScanMissingDepot(t *testing.T) {
	if _, _, err := Scan(context.Background(), filepath.Join(t.TempDir(), "absent"), always, options(func() {})); err == nil {
		t.Error("a depot that is not there must be an error: a lost network share is not an empty folder")
	}
}
