// Package example makes the workbooks of `cp3 demo`: two years of submissions by
// all seven members, about synthetic persons, written as focal points write.
//
// A *plan* says what really happened in the example's world: which *persons*
// exist and which services they received, when and where. Its figures are those
// of the 2020 results report. A *hand* is how one focal point writes; a *mention*
// is what a hand makes of a person; a *habit* is something a hand does to a
// workbook that a reader has to understand. A *book* is a workbook being
// written. The *manifest* says what was planted where, and the *truth* which
// person every row is, so that readers, linkage and indicators can be tested
// against what really happened.
//
// Everything is drawn from a seed, names and numbers included: the same seed
// gives the same bytes on every machine. Nobody in it exists. Phones are of the
// block +212 6000xxxxx, papers of series nobody issues (ZZ, XX, 383-00C), company
// numbers start with 0099.
package example

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"time"

	"cp3/pipeline"
)

// Options of an example.
type Options struct {
	Seed uint64 // 0: the shipped example's
	// After and Until keep what is delivered after one day and up to another, so
	// that several nights can be played. Zero dates keep all.
	After, Until pipeline.Date
}

// A Set is the example, made and not yet written.
type Set struct {
	Manifest Manifest
	content  map[string][]byte
}

// Write makes the example and writes below dir the files of the days asked for:
// dir/<MEMBER>/... . The manifest is about all of it, whatever the days.
func Write(ctx context.Context, dir string, o Options) (Manifest, error) {
	s, err := Make(ctx, o.Seed)
	if err != nil {
		return Manifest{}, err
	}
	return s.Manifest, s.Deliver(dir, o.After, o.Until)
}

// Make makes the example from a seed; 0 is the shipped example's.
func Make(ctx context.Context, seed uint64) (*Set, error) {
	if seed == 0 {
		seed = Seed
	}
	s := &Set{Manifest: Manifest{Seed: seed}, content: map[string][]byte{}}
	plan, d := NewPlan(seed), newDraw(seed).fork("books")
	for _, c := range centreFiles(plan) {
		if err := s.keep(ctx, centreWorkbook(plan, c, d, &s.Manifest)); err != nil {
			return nil, err
		}
	}
	for _, c := range agencyFiles(plan) {
		if err := s.keep(ctx, agencyWorkbook(plan, c, d, &s.Manifest)); err != nil {
			return nil, err
		}
	}
	for _, b := range otherBooks(plan, d, &s.Manifest) {
		if err := s.keep(ctx, b); err != nil {
			return nil, err
		}
	}
	s.copies()
	s.account(plan)
	return s, nil
}

// keep closes a book.
func (s *Set) keep(ctx context.Context, b *book) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("example: %w", err)
	}
	content, err := b.bytes()
	if err != nil {
		return err
	}
	s.content[b.file.Path] = content
	s.Manifest.Files = append(s.Manifest.Files, b.file)
	s.Manifest.Doubles = append(s.Manifest.Doubles, b.doubles()...)
	return nil
}

// copies adds the same file under another name, and the lock that Excel leaves
// beside a workbook somebody has open.
func (s *Set) copies() {
	const of, again = "ANAPEC/Casablanca/casa t2.xlsx", "ANAPEC/Casablanca/casa t2 - Copie.xlsx"
	i := slices.IndexFunc(s.Manifest.Files, func(f File) bool { return f.Path == of })
	f := s.Manifest.Files[i]
	f.Path, f.Delivery, f.Rows = again, nextDay, 0
	f.Habits = append(slices.Clone(f.Habits), OtherName)
	s.content[again] = s.content[of]
	s.Manifest.Files = append(s.Manifest.Files, f)
	s.Manifest.Copies = append(s.Manifest.Copies, Copy{Path: again, Of: of})

	lock := "ANAPEC/Rabat/~$ANAPEC Rabat 2020 T4.xlsx"
	s.content[lock] = lockFile("Point focal")
	s.Manifest.Files = append(s.Manifest.Files, File{Path: lock, Member: "ANAPEC", Structure: "Rabat", Delivery: afterT4, Saved: afterT4, Habits: []Habit{LockFile}})
}

// lockFile is Excel's owner file: a length, the name of who has the workbook
// open, padding, and the same in UTF-16.
func lockFile(owner string) []byte {
	b := make([]byte, 165)
	for i := range b {
		b[i] = ' '
	}
	b[0] = byte(len(owner))
	copy(b[1:], owner)
	b[55], b[56] = byte(len(owner)), 0
	for i := range len(owner) {
		b[57+2*i], b[58+2*i] = owner[i], 0
	}
	return b
}

// Nights are the days files are delivered on, in order.
func (s *Set) Nights() []pipeline.Date {
	var days []string
	for _, f := range s.Manifest.Files {
		if !slices.Contains(days, f.Delivery) {
			days = append(days, f.Delivery)
		}
	}
	sort.Strings(days)
	nights := make([]pipeline.Date, len(days))
	for i, d := range days {
		nights[i] = dateOf(d)
	}
	return nights
}

// Deliver writes below dir the files delivered after one day and up to another;
// zero dates bound nothing. Their modification time is the delivery's.
func (s *Set) Deliver(dir string, after, until pipeline.Date) error {
	for _, f := range s.Manifest.Files {
		d := dateOf(f.Delivery)
		if !after.IsZero() && d.Compare(after) <= 0 || !until.IsZero() && d.Compare(until) > 0 {
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return fmt.Errorf("example: deliver %s: %w", f.Path, err)
		}
		if err := os.WriteFile(name, s.content[f.Path], 0o666); err != nil {
			return fmt.Errorf("example: deliver %s: %w", f.Path, err)
		}
		at := d.Time().Add(10 * time.Hour)
		if err := os.Chtimes(name, at, at); err != nil {
			return fmt.Errorf("example: deliver %s: %w", f.Path, err)
		}
	}
	return nil
}

// dateOf reads a day of the manifest.
func dateOf(s string) pipeline.Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(fmt.Sprintf("example: day %q: %v", s, err)) // a constant of ours
	}
	return pipeline.DateOf(t)
}

// folder is the member's folder a file lies in.
func folder(p string) string {
	for path.Dir(p) != "." {
		p = path.Dir(p)
	}
	return p
}
