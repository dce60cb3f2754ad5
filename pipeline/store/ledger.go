package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"cp3/pipeline/parallel"
)

// Ledger is the append-only list of what came when: one JSON object a line, each
// holding the SHA-256 of the one before. Changing or removing a line breaks the
// chain from there on. What the chain can't tell, that its end was cut off, its
// *mark* does: a file beside the ledger with the number and the hash of the last
// entry, written after each Append. A process killed in between leaves a mark that is
// behind, which is fine; one that is ahead says that entries are gone. (Every edition's
// manifest records a head too, outside the private area.)
//
// A line is durable (synced) before Append returns. A last line without its line
// end was being written when the machine stopped, or is being written right now
// by the run that holds the workspace: nobody was told of it, so OpenLedger takes
// no notice of it, and the next Append writes over it. Reading never changes the
// file.
type Ledger struct {
	path    string
	entries []Entry
	whole   int64 // length of the file up to the last whole line
}

// Kind is what an entry records.
type Kind string

// The kinds of entries.
const (
	KindReceived  Kind = "received"  // a file arrived and is in the archive: body pipeline.Received
	KindConverted Kind = "converted" // a file of another format was turned into a workbook, or could not be
	KindPublished Kind = "published" // an edition took its place in publication/
	KindRebuilt   Kind = "rebuilt"   // the last edition was derived again
	KindDecision  Kind = "decision"  // a human decided something: a pair, an alias
	KindPurged    Kind = "purged"    // personal data past its retention was removed
)

// Entry is one line of the ledger.
type Entry struct {
	Seq  int             `json:"n"` // 1, 2, 3, ...
	At   time.Time       `json:"at"`
	Kind Kind            `json:"kind"`
	Body json.RawMessage `json:"body"`
	Prev string          `json:"prev"` // hash of the entry before; "" for the first
	Hash string          `json:"hash"` // of everything else in the entry
}

// Decode reads the entry's body.
func (e Entry) Decode(into any) error {
	if err := json.Unmarshal(e.Body, into); err != nil {
		return fmt.Errorf("ledger entry %d: %w", e.Seq, err)
	}
	return nil
}

// sum is the hash of an entry: over its other fields in a fixed form.
func (e Entry) sum() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n%s\n%s\n%s\n", e.Seq, e.At.UTC().Format(time.RFC3339Nano), e.Kind, e.Prev)
	h.Write(e.Body)
	return hex.EncodeToString(h.Sum(nil))
}

// BrokenLedger says at which line the chain does not hold.
type BrokenLedger struct {
	Path string
	Line int
	Why  string
}

func (b *BrokenLedger) Error() string {
	return fmt.Sprintf("ledger %s, line %d: %s: restore it from a backup", b.Path, b.Line, b.Why)
}

// OpenLedger reads and checks the whole ledger at path; a missing file is an
// empty ledger. A broken chain is a *BrokenLedger.
func OpenLedger(path string) (*Ledger, error) {
	l := &Ledger{path: path}
	mark, err := readMark(path) // before the ledger: a run may be adding to both
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return l, l.reaches(mark)
	}
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	whole := bytes.LastIndexByte(b, '\n') + 1
	if err := l.parse(b[:whole]); err != nil {
		return nil, err
	}
	l.whole = int64(whole)
	return l, l.reaches(mark)
}

// mark is what the file beside the ledger says of its last entry.
type mark struct {
	Seq  int    `json:"n"`
	Hash string `json:"hash"`
}

func markFile(path string) string { return path + ".fin" }

// readMark is the zero mark when there is none, or none that says anything: what it
// could tell is lost then, not the ledger.
func readMark(path string) (m mark, err error) {
	b, err := os.ReadFile(markFile(path))
	if errors.Is(err, os.ErrNotExist) {
		return m, nil
	}
	if err == nil && json.Unmarshal(b, &m) != nil {
		return mark{}, nil
	}
	return m, err
}

// reaches fails when the ledger ends before its mark, or says something else there.
func (l *Ledger) reaches(m mark) error {
	switch {
	case m.Seq == 0 || l.Has(m.Seq, m.Hash):
		return nil
	case m.Seq > len(l.entries):
		return &BrokenLedger{l.path, len(l.entries) + 1, fmt.Sprintf("the end was cut off: %d entries were written, %d are left", m.Seq, len(l.entries))}
	}
	return &BrokenLedger{l.path, m.Seq, "another entry was written here"}
}

// mark notes where the ledger ends. The entries are durable without it: a mark that
// can't be written stays behind, and cries wolf never.
func (l *Ledger) mark() {
	b, err := json.Marshal(mark{len(l.entries), l.Head()})
	if err != nil {
		return
	}
	next := markFile(l.path) + ".tmp"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return
	}
	_, err = f.Write(append(b, '\n'))
	if errors.Join(err, f.Sync(), f.Close()) == nil {
		_ = os.Rename(next, markFile(l.path))
	}
}

// parse reads the lines, each by itself, and then holds them to the chain.
func (l *Ledger) parse(b []byte) error {
	lines := slices.Collect(bytes.Lines(b))
	read := make([]parsed, len(lines))
	parallel.Each(len(lines), func(i int) { read[i] = parse(lines[i]) })
	l.entries = make([]Entry, 0, len(lines))
	for i := range read {
		e, n := &read[i], i+1
		switch {
		case e.err != nil:
			return &BrokenLedger{l.path, n, "not a JSON object"}
		case e.Seq != n:
			return &BrokenLedger{l.path, n, fmt.Sprintf("entry %d stands here", e.Seq)}
		case e.Prev != l.Head():
			return &BrokenLedger{l.path, n, "the entry before was changed or removed"}
		case !e.sound:
			return &BrokenLedger{l.path, n, "the entry was changed"}
		}
		l.entries = append(l.entries, e.Entry)
	}
	return nil
}

// parsed is a line by itself.
type parsed struct {
	Entry
	sound bool // the hash is that of the rest
	err   error
}

func parse(line []byte) (p parsed) {
	if e, ok := asWritten(line); ok && e.Hash == e.sum() {
		return parsed{Entry: e, sound: true}
	}
	p.err = json.Unmarshal(line, &p.Entry)
	p.sound = p.err == nil && p.Hash == p.sum()
	return p
}

// asWritten is the entry of a line of the very form that Append gives it, in a fraction of
// the time that reading JSON takes: every run reads all lines. false for any other form.
func asWritten(line []byte) (e Entry, ok bool) {
	rest, ok := string(line), true
	field := func(begin, end string) (value string) {
		after, begins := strings.CutPrefix(rest, begin)
		value, others, ends := strings.Cut(after, end)
		rest, ok = others, ok && begins && ends && !strings.Contains(value, `\`)
		return value
	}
	seq, at, kind := field(`{"n":`, `,"at":"`), field("", `","kind":"`), field("", `","body":`)
	end := strings.LastIndex(rest, `,"prev":"`) // the body may have such a text, what comes after it has not
	if !ok || end < 0 {
		return e, false
	}
	body := rest[:end]
	rest = rest[end:]
	prev, hash := field(`,"prev":"`, `","hash":"`), field("", "\"}\n")
	n, _ := strconv.Atoi(seq)
	t, _ := time.Parse(time.RFC3339Nano, at)
	return Entry{n, t, Kind(kind), json.RawMessage(body), prev, hash}, ok && rest == "" && seq == strconv.Itoa(n) && at == t.Format(time.RFC3339Nano)
}

// Append adds entries, durably and together: after it returns without error they
// are all there, and none of them is when it fails.
func (l *Ledger) Append(at time.Time, kind Kind, bodies ...any) ([]Entry, error) {
	var added []Entry
	var text bytes.Buffer
	prev, seq := l.Head(), len(l.entries)
	for _, body := range bodies {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("append to ledger: %w", err)
		}
		seq++
		e := Entry{Seq: seq, At: at.UTC(), Kind: kind, Body: raw, Prev: prev}
		e.Hash = e.sum()
		prev = e.Hash
		line, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("append to ledger: %w", err)
		}
		text.Write(line)
		text.WriteByte('\n')
		added = append(added, e)
	}
	if err := l.write(text.Bytes()); err != nil {
		return nil, fmt.Errorf("append to ledger: %w", err)
	}
	l.entries = append(l.entries, added...)
	l.mark()
	return added, nil
}

// write adds bytes after the last whole line and syncs. What a failed write left
// there is cut off again, at once or, if that fails too, by the next one.
func (l *Ledger) write(b []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	end := l.whole
	if info, err := f.Stat(); err != nil || info.Size() < end {
		// The share it was on went away, and this is the empty folder underneath.
		return errors.Join(&BrokenLedger{l.path, len(l.entries), "the file is shorter than when it was read"}, err)
	}
	if err := f.Truncate(end); err != nil {
		return err
	}
	if _, err := f.WriteAt(b, end); err != nil {
		return errors.Join(err, f.Truncate(end))
	}
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Truncate(end))
	}
	l.whole += int64(len(b))
	if end == 0 {
		return syncDir(filepath.Dir(l.path))
	}
	return nil
}

// Head is the hash of the last entry, "" for an empty ledger.
func (l *Ledger) Head() string {
	if len(l.entries) == 0 {
		return ""
	}
	return l.entries[len(l.entries)-1].Hash
}

// Len is the number of entries.
func (l *Ledger) Len() int { return len(l.entries) }

// Entries are all entries, in order; not to be changed.
func (l *Ledger) Entries() []Entry { return l.entries }

// Has reports whether the ledger holds, at position n (1-based), an entry with
// this hash: what a manifest recorded when it was signed off.
func (l *Ledger) Has(n int, hash string) bool {
	if n == 0 {
		return true
	}
	return n <= len(l.entries) && l.entries[n-1].Hash == hash
}

// Each decodes the bodies of one kind, in order, into T.
func Each[T any](l *Ledger, kind Kind, visit func(Entry, T) error) error {
	var of []Entry
	for _, e := range l.entries {
		if e.Kind == kind {
			of = append(of, e)
		}
	}
	bodies, errs := make([]T, len(of)), make([]error, len(of))
	parallel.Each(len(of), func(i int) { errs[i] = of[i].Decode(&bodies[i]) })
	for i, e := range of {
		if errs[i] != nil {
			return errs[i]
		}
		if err := visit(e, bodies[i]); err != nil {
			return err
		}
	}
	return nil
}

// syncDir makes a rename or a new file in dir durable, where the system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	// Some network and Windows file systems refuse to sync a folder: there the
	// rename itself is all there is.
	_ = d.Sync()
	return d.Close()
}
