package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"cp3/pipeline"
	"cp3/pipeline/publish"
	"cp3/pipeline/store"
)

// Verified is what a verification covered and found.
type Verified struct {
	Entries  int      `json:"ledger_entries"`
	Files    int      `json:"archived_files"`
	Edition  int      `json:"edition"`
	Problems []string `json:"problems"`
}

// Verify proves that nothing received was removed or changed, and that the
// publication is what was signed off: the ledger's chain, the hash of every
// archived file, the manifest of every edition kept, and the anchors between
// them. It reads everything and changes nothing, but holds the workspace meanwhile: a
// run that published between two looks would pass for tampering. Where it can't be
// held, because nothing can be written there, nothing runs either.
func Verify(ctx context.Context, o Options) (v Verified, err error) {
	release, err := o.Workspace.Lock("verify", o.Now())
	var locked *Locked
	switch {
	case errors.As(err, &locked):
		return v, err
	case err == nil:
		defer func() { err = errors.Join(err, release()) }()
	}
	began := o.Now()
	defer func() {
		noted := err
		if noted == nil && len(v.Problems) > 0 {
			noted = fmt.Errorf("%d problems, first: %s", len(v.Problems), v.Problems[0])
		}
		_ = o.remember("verify", began, noted)
	}()
	ledger, err := store.OpenLedger(o.Workspace.LedgerFile())
	var broken *store.BrokenLedger
	if errors.As(err, &broken) {
		v.Problems = append(v.Problems, broken.Error())
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.Entries = ledger.Len()
	if err := v.archive(ctx, ledger, store.NewArchive(o.Workspace.Archive()), o.Progress); err != nil {
		return v, err
	}
	if err := v.publication(ledger, o.Workspace.Publication()); err != nil {
		return v, err
	}
	return v, nil
}

func (v *Verified) archive(ctx context.Context, ledger *store.Ledger, archive *store.Archive, progress Progress) error {
	order, gone, err := archived(ledger)
	if err != nil {
		return err
	}
	for _, sha := range gone {
		if _, err := os.Stat(archive.Path(sha)); err == nil {
			v.Problems = append(v.Problems, fmt.Sprintf("archive: %s was purged and is still there: cp3 run removes it", sha))
		}
	}
	progress.Stage("verify", len(order))
	for _, sha := range order {
		if err := archive.Verify(ctx, sha); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			v.Problems = append(v.Problems, err.Error())
		}
		v.Files++
		progress.Step(1)
	}
	return nil
}

// archived are the contents that the archive must hold, in order of arrival: those
// of submissions, the workbooks made of other formats, and the residues of those
// that were purged; and the contents that it must not hold any more.
func archived(ledger *store.Ledger) (held, gone []string, err error) {
	r := &runner{ledger: ledger}
	if err := r.readTombs(); err != nil {
		return nil, nil, err
	}
	err = store.Each(ledger, store.KindReceived, func(_ store.Entry, got pipeline.Received) error {
		r.received = append(r.received, got)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	buried, seen := r.buriedContents(), map[string]bool{}
	add := func(to *[]string, sha string) {
		if !seen[sha] {
			seen[sha] = true
			*to = append(*to, sha)
		}
	}
	for _, got := range r.received {
		if buried[got.SHA256] {
			add(&gone, got.SHA256)
		} else {
			add(&held, got.SHA256)
		}
	}
	err = store.Each(ledger, store.KindConverted, func(_ store.Entry, c conversion) error {
		switch {
		case c.To == "":
		case buried[c.SHA256]:
			add(&gone, c.To)
		default:
			add(&held, c.To)
		}
		return nil
	})
	for _, t := range r.tombs {
		add(&held, t.Residue)
	}
	return held, gone, err
}

func (v *Verified) publication(ledger *store.Ledger, dir string) error {
	signed, edition, err := signedOff(ledger)
	if err != nil {
		return err
	}
	problems, err := publish.Verify(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && edition == 0:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		v.Problems = append(v.Problems, fmt.Sprintf("publication: edition %d is missing: cp3 rebuild makes it again", edition))
		return nil
	case err != nil:
		return err
	}
	for _, p := range problems {
		v.Problems = append(v.Problems, "publication: "+p.String())
	}
	manifest, err := publish.ReadManifest(dir)
	if err != nil {
		return err
	}
	v.Edition = manifest.Edition
	e, err := recordOf(manifest)
	if err != nil {
		return err
	}
	if !ledger.Has(e.Ledger, e.Head) {
		v.Problems = append(v.Problems, fmt.Sprintf("ledger: its first %d entries are not those edition %d was made from: restore prive/ from a backup", e.Ledger, manifest.Edition))
	}
	if sum, err := fileSum(dir, publish.ManifestName); err != nil {
		return err
	} else if manifest.Edition == edition && sum != signed {
		v.Problems = append(v.Problems, "publication: MANIFEST.json is not the one that was signed off: cp3 rebuild makes the edition again")
	}
	return nil
}

// signedOff is the hash of the manifest of the last edition, by the ledger.
func signedOff(ledger *store.Ledger) (sum string, number int, err error) {
	err = store.Each(ledger, store.KindPublished, func(_ store.Entry, e edition) error {
		sum, number = e.Manifest, e.Number
		return nil
	})
	if err != nil {
		return "", 0, err
	}
	err = store.Each(ledger, store.KindRebuilt, func(_ store.Entry, e rebuilt) error {
		if e.Edition == number {
			sum = e.Manifest
		}
		return nil
	})
	return sum, number, err
}
