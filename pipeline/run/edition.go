package run

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/publish"
	"cp3/pipeline/store"
	"cp3/pipeline/wording"
	"cp3/sql"
)

// edition is one edition as the ledger records it once it stands.
type edition struct {
	Number  int           `json:"edition"`
	Run     string        `json:"run"`    // derived from the inputs, not from the clock
	Day     pipeline.Date `json:"day"`    // the day it speaks of
	Inputs  string        `json:"inputs"` // fingerprint of everything it was derived from
	Kind    string        `json:"kind"`   // the verb that made it
	Version string        `json:"version"`
	// Awaited are the days by which reports were still awaited when it was made.
	Awaited  []pipeline.Date `json:"awaited,omitempty"`
	Counts   counts          `json:"counts"`             // submissions received since the edition before
	Released int             `json:"released,omitempty"` // the edition whose figures the public reads; 0: none, or not known
	Ledger   int             `json:"ledger"`             // entries in the ledger when it was made
	Head     string          `json:"head"`               // hash of the last of them
	Manifest string          `json:"manifest,omitempty"` // SHA-256 of MANIFEST.json
}

// counts of submissions by what became of them.
type counts struct {
	Received, Accepted, Reserved, Rejected int
}

// readEditions reads the ledger's editions and the manifest in place.
func (r *runner) readEditions() error {
	err := store.Each(r.ledger, store.KindPublished, func(_ store.Entry, e edition) error {
		r.editions = append(r.editions, e)
		return nil
	})
	if err != nil {
		return err
	}
	manifest, err := publish.ReadManifest(r.Workspace.Publication())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read publication: %w", err)
	}
	r.current = manifest
	r.signedOff, _, err = signedOff(r.ledger)
	return err
}

// recordStanding records the edition in place when the ledger lacks it, provided
// that it was made from this ledger: beside a ledger brought back from a backup
// stands an edition made from what the backup doesn't know.
func (r *runner) recordStanding() error {
	if r.current.Edition != len(r.editions)+1 {
		return nil
	}
	e, err := recordOf(r.current)
	if err != nil {
		return err
	}
	if !r.ledger.Has(e.Ledger, e.Head) {
		return nil
	}
	return r.recordEdition(e)
}

// recordOf is what a manifest says of the edition it signs off.
func recordOf(m publish.Manifest) (edition, error) {
	var e edition
	if err := json.Unmarshal(m.Record, &e); err != nil {
		return e, fmt.Errorf("read publication: %s: %w", publish.ManifestName, err)
	}
	return e, nil
}

func (r *runner) recordEdition(e edition) error {
	sum, err := fileSum(r.Workspace.Publication(), publish.ManifestName)
	if err != nil {
		return err
	}
	e.Manifest, r.signedOff = sum, sum
	if _, err := r.ledger.Append(r.at, store.KindPublished, e); err != nil {
		return err
	}
	r.editions = append(r.editions, e)
	return nil
}

// lastEdition is the last one the ledger records; the zero edition before the first.
func (r *runner) lastEdition() edition {
	if len(r.editions) == 0 {
		return edition{}
	}
	return r.editions[len(r.editions)-1]
}

// thisEdition is the edition that inputs will make.
func (r *runner) thisEdition(inputs string) edition {
	if r.rebuilding {
		return r.lastEdition()
	}
	return edition{
		Number: len(r.editions) + 1, Run: runID(inputs, len(r.editions)+1), Day: r.Config.Day(r.at), Inputs: inputs,
		Kind: r.Command, Version: r.Version, Ledger: r.ledger.Len(), Head: r.ledger.Head(),
	}
}

// runID names a run after what it was made from and its rank, not after the clock.
func runID(inputs string, number int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", inputs, number))
	return hex.EncodeToString(sum[:])[:12]
}

// count tells what the submissions received since the edition before came to. A
// rebuilt edition keeps its counts.
func (r *runner) count(ctx context.Context, e *edition) error {
	if r.rebuilding {
		return nil
	}
	since := r.lastEdition().Ledger
	err := r.db.Conn().QueryRowContext(ctx, `select count(*), count(*) filter (own_status = 'acceptee'), count(*) filter (own_status = 'reserves'),
		count(*) filter (own_status = 'rejetee') from submission where seq > ?`, since).Scan(&e.Counts.Received, &e.Counts.Accepted, &e.Counts.Reserved, &e.Counts.Rejected)
	if err != nil {
		return fmt.Errorf("count submissions: %w", err)
	}
	return nil
}

// upToDate reports whether everything asked for is there already, without
// opening the warehouse: the edition in place was made from these inputs and its
// answers are out.
func (r *runner) upToDate(inputs string) bool {
	return r.published(inputs) && r.answersDone()
}

// published reports whether the edition in place was made from these inputs.
func (r *runner) published(inputs string) bool {
	return !r.rebuilding && !r.deadlinePassed() && !r.releaseDue() && r.lastEdition().Inputs == inputs && r.current.Edition == len(r.editions) && len(r.editions) > 0
}

// inputs is the fingerprint of everything an edition is derived from: what was
// received, what was decided, the configuration, the declarations, the SQL, the
// texts.
func (r *runner) inputs() (string, error) {
	h := sha256.New()
	// Sorted: the ledger only grows, so that the same set means the same order, and
	// the order of arrival within a night names nothing.
	var arrivals []string
	for _, got := range r.received {
		arrivals = append(arrivals, got.ID+" "+r.Config.Day(got.At).String())
	}
	slices.Sort(arrivals)
	fmt.Fprintln(h, arrivals)
	for _, e := range r.ledger.Entries() {
		switch e.Kind {
		case store.KindReceived, store.KindConverted, store.KindPublished, store.KindRebuilt:
		default:
			fmt.Fprintln(h, e.Hash)
		}
	}
	r.writeConversions(h)
	config, err := json.Marshal(r.Config)
	if err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	h.Write(config)
	for _, files := range append(r.Config.Declared.Files(), sql.Files, wording.Files) {
		if err := hashFiles(h, files); err != nil {
			return "", fmt.Errorf("fingerprint: %w", err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// deadlinePassed reports whether a report still awaited when the edition in place
// was made is late by now: completeness changes even if nothing arrives.
func (r *runner) deadlinePassed() bool {
	today := r.Config.Day(r.at)
	return slices.ContainsFunc(r.lastEdition().Awaited, func(due pipeline.Date) bool { return due.Compare(today) < 0 })
}

// await notes the days by which reports are still awaited.
func (r *runner) await(ctx context.Context, e *edition) error {
	if r.rebuilding {
		return nil
	}
	days, err := column[time.Time](ctx, r.db.Conn(), "select distinct attendu_le from completude where statut = 'attendu' order by 1")
	if err != nil {
		return fmt.Errorf("list reports awaited: %w", err)
	}
	for _, d := range days {
		e.Awaited = append(e.Awaited, pipeline.DateOf(d))
	}
	return nil
}

func hashFiles(w io.Writer, files fs.FS) error {
	return fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s %d\n", name, len(b))
		_, err = io.Copy(w, bytes.NewReader(b))
		return err
	})
}

func fileSum(elem ...string) (string, error) {
	b, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
