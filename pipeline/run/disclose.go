package run

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"cp3/pipeline"
	"cp3/pipeline/publish"
	"cp3/transforms/disclose"
)

// publicSchema holds, in the warehouse, the tables after disclosure control until
// they are written.
const publicSchema = "public"

// disclose decides what the public may read of an edition, and lays those tables
// down. What the public knows by then is made durable before anything is published:
// the next edition is protected against comparison with this one.
func (r *runner) disclose(ctx context.Context, e edition, tables []pipeline.Table) ([]pipeline.Table, error) {
	past, err := r.readTold(e.Number - 1)
	if err != nil {
		return nil, err
	}
	res, err := disclose.Public(ctx, r.db, tables, disclose.Options{Threshold: r.Config.Disclosure.Threshold, Past: past})
	if open := (*disclose.Unprotectable)(nil); errors.As(err, &open) || err == nil && !res.Report.Safe() {
		// The ministry reads its edition all the same; the public is told nothing.
		r.Log.Error("nothing for the public in this edition: it can't be protected", "edition", e.Number)
		past.Editions++
		return nil, r.keepTold(e.Number, past)
	}
	if err != nil {
		return nil, fmt.Errorf("disclose: %w", err)
	}
	if err := r.dropPublic(ctx); err != nil {
		return nil, err
	}
	var public []pipeline.Table
	for _, t := range res.Tables {
		t.Relation = publicSchema + "." + t.Name
		if err := r.db.WriteTable(ctx, t.Table, slices.Values(t.Rows)); err != nil {
			return nil, fmt.Errorf("disclose: %w", err)
		}
		public = append(public, t.Table)
	}
	r.Log.Info("disclosure control", "edition", e.Number, "hidden", len(res.Report.Intervals), "narrowest", res.Report.Narrowest, "withheld", res.Withheld)
	return public, r.keepTold(e.Number, res.Told)
}

func (r *runner) dropPublic(ctx context.Context) error {
	if err := r.db.Exec(ctx, "drop schema if exists "+publicSchema+" cascade"); err != nil {
		return fmt.Errorf("disclose: %w", err)
	}
	return nil
}

// readTold reads what the public knew after an edition. Editions made before cp3
// published anything for the public told it nothing.
func (r *runner) readTold(edition int) (t disclose.Told, err error) {
	b, err := os.ReadFile(r.Workspace.ToldFile(edition))
	if errors.Is(err, fs.ErrNotExist) && !r.hasPublic(edition) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("read what the public was told: %w: restore prive/ledger from a backup", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err == nil {
		err = json.NewDecoder(z).Decode(&t)
	}
	if err != nil {
		return t, fmt.Errorf("read what the public was told by edition %d: %w: restore prive/ledger from a backup", edition, err)
	}
	return t, nil
}

// hasPublic reports whether an edition, in place or kept, told the public anything.
func (r *runner) hasPublic(edition int) bool {
	for _, dir := range []string{r.Workspace.Publication(), r.Workspace.EditionFolder(edition)} {
		m, err := publish.ReadManifest(dir)
		if err != nil || m.Edition != edition {
			continue
		}
		return slices.ContainsFunc(m.Files, func(f publish.File) bool { return f.Path == publish.PublicDir+"/csv/valeurs.csv" })
	}
	return false
}

// keepTold makes what the public knows durable, and lets go of what the next rebuild
// doesn't need: each edition's includes all before it.
func (r *runner) keepTold(edition int, t disclose.Told) error {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	err := errors.Join(json.NewEncoder(z).Encode(t), z.Close())
	if err == nil {
		err = WriteFile(r.Workspace.ToldFile(edition), b.Bytes(), 0o600)
	}
	if err != nil {
		return fmt.Errorf("keep what the public is told: %w", err)
	}
	if err := os.Remove(r.Workspace.ToldFile(edition - 2)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("keep what the public is told: %w", err)
	}
	return nil
}
