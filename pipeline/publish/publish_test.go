package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

// plainSource writes recognisable text files where a database would be: what
// Write does with files does not depend on what is in them.
type plainSource struct {
	text string
	fail string // path suffix whose writing fails half-way
	rows int64  // 0: one
}

var errSource = errors.New("no space left")

func (s plainSource) put(path string) (int64, error) {
	text := s.text + " " + filepath.Base(path) + "\n"
	if s.fail != "" && strings.HasSuffix(path, s.fail) {
		return 0, errors.Join(os.WriteFile(path, []byte(text[:3]), 0o644), errSource)
	}
	return 1, os.WriteFile(path, []byte(text), 0o644)
}

func (s plainSource) WriteDatabase(_ context.Context, path string, tables []pipeline.Table, parquet func(int) (string, error), _ ...pipeline.Macro) ([]int64, error) {
	rows := make([]int64, len(tables))
	for i := range rows {
		if _, err := parquet(i); err != nil {
			return nil, err
		}
		rows[i] = 1
	}
	_, err := s.put(path)
	return rows, err
}

func (s plainSource) WriteParquet(_ context.Context, path string, _ pipeline.Table) (int64, error) {
	return s.put(path)
}

func (s plainSource) WriteCSV(_ context.Context, path string, _ pipeline.Table) (int64, error) {
	n, err := s.put(path)
	return max(n, s.rows), err
}

func (s plainSource) Rows(context.Context, string, []string) iter.Seq2[[]any, error] {
	return func(func([]any, error) bool) {}
}

func plainEdition(n int) Edition {
	columns := []pipeline.Column{{Name: "code", Type: "VARCHAR", FR: "le code"}}
	return Edition{
		Run: fmt.Sprintf("run%d", n), Number: n, Day: pipeline.Date{Year: 2021, Month: 2, Day: n}, Version: "test",
		Tables: []pipeline.Table{{Name: "alpha", Columns: columns}, {Name: "beta", Columns: columns}},
		Record: json.RawMessage(`{"edition":` + fmt.Sprint(n) + `}`),
	}
}

func publishPlain(t *testing.T, dir string, n int, o Options) Manifest {
	t.Helper()
	m, err := Write(t.Context(), dir, plainSource{text: fmt.Sprint("edition ", n)}, plainEdition(n), o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// whole fails unless dir is one complete edition and nothing lies beside it.
func whole(t *testing.T, dir string) Manifest {
	t.Helper()
	problems, err := Verify(dir)
	if err != nil || len(problems) > 0 {
		t.Fatalf("not a whole edition: %v, %v", problems, err)
	}
	if d := cmp.Diff([]string{filepath.Base(dir)}, names(t, filepath.Dir(dir))); d != "" {
		t.Errorf("left beside the publication (-want +got):\n%s", d)
	}
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWriteReplacesTheWholeFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "publication")
	if err := os.Mkdir(dir, 0o755); err != nil { // as `init` leaves it
		t.Fatal(err)
	}
	publishPlain(t, dir, 1, Options{})
	held, err := os.Open(filepath.Join(dir, "csv", "alpha.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	m := publishPlain(t, dir, 2, Options{})
	if d := cmp.Diff(m, whole(t, dir)); d != "" {
		t.Errorf("the manifest read isn't the one returned:\n%s", d)
	}
	text := make([]byte, 100)
	n, err := held.Read(text)
	if err != nil || string(text[:n]) != "edition 1 alpha.csv\n" {
		t.Errorf("a reader of the old edition reads %q, %v", text[:n], err)
	}
	f, ok := m.Lookup("csv/alpha.csv")
	if !ok || f.Rows != 1 || f.Table != "alpha" || f.Bytes != 20 || len(f.SHA256) != 64 {
		t.Errorf("csv/alpha.csv is listed as %+v", f)
	}
}

func TestSameEditionSameBytes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "publication")
	publishPlain(t, dir, 1, Options{})
	first, _ := os.ReadFile(filepath.Join(dir, ManifestName))
	publishPlain(t, dir, 1, Options{})
	second, _ := os.ReadFile(filepath.Join(dir, ManifestName))
	if d := cmp.Diff(string(first), string(second)); d != "" {
		t.Error(d)
	}
}

// faulty meets a fault of the program while it makes the database.
type faulty struct{ plainSource }

func (faulty) WriteDatabase(context.Context, string, []pipeline.Table, func(int) (string, error), ...pipeline.Macro) ([]int64, error) {
	panic("a nil pointer")
}

// A fault in what is made beside the rest is met by who publishes, and the next edition
// is published as if nothing had been.
func TestFaultBesideTheTables(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "publication")
	publishPlain(t, dir, 1, Options{})
	func() {
		defer func() {
			if v := fmt.Sprint(recover()); !strings.Contains(v, "a nil pointer") || !strings.Contains(v, "faulty") {
				t.Errorf("the fault met is %s", v)
			}
		}()
		_, err := Write(t.Context(), dir, faulty{}, plainEdition(2), Options{})
		t.Errorf("no fault met, and %v", err)
	}()
	publishPlain(t, dir, 3, Options{})
	if m := whole(t, dir); m.Edition != 3 {
		t.Errorf("edition %d stands", m.Edition)
	}
}

// Whatever goes wrong while staging, the old edition stands untouched.
func TestFailureLeavesTheOldEdition(t *testing.T) {
	bad := plainEdition(2)
	bad.Tables = append(bad.Tables, bad.Tables[0])
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		src  plainSource
		e    Edition
		o    Options
		want string
	}{
		"the source fails on a file":   {t.Context(), plainSource{fail: "beta.csv"}, plainEdition(2), Options{}, "no space left"},
		"the source fails on all":      {t.Context(), plainSource{fail: DatabaseName}, plainEdition(2), Options{}, "no space left"},
		"two forms of a table differ":  {t.Context(), plainSource{rows: 7}, plainEdition(2), Options{}, "csv/alpha.csv: 7 rows"},
		"a table twice":                {t.Context(), plainSource{}, bad, Options{}, "listed twice"},
		"a check of the caller's":      {t.Context(), plainSource{}, plainEdition(2), Options{Check: refuse}, "T is not F + H"},
		"cancelled":                    {cancelled, plainSource{}, plainEdition(2), Options{}, "canceled"},
		"a table that can't be a file": {t.Context(), plainSource{}, Edition{Tables: []pipeline.Table{{Name: "../x"}}}, Options{}, "can't name a file"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "publication")
			publishPlain(t, dir, 1, Options{})
			_, err := Write(c.ctx, dir, c.src, c.e, c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if m := whole(t, dir); m.Edition != 1 {
				t.Errorf("edition %d stands", m.Edition)
			}
		})
	}
}

func refuse(_ context.Context, staged string, m Manifest) error {
	if _, err := os.Stat(filepath.Join(staged, m.Files[0].Path)); err != nil {
		return err
	}
	return errors.New("T is not F + H")
}

func TestVerifySaysWhatIsWrong(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "publication")
	if _, err := Verify(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no edition: %v", err)
	}
	publishPlain(t, dir, 1, Options{})
	publishPlain(t, dir, 2, Options{Keep: 2})
	at := func(path string) string { return filepath.Join(dir, filepath.FromSlash(path)) }
	if err := os.Remove(at("csv/beta.csv")); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{"parquet/alpha.parquet": "edition 2 ALPHA.parquet\n", "csv/mine.csv": "x", "~$suivi.xlsx": "x"} {
		if err := os.Remove(at(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(at("editions/1/csv/alpha.csv"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	problems, err := Verify(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, string(p.Trouble)+" "+p.Path)
	}
	want := []string{"missing csv/beta.csv", "foreign csv/mine.csv", "changed parquet/alpha.parquet", "changed editions/1/csv/alpha.csv"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("problems (-want +got):\n%s", d)
	}
}

func TestKeptEditions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "publication")
	publishPlain(t, dir, 1, Options{}) // keeping is turned on later
	for n := 2; n <= 5; n++ {
		publishPlain(t, dir, n, Options{Keep: 3})
	}
	publishPlain(t, dir, 5, Options{Keep: 3}) // a rebuild
	whole(t, dir)
	if d := cmp.Diff([]string{"3", "4", "5"}, names(t, filepath.Join(dir, "editions"))); d != "" {
		t.Errorf("editions (-want +got):\n%s", d)
	}
	for _, n := range []string{"3", "4", "5"} {
		b, err := os.ReadFile(filepath.Join(dir, "editions", n, "csv", "alpha.csv"))
		if err != nil || string(b) != "edition "+n+" alpha.csv\n" {
			t.Errorf("edition %s reads %q, %v", n, b, err)
		}
	}
	publishPlain(t, dir, 6, Options{Keep: 0})
	if _, err := os.Stat(filepath.Join(dir, "editions")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("keeping none leaves editions/: %v", err)
	}
}

// Somebody's own file saved in the publication is moved aside, not swept away
// with the edition it was saved in.
func TestFilesFoundAreKept(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "publication")
	for n := 1; n <= 3; n++ {
		var moved []string
		publishPlain(t, dir, n, Options{Keep: 2, Found: func(from, _ string) { moved = append(moved, from) }})
		if n > 1 && !cmp.Equal(moved, []string{"tableaux/notes.txt"}) {
			t.Errorf("edition %d: moved %v", n, moved)
		}
		mine := filepath.Join(dir, "tableaux", "notes.txt")
		if err := os.MkdirAll(filepath.Dir(mine), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(mine, []byte(fmt.Sprint("note ", n)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n <= 2; n++ {
		b, err := os.ReadFile(filepath.Join(parent, "publication-hors-edition", fmt.Sprint(n), "tableaux", "notes.txt"))
		if err != nil || string(b) != fmt.Sprint("note ", n) {
			t.Errorf("the note of edition %d: %q, %v", n, b, err)
		}
	}
}

func TestPublicationBehindALink(t *testing.T) {
	parent := t.TempDir()
	real := filepath.Join(parent, "disk", "publication")
	if err := os.MkdirAll(real, 0o755); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(parent, "publication")
	if err := os.Symlink(real, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	publishPlain(t, link, 1, Options{})
	publishPlain(t, link, 2, Options{})
	if m := whole(t, real); m.Edition != 2 {
		t.Errorf("edition %d", m.Edition)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}
