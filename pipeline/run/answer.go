package run

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
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
	settled := r.db.Settle(ctx) // answers take one core, most of the time
	defer settled()
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
	if len(owed) > 0 {
		if err := r.laySharedPersons(ctx, owed); err != nil {
			return fmt.Errorf("answers: %w", err)
		}
	}
	if err := r.answerAll(ctx, owed); err != nil {
		return err
	}
	if err := r.sweepAnswers(); err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	return r.answersComplete(ctx)
}

// sweepAnswers takes away what killed runs left half written of answers that are
// owed no more, as the file was dropped again, or purged, since: it holds names.
// Others were written over.
func (r *runner) sweepAnswers() error {
	return filepath.WalkDir(r.Workspace.Answers(), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fs.SkipDir // a folder somebody else made and shut, or that is gone
		}
		if d.IsDir() || !passingAnswer.MatchString(d.Name()) {
			return nil
		}
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// passingAnswer is the second name of an answer: see putAnswer.
var passingAnswer = regexp.MustCompile(`^\.[0-9a-f]{16}` + regexp.QuoteMeta(passingEnd) + `$`)

// stopsAll reports whether an error will meet every other answer too.
func stopsAll(err error) bool {
	switch Trouble(err) {
	case "trouble.disk_full", "trouble.read_only", "trouble.device", "trouble.answers_gone":
		return true
	}
	return false
}

// answersAtOnce is how many answers are composed with the same queries, and held
// in memory together with as many that come next.
const answersAtOnce = 500

// answerAll writes the answers of some submissions, some at a time. While these are
// made, which takes no query, the next are composed.
func (r *runner) answerAll(ctx context.Context, owed []string) (failed error) {
	chunks := slices.Collect(slices.Chunk(owed, answersAtOnce))
	compose := func(n int) *promised[*answers] {
		if n == len(chunks) {
			return promise(func() (*answers, error) { return nil, nil })
		}
		return promise(func() (*answers, error) { return r.composeAnswers(ctx, chunks[n]) })
	}
	next := compose(0)
	defer func() { _, _ = next.wait() }() // nothing of it runs on
	for n := range chunks {
		as, err := next.wait()
		if next = compose(n + 1); err == nil {
			var done [][]driver.Value
			done, err = r.makeAnswers(ctx, as)
			_, _ = next.wait()                                                        // the database is one's at a time
			err = errors.Join(err, r.recordAnswers(context.WithoutCancel(ctx), done)) // what is out is out, whatever came after
		}
		failed = errors.Join(failed, err)
		if err != nil && (ctx.Err() != nil || stopsAll(err)) {
			return failed
		}
	}
	r.Log.Info("answered", "answers", r.report.Answers)
	return failed
}

// made is an answer's bytes, or why there are none.
type made struct {
	content []byte
	err     error
}

// makeAnswers writes some answers and says which are out. Several are made at once; they
// are put in place one by one, as two of them may be to one file, dropped again: the
// later stays.
func (r *runner) makeAnswers(ctx context.Context, as *answers) (done [][]driver.Value, failed error) {
	ids := as.ids
	err := inOrder(ctx, len(ids), r.Config.cores(), func(ctx context.Context, i int) (made, error) {
		a := as.of[ids[i]]
		var b bytes.Buffer
		b.Grow(int(min(a.Received.Size*3/2, 1<<20)) + 16<<10) // about what it comes to
		err := receipt.Write(ctx, &b, r.readable(a.Received.SHA256), *a, receipt.Limits{CopyBytes: r.Config.Limits.CopyMB << 20})
		return made{b.Bytes(), err}, nil
	}, func(i int, m made) error {
		a := as.of[ids[i]]
		rel := r.answerPath(a.Received.Path, as.own[ids[i]])
		if m.err == nil {
			m.err = r.putAnswer(a.Received, rel, m.content)
		}
		if m.err != nil {
			failed = errors.Join(failed, fmt.Errorf("answer submission %s: %w", ids[i], m.err))
			if ctx.Err() != nil || stopsAll(m.err) {
				return errStop
			}
			return nil // one that can't be answered keeps nobody else waiting
		}
		sum := sha256.Sum256(m.content)
		done = append(done, []driver.Value{ids[i], string(a.Status), hex.EncodeToString(sum[:]), rel})
		r.report.Answers++
		r.report.Received = append(r.report.Received, receiptOf(*a))
		r.Progress.Step(1)
		return nil
	})
	if errors.Is(err, errStop) {
		err = nil // said in failed
	}
	return done, errors.Join(failed, err)
}

var errStop = errors.New("no answer can be written")

// putAnswer writes an answer in place of any other to the same file.
func (r *runner) putAnswer(got pipeline.Received, rel string, content []byte) error {
	final := filepath.Join(r.Workspace.Answers(), filepath.FromSlash(rel))
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return err
	}
	// By the submission's name: written again under another status, what a killed run
	// left is written over all the same.
	passing := passingName(filepath.Join(filepath.Dir(final), got.ID))
	if err := writeThrough(passing, final, content, 0o644); err != nil {
		return err
	}
	if err := r.removeOlderAnswers(got.Path, rel); err != nil {
		return err
	}
	return r.stillAnswers(r.retours)
}

// recordAnswers notes which answers are out, and what was understood by then.
func (r *runner) recordAnswers(ctx context.Context, done [][]driver.Value) error {
	if len(done) == 0 {
		return nil
	}
	if err := r.db.Exec(ctx, "create or replace temp table answered (submission_id varchar, status varchar, fingerprint varchar, path varchar)"); err != nil {
		return fmt.Errorf("record answers: %w", err)
	}
	if _, err := r.db.Append(ctx, "answered", nil, slices.Values(done)); err != nil {
		return fmt.Errorf("record answers: %w", err)
	}
	err := r.db.Exec(ctx, `insert or replace into answer (submission_id, status, fingerprint, path, reading)
		select submission_id, a.status, fingerprint, a.path, reading from answered a join understood using (submission_id)`)
	if err != nil {
		return fmt.Errorf("record answers: %w", err)
	}
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

func (r *runner) answersComplete(ctx context.Context) error {
	if asRead, err := r.answeredAsRead(ctx); err != nil {
		return fmt.Errorf("answers: %w", err)
	} else if !asRead {
		if err := r.db.Exec(ctx, "insert or replace into durable values ('answered_as_read', '')"); err != nil {
			return fmt.Errorf("answers: %w", err)
		}
	}
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
