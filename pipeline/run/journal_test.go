package run

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestJournal(t *testing.T) {
	w := Workspace{Root: t.TempDir()}
	now := time.Date(2026, 2, 18, 2, 30, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	old := filepath.Join(w.Journal(), now.Add(-KeepJournal-48*time.Hour).Format(journalName))
	recent := filepath.Join(w.Journal(), now.Add(-KeepJournal+48*time.Hour).Format(journalName))
	other := filepath.Join(w.Journal(), "passages.jsonl")
	if err := os.MkdirAll(w.Journal(), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{old, recent, other} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	j, again := OpenJournal(w, clock), OpenJournal(w, clock)
	j.Logger(nil).With("run", "a").Info("begin")
	again.Logger(nil).With("run", "b").Info("begin") // another process
	now = now.AddDate(0, 0, 1)
	j.Logger(nil).With("run", "a").Error("failed", "error", "append to mention: Constraint Error: Duplicate key \"doc_number: ZZ123\" violates primary key")
	if err := errors.Join(j.Close(), again.Close()); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]int{"2026-02-18.jsonl": 2, "2026-02-19.jsonl": 1} {
		b, err := os.ReadFile(filepath.Join(w.Journal(), day))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(b)), "\n")
		if len(lines) != want {
			t.Errorf("%s: %d lines, want %d", day, len(lines), want)
		}
		for _, line := range lines {
			var l struct{ Time, Level, Msg, Run string }
			if err := json.Unmarshal([]byte(line), &l); err != nil || l.Run == "" || !strings.HasPrefix(l.Time, day[:10]) {
				t.Errorf("%s: %v", line, err)
			}
		}
		if strings.Contains(string(b), "ZZ123") {
			t.Errorf("a value is in the journal:\n%s", b)
		}
	}
	for name, want := range map[string]bool{old: false, recent: true, other: true} {
		if _, err := os.Stat(name); (err == nil) != want {
			t.Errorf("%s kept: %v, want %v", filepath.Base(name), err == nil, want)
		}
	}
}

// A journal that can't be written to doesn't stop anything.
func TestJournalNeverStopsARun(t *testing.T) {
	w := Workspace{Root: filepath.Join(t.TempDir(), "file")}
	if err := os.WriteFile(w.Root, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var also strings.Builder
	j := OpenJournal(w, time.Now)
	j.Logger(slog.NewTextHandler(&also, nil)).Info("begin")
	if !strings.Contains(also.String(), "begin") {
		t.Error("the other log lost a line")
	}
}

func TestScrub(t *testing.T) {
	for text, want := range map[string]string{
		"open depot: permission denied":  "open depot: permission denied",
		`read "liste.xlsx": bad zip`:     `read "liste.xlsx": bad zip`,
		"Conversion Error: 'Fatima' bad": "Conversion Error: '…' bad",
	} {
		if got := Scrub(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
