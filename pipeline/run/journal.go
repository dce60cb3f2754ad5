package run

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"
)

// The journal is what cp3 did, one JSON object a line, in a file a day:
// prive/journal/2026-02-18.jsonl. Several processes may add to it at once (the
// service, an administrator's command): each line is one write to a file opened
// for appending, which a file that is renamed away while others write can't give.
// That is why days are files and nothing rotates. Days older than KeepJournal are
// removed when a new day begins.

// KeepJournal is how long days of the journal are kept.
const KeepJournal = 400 * 24 * time.Hour

// journalName is how a day's file is called.
const journalName = time.DateOnly + ".jsonl"

// Journal writes to the files of a workspace's journal.
type Journal struct {
	dir string
	now func() time.Time

	mu   sync.Mutex
	day  string
	file *os.File
}

// OpenJournal is the journal of a workspace. Nothing is written before the first
// line; a journal that can't be written to is an error of that line, which slog
// drops: the journal never stops a run.
func OpenJournal(w Workspace, now func() time.Time) *Journal {
	return &Journal{dir: w.Journal(), now: now}
}

// Write adds a line to today's file.
func (j *Journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	day := j.now().UTC().Format(journalName)
	if day != j.day {
		if err := j.turn(day); err != nil {
			return 0, fmt.Errorf("journal: %w", err)
		}
	}
	return j.file.Write(line)
}

// turn opens a day's file and removes those that are too old.
func (j *Journal) turn(day string) error {
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(j.dir, day), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if j.file != nil {
		err = j.file.Close()
	}
	j.file, j.day = f, day
	return errors.Join(err, j.prune())
}

// prune removes the days that are too old; other files in the folder are not ours.
func (j *Journal) prune() error {
	names, err := listed(j.dir, "", ".jsonl")
	if err != nil {
		return err
	}
	for _, name := range names {
		day, err := time.Parse(journalName, filepath.Base(name))
		if err == nil && j.now().Sub(day) > KeepJournal {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close closes the day's file.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file, j.day = nil, ""
	return err
}

var _ io.WriteCloser = (*Journal)(nil)

// Logger is a logger to the journal, its texts without anything personal; also,
// when it isn't nil, gets every line too.
func (j *Journal) Logger(also slog.Handler) *slog.Logger {
	var h slog.Handler = scrubbed{slog.NewJSONHandler(j, &slog.HandlerOptions{ReplaceAttr: j.stamp})}
	if also != nil {
		h = slog.NewMultiHandler(h, scrubbed{also})
	}
	return slog.New(h)
}

// stamp writes times of the clock that everything else goes by.
func (j *Journal) stamp(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		a.Value = slog.TimeValue(j.now().UTC())
	}
	return a
}

// scrubbed takes from error texts what may have been read from a cell.
type scrubbed struct{ slog.Handler }

func (s scrubbed) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if slices.Contains([]string{"error", "why"}, a.Key) {
			a.Value = slog.StringValue(Scrub(a.Value.String()))
		}
		clean.AddAttrs(a)
		return true
	})
	return s.Handler.Handle(ctx, clean)
}

func (s scrubbed) WithAttrs(attrs []slog.Attr) slog.Handler {
	return scrubbed{s.Handler.WithAttrs(attrs)}
}

func (s scrubbed) WithGroup(name string) slog.Handler { return scrubbed{s.Handler.WithGroup(name)} }

// valuesTold finds the errors of DuckDB that quote a value, such as
// `Conversion Error: Could not convert string 'Fatima' to INT32` or
// `Constraint Error: Duplicate key "doc_number: X1"`.
var (
	valuesTold = regexp.MustCompile(`(Conversion|Constraint|Invalid Input|Out of Range|TypeMismatch|Mismatch Type) Error:`)
	quoted     = regexp.MustCompile(`'[^']*'|"[^"]*"`)
)

// Scrub takes the values out of an error's text. Our own errors name files,
// sheets and columns, never what a cell holds; DuckDB's may quote it.
func Scrub(text string) string {
	at := valuesTold.FindStringIndex(text)
	if at == nil {
		return text
	}
	return text[:at[1]] + quoted.ReplaceAllString(text[at[1]:], "'…'")
}

// NewRunID names one run in the journal: when it began, and four digits that tell
// apart those of the same second.
func NewRunID(now time.Time, entropy io.Reader) string {
	if entropy == nil {
		entropy = rand.Reader
	}
	b := make([]byte, 2)
	if _, err := io.ReadFull(entropy, b); err != nil {
		b = []byte{0, 0} // the time alone
	}
	return now.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(b)
}
