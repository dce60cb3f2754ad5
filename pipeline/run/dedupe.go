package run

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strconv"

	"cp3/pipeline/store"
	"cp3/transforms/link"

	"github.com/google/renameio/v2"
)

// DedupeOptions say what to link and where to write the result. It needs no
// workspace.
type DedupeOptions struct {
	In    string // CSV or Parquet
	Spec  string // YAML: what the columns hold
	Out   string // CSV: id, cluster
	Pairs string // CSV: id_a, id_b, weight, probability, evidence; "" for none
	// Report is a page of diagnostics for a statistician (HTML), in Lang; "" for none.
	Report, Lang string

	Threads  int    // 0: as many as cores
	Memory   string // of the database, as "4GB"; "": dedupeMemory
	Progress func(stage string)
}

// dedupeMemory bounds what the database holds, whatever the machine has; what
// doesn't fit is written beside the result and removed.
const dedupeMemory = "3500MB"

// Deduped is what a linkage came to.
type Deduped struct {
	Records    int `json:"records"`
	Persons    int `json:"persons"`
	Duplicates int `json:"duplicates"` // records beyond each person's first
	Compared   int `json:"compared"`   // pairs
	Uncertain  int `json:"uncertain"`  // pairs that a human should look at
}

// BadDedupe is a mistake in what was asked for: a file that isn't there, a spec
// that doesn't hold.
type BadDedupe struct{ error }

func (e *BadDedupe) Unwrap() error { return e.error }

// Dedupe links the records of a file and writes who is who.
func Dedupe(ctx context.Context, o DedupeOptions) (_ Deduped, err error) {
	spec, err := readLinkSpec(o.Spec)
	if err != nil {
		return Deduped{}, err
	}
	spill, err := os.MkdirTemp(filepath.Dir(o.Out), ".cp3-dedupe-*")
	if err != nil {
		return Deduped{}, &BadDedupe{fmt.Errorf("dedupe: %w", err)}
	}
	defer func() { err = errors.Join(err, os.RemoveAll(spill)) }()
	db, err := store.Open(ctx, "", store.Options{Threads: o.Threads, Memory: cmp.Or(o.Memory, dedupeMemory), Temp: spill})
	if err != nil {
		return Deduped{}, fmt.Errorf("dedupe: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	in, err := link.FromFile(ctx, db, o.In)
	if errors.Is(err, fs.ErrNotExist) {
		return Deduped{}, &BadDedupe{err}
	}
	if err != nil {
		return Deduped{}, fmt.Errorf("dedupe: %w", err)
	}
	r, err := link.Run(ctx, db, in, spec, link.Options{Progress: o.Progress})
	if err != nil {
		return Deduped{}, asBadDedupe(err)
	}
	return writeDeduped(ctx, r, o)
}

func readLinkSpec(path string) (link.Spec, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return link.Spec{}, &BadDedupe{err}
	}
	spec, err := link.ParseSpec(path, b)
	if err != nil {
		return link.Spec{}, &BadDedupe{err}
	}
	return spec, nil
}

// asBadDedupe tells a spec that the data contradicts from what failed on our side.
func asBadDedupe(err error) error {
	var spec *link.SpecError
	if errors.As(err, &spec) {
		return &BadDedupe{spec}
	}
	return fmt.Errorf("dedupe: %w", err)
}

func writeDeduped(ctx context.Context, r *link.Result, o DedupeOptions) (d Deduped, err error) {
	d = Deduped{Records: len(r.IDs), Persons: r.Persons(), Compared: r.Compared, Uncertain: r.CountUncertain()}
	d.Duplicates = d.Records - d.Persons
	if err := writeCSVFile(o.Out, []string{"id", "cluster"}, clusterRows(r)); err != nil {
		return d, err
	}
	if o.Pairs != "" {
		if err := writeCSVFile(o.Pairs, []string{"id_a", "id_b", "weight", "probability", "evidence"}, pairRows(ctx, r)); err != nil {
			return d, err
		}
	}
	if o.Report != "" {
		return d, writeReport(r, o)
	}
	return d, nil
}

func writeReport(r *link.Result, o DedupeOptions) error {
	var page bytes.Buffer
	if err := r.Diagnose().WriteHTML(&page, o.Lang, filepath.Base(o.In)); err != nil {
		return fmt.Errorf("dedupe: %w", err)
	}
	if err := renameio.WriteFile(o.Report, page.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", o.Report, err)
	}
	return nil
}

func clusterRows(r *link.Result) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for id, cluster := range r.Clusters() {
			if !yield([]string{id, cluster}, nil) {
				return
			}
		}
	}
}

// pairRows are the pairs worth a look: all that may be one person, and all that
// were joined.
func pairRows(ctx context.Context, r *link.Result) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for p, err := range r.Pairs(ctx, -link.Band) {
			row := []string{p.A, p.B, strconv.FormatFloat(p.Weight, 'f', 3, 64), strconv.FormatFloat(p.Probability, 'f', 6, 64), p.EvidenceText()}
			if !yield(row, err) {
				return
			}
		}
	}
}

// writeCSVFile writes a file whole or not at all.
func writeCSVFile(path string, header []string, rows iter.Seq2[[]string, error]) error {
	f, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer f.Cleanup()
	buffer := bufio.NewWriterSize(f, 1<<20)
	w := csv.NewWriter(buffer)
	if err := w.Write(header); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	for row, err := range rows {
		if err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		if err := w.Write(row); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
	}
	w.Flush()
	if err := errors.Join(w.Error(), buffer.Flush()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return f.CloseAtomicallyReplace()
}
