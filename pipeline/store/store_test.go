package store

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2020, 1, 20, 12, 0, 0, 0, time.UTC)

func ledgerOf(t *testing.T, n int) (*Ledger, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ledger", "ledger.jsonl")
	l, err := OpenLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if _, err := l.Append(noon, KindReceived, map[string]int{"file": i}); err != nil {
			t.Fatal(err)
		}
	}
	return l, path
}

func TestLedgerSurvivesReopening(t *testing.T) {
	l, path := ledgerOf(t, 3)
	again, err := OpenLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	if again.Head() != l.Head() || again.Len() != 3 {
		t.Fatalf("reopened: %d entries, head %s; want 3, %s", again.Len(), again.Head(), l.Head())
	}
	var files []int
	err = Each(again, KindReceived, func(_ Entry, b struct{ File int }) error {
		files = append(files, b.File)
		return nil
	})
	if err != nil || !slices.Equal(files, []int{0, 1, 2}) {
		t.Fatalf("bodies %v, %v", files, err)
	}
}

// What a line says is what JSON says it does, whatever is in it, and written with other
// spaces too.
func TestLedgerLines(t *testing.T) {
	l, path := ledgerOf(t, 1)
	zone := time.FixedZone("", 3600)
	for i, body := range []any{
		nil, 1, "", `","prev":"x","hash":"`, map[string]any{"prev": "", "hash": "h", "b": []int{1}}, "é\n\\\"<&>\u2028", strings.Repeat("x", 1<<17),
	} {
		if _, err := l.Append(noon.Add(time.Duration(i)*1234567).In(zone), Kind(fmt.Sprintf("k\"%d", i%2)[:1+i%3]), body); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	asWere := 0
	for line := range bytes.Lines(b) {
		var want Entry
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		if got, ok := asWritten(line); ok {
			asWere++
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-JSON +as written):\n%s", line[:40], diff)
			}
		}
		if got := parse(line); got.err != nil || !got.sound || cmp.Diff(want, got.Entry) != "" {
			t.Errorf("%s is read as %v, sound %v: %v", line[:40], got.Entry, got.sound, got.err)
		}
		if got := parse([]byte(strings.Replace(string(line), `,"at"`, ` , "at"`, 1))); got.err != nil || !got.sound {
			t.Errorf("%s with other spaces: sound %v: %v", line[:40], got.sound, got.err)
		}
	}
	if asWere < 4 || asWere == len(l.entries) {
		t.Errorf("%d of %d lines are as written: those with a quote in their kind aren't", asWere, len(l.entries))
	}
}

// Every way of touching a line breaks the chain and says where.
func TestLedgerTampering(t *testing.T) {
	for name, edit := range map[string]func([]string) []string{
		"a body changed":   func(l []string) []string { l[1] = strings.Replace(l[1], `"file":1`, `"file":9`, 1); return l },
		"a line removed":   func(l []string) []string { return slices.Delete(l, 1, 2) },
		"lines swapped":    func(l []string) []string { l[0], l[1] = l[1], l[0]; return l },
		"a date changed":   func(l []string) []string { l[2] = strings.Replace(l[2], "2020", "2021", 1); return l },
		"garbage inserted": func(l []string) []string { return slices.Insert(l, 1, "x\n") },
		"a number dressed": func(l []string) []string { l[1] = strings.Replace(l[1], `"n":2`, `"n":+2`, 1); return l },
		"a line doubled":   func(l []string) []string { l[1] = strings.Trim(l[1], "\n") + l[1]; return l },
	} {
		_, path := ledgerOf(t, 3)
		b, _ := os.ReadFile(path)
		lines := edit(strings.SplitAfter(string(b), "\n"))
		if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		var broken *BrokenLedger
		if _, err := OpenLedger(path); !errors.As(err, &broken) {
			t.Errorf("%s: %v, want a *BrokenLedger", name, err)
		}
	}
}

// The end cut off leaves a valid chain: the mark beside it says that it was longer.
func TestLedgerCutIsCaughtByItsMark(t *testing.T) {
	for left := range 3 {
		_, path := ledgerOf(t, 3)
		b, _ := os.ReadFile(path)
		cut := strings.Join(strings.SplitAfter(string(b), "\n")[:left], "")
		if err := os.WriteFile(path, []byte(cut), 0o600); err != nil {
			t.Fatal(err)
		}
		var broken *BrokenLedger
		if _, err := OpenLedger(path); !errors.As(err, &broken) || broken.Line != left+1 {
			t.Errorf("%d of 3 entries left: %v", left, err)
		}
	}
	// Gone altogether, or written anew from the beginning.
	_, path := ledgerOf(t, 3)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenLedger(path); err == nil {
		t.Error("a ledger that is gone passes for a new one")
	}
	other := &Ledger{path: path}
	if err := other.write([]byte("")); err != nil {
		t.Fatal(err)
	}
	for n := range 4 {
		mark, _ := os.ReadFile(markFile(path))
		if _, err := other.Append(noon, KindReceived, n+100); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(markFile(path), mark, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := OpenLedger(path); err == nil {
		t.Error("another ledger passes for this one")
	}
}

// A mark that is behind, as a process killed right then leaves it, or that says
// nothing, is no trouble.
func TestLedgerMarkBehind(t *testing.T) {
	for _, was := range []string{"", "{", `{"n":0}`} {
		l, path := ledgerOf(t, 3)
		if err := os.WriteFile(markFile(path), []byte(was), 0o600); err != nil {
			t.Fatal(err)
		}
		if again, err := OpenLedger(path); err != nil || again.Len() != l.Len() {
			t.Errorf("mark %q: %v", was, err)
		}
	}
}

// The end cut off leaves a valid chain; without its mark too, the head recorded
// elsewhere catches it.
func TestLedgerCutIsCaughtByItsHead(t *testing.T) {
	l, path := ledgerOf(t, 3)
	if err := os.Remove(markFile(path)); err != nil {
		t.Fatal(err)
	}
	n, head := l.Len(), l.Head()
	b, _ := os.ReadFile(path)
	lines := strings.SplitAfter(string(b), "\n")
	if err := os.WriteFile(path, []byte(strings.Join(lines[:2], "")), 0o600); err != nil {
		t.Fatal(err)
	}
	cut, err := OpenLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	if cut.Has(n, head) {
		t.Error("a ledger without its last entry still claims to have it")
	}
	if !l.Has(n, head) {
		t.Error("a whole ledger does not recognise its own head")
	}
}

// A line cut by a crash was never acknowledged: it goes, at whatever byte it was cut.
func TestLedgerTornLine(t *testing.T) {
	_, path := ledgerOf(t, 3)
	b, _ := os.ReadFile(path)
	two := len(strings.Join(strings.SplitAfter(string(b), "\n")[:2], ""))
	for cut := two; cut < len(b); cut += 7 {
		if err := os.Remove(markFile(path)); err != nil { // it comes after the line
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := OpenLedger(path)
		if err != nil || l.Len() != 2 {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if read, _ := os.ReadFile(path); len(read) != cut {
			t.Fatalf("cut at %d: reading changed the file: it may be somebody's write under way", cut)
		}
		if _, err := l.Append(noon, KindReceived, 1); err != nil {
			t.Fatal(err)
		}
		if l, err = OpenLedger(path); err != nil || l.Len() != 3 {
			t.Fatalf("cut at %d, appended: %v", cut, err)
		}
	}
}

func TestArchive(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	file := filepath.Join(dir, "liste.xlsx")
	if err := os.WriteFile(file, []byte("contenu"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := NewArchive(filepath.Join(dir, "archive"))
	first, err := a.Put(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := a.Put(ctx, file); err != nil || again != first {
		t.Fatalf("the same file again: %+v, %v", again, err)
	}
	if err := a.Verify(ctx, first.SHA256); err != nil {
		t.Error(err)
	}
	left, _ := os.ReadDir(filepath.Join(dir, "archive", "tmp"))
	if len(left) != 0 {
		t.Errorf("temporary files left: %v", left)
	}
	stored := a.Path(first.SHA256)
	// A copy cut short or changed on disk does not pass for the content: Put mends it.
	for _, damaged := range []string{"autre", "CONTENU", ""} {
		if err := os.Chmod(stored, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(stored, []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := a.Verify(ctx, first.SHA256); err == nil {
			t.Errorf("%q: a changed content is not noticed", damaged)
		}
		if _, err := a.Put(ctx, file); err != nil {
			t.Fatal(err)
		}
		if err := a.Verify(ctx, first.SHA256); err != nil {
			t.Errorf("%q: %v", damaged, err)
		}
	}
	var unreadable *Unreadable
	if _, err := a.Put(ctx, filepath.Join(dir, "absent.xlsx")); !errors.As(err, &unreadable) {
		t.Errorf("a file that is gone: %v", err)
	}
	if _, err := a.Put(ctx, dir); !errors.As(err, &unreadable) {
		t.Errorf("a folder: %v", err)
	}
}

// A reader and a writer exclude each other, and say so.
func TestHeld(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil || exec.Command("python3", "-c", "import duckdb").Run() != nil {
		t.Skip("no other process that opens a DuckDB file: python3 with duckdb")
	}
	path := filepath.Join(t.TempDir(), "w.duckdb")
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Exec(t.Context(), "create table t (n int)"), db.Close()); err != nil {
		t.Fatal(err)
	}
	reader := exec.Command("python3", "-c", "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); print('open', flush=True); sys.stdin.read()", path)
	in, err1 := reader.StdinPipe()
	out, err2 := reader.StdoutPipe()
	if err := errors.Join(err1, err2, reader.Start()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = errors.Join(in.Close(), reader.Wait()) }()
	if _, err := out.Read(make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	var held *Held
	if _, err := Open(t.Context(), path, Options{}); !errors.As(err, &held) {
		t.Errorf("to write, while it is read: %v", err)
	}
	db, err = Open(t.Context(), path, Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("to read, while it is read: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestTransactionIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Exec(ctx, "create table t (n integer, s varchar)"); err != nil {
		t.Fatal(err)
	}
	rows := func(yield func([]driver.Value) bool) {
		for i := range 3 {
			if !yield([]driver.Value{int32(i), nil}) {
				return
			}
		}
	}
	boom := errors.New("boom")
	err = db.Tx(ctx, func() error {
		if _, err := db.Append(ctx, "t", nil, rows); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	count := func() (n int) {
		if err := db.Conn().QueryRowContext(ctx, "select count(*) from t").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(); n != 0 {
		t.Errorf("%d rows after a failed transaction", n)
	}
	if err := db.Tx(ctx, func() error { _, err := db.Append(ctx, "t", nil, rows); return err }); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 3 {
		t.Errorf("%d rows, want 3", n)
	}
}

func TestEntryIsStable(t *testing.T) {
	l, _ := ledgerOf(t, 1)
	b, _ := json.Marshal(l.Entries()[0])
	const want = `{"n":1,"at":"2020-01-20T12:00:00Z","kind":"received","body":{"file":0},"prev":"","hash":"`
	if !strings.HasPrefix(string(b), want) {
		t.Errorf("the form of a line changed, old ledgers would not verify:\n%s", b)
	}
}
