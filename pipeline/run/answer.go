package run

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cp3/connectors/receipt"
	"cp3/pipeline"
)

// answer writes the answers that are still owed: to every submission the warehouse
// holds and no answer was recorded for, or that is understood otherwise since. Each is written
// whole under its final name, then recorded; a process killed in between writes
// the same bytes again.
func (r *runner) answer(ctx context.Context) error {
	owed, err := r.owedAnswers(ctx)
	if err != nil {
		return err
	}
	owed = slices.DeleteFunc(owed, r.buried) // their answers were removed with them
	answered, _, err := scalar[bool](ctx, r.db.Conn(), "select count(*) > 0 from answer")
	if err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	if r.retours, err = r.openAnswers(answered); err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	r.Progress.Stage("answer", len(owed))
	var failed error
	for _, id := range owed {
		if err := r.answerOne(ctx, id); err != nil {
			failed = errors.Join(failed, fmt.Errorf("answer submission %s: %w", id, err))
			if ctx.Err() != nil || stopsAll(err) {
				return failed
			}
			continue // one that can't be answered keeps nobody else waiting
		}
		r.report.Answers++
		r.Progress.Step(1)
	}
	r.Log.Info("answered", "answers", r.report.Answers)
	if failed != nil {
		return failed
	}
	return r.answersComplete()
}

// stopsAll reports whether an error will meet every other answer too.
func stopsAll(err error) bool {
	switch Trouble(err) {
	case "trouble.disk_full", "trouble.read_only", "trouble.device", "trouble.answers_gone":
		return true
	}
	return false
}

func (r *runner) answerOne(ctx context.Context, id string) error {
	a, own, err := r.composeAnswer(ctx, id)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	limits := receipt.Limits{CopyBytes: r.Config.Limits.CopyMB << 20}
	if err := receipt.Write(ctx, &b, r.readable(a.Received.SHA256), a, limits); err != nil {
		return err
	}
	rel := r.answerPath(a.Received.Path, own)
	final := filepath.Join(r.Workspace.Answers(), filepath.FromSlash(rel))
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return err
	}
	// By the submission's name: written again under another status, what a killed run
	// left is written over all the same.
	passing := filepath.Join(filepath.Dir(final), "."+id+passingEnd)
	if err := writeThrough(passing, final, b.Bytes(), 0o644); err != nil {
		return err
	}
	if err := r.removeOlderAnswers(a.Received.Path, rel); err != nil {
		return err
	}
	if err := r.stillAnswers(r.retours); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	if err := r.db.Exec(ctx, `insert or replace into answer (submission_id, status, fingerprint, path, reading)
		select ?, ?, ?, ?, reading from (`+readings+`) where submission_id = ?`, id, string(a.Status), hex.EncodeToString(sum[:]), rel, id); err != nil {
		return err
	}
	r.report.Received = append(r.report.Received, receiptOf(a))
	return nil
}

// answerPath is where the answer to a dropped file goes, below retours/: the same
// sub-folders as the drop, named after the file without its ending. When two
// files of a folder differ in their ending alone (photo.png, photo.xlsx), the one
// received first has that name and the others keep their ending.
func (r *runner) answerPath(dropped string, s pipeline.Status) string {
	dir, file := path.Split(dropped)
	if r.stemOwner(dropped) != dropped {
		file += ".xlsx" // Name takes an ending off
	}
	return dir + receipt.Name(file, s)
}

// stemOwner is the file received first among those that differ from this one in
// their ending alone.
func (r *runner) stemOwner(dropped string) string {
	if r.stems == nil {
		r.stems = map[string]string{}
	}
	for _, got := range r.received[r.stemmed:] {
		if stem := strings.TrimSuffix(got.Path, path.Ext(got.Path)); r.stems[stem] == "" {
			r.stems[stem] = got.Path
		}
	}
	r.stemmed = len(r.received)
	return r.stems[strings.TrimSuffix(dropped, path.Ext(dropped))]
}

// removeOlderAnswers takes away answers to the same file with another status.
func (r *runner) removeOlderAnswers(dropped, keep string) error {
	for _, s := range []pipeline.Status{pipeline.Accepted, pipeline.Reserved, pipeline.Rejected} {
		if rel := r.answerPath(dropped, s); rel != keep {
			if err := os.Remove(filepath.Join(r.Workspace.Answers(), filepath.FromSlash(rel))); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// answersMark holds the last submission and the edition whose answers are all
// out, so that an empty night needn't open the warehouse.
func (r *runner) answersMark() string { return r.Workspace.path("prive", "answered") }

func (r *runner) answersDone() bool {
	b, err := os.ReadFile(r.answersMark())
	return err == nil && strings.TrimSpace(string(b)) == r.answersOut()
}

func (r *runner) answersComplete() error {
	if err := WriteFile(r.answersMark(), []byte(r.answersOut()+"\n"), 0o600); err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	return nil
}

func (r *runner) answersOut() string {
	last := "none"
	if len(r.received) > 0 {
		last = r.received[len(r.received)-1].ID
	}
	return fmt.Sprintf("%s %d", last, len(r.editions))
}

func receiptOf(a receipt.Answer) Receipt {
	n := map[pipeline.Severity]int{}
	for _, i := range a.Reading.Issues {
		n[i.Severity]++
	}
	return Receipt{ID: a.Received.ID, Member: a.Received.Member, Path: a.Received.Path, Status: a.Status,
		Read: a.Reading.RowsRead, Kept: a.Kept, Issues: n}
}
