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
	"strconv"
	"strings"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/publish"
	"cp3/transforms/disclose"
)

// release is what the public reads: the figures of one edition after disclosure
// control, which stand until others take their place, and all that the public knows
// by then. It is derived from what earlier ones told, which nothing else says: it is
// kept in prive/ledger, and a rebuild needs it.
type release struct {
	disclose.Told
	// Edition whose figures they are, and its day. Zero: nothing was told yet, or by a
	// cp3 that kept no tables.
	Edition int           `json:"edition,omitzero"`
	Day     pipeline.Date `json:"day,omitzero"`
	Tables  []released    `json:"tables,omitempty"`
}

// released is a table of a release.
type released struct {
	Table pipeline.Table `json:"table"`
	Rows  [][]any        `json:"rows"`
}

// readRelease reads what the public read and knew once an edition was published.
// Editions made before cp3 published anything for the public told it nothing.
func (r *runner) readRelease(edition int) (one release, err error) {
	b, err := os.ReadFile(r.Workspace.ToldFile(edition))
	if errors.Is(err, fs.ErrNotExist) && !r.hasPublic(edition) {
		return one, nil
	}
	if err != nil {
		return one, fmt.Errorf("read what the public was told: %w: restore prive/ledger from a backup", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err == nil {
		d := json.NewDecoder(z)
		d.UseNumber() // counts stay whole
		err = d.Decode(&one)
	}
	for i := range one.Tables {
		err = errors.Join(err, one.Tables[i].retype())
	}
	if err != nil {
		return one, fmt.Errorf("read what the public was told by edition %d: %w: restore prive/ledger from a backup", edition, err)
	}
	return one, nil
}

// retype gives each value the type its column has: JSON knows fewer.
func (t *released) retype() error {
	for _, row := range t.Rows {
		if len(row) != len(t.Table.Columns) {
			return fmt.Errorf("table %s: a row of %d values for %d columns", t.Table.Name, len(row), len(t.Table.Columns))
		}
		for i, c := range t.Table.Columns {
			var err error
			if row[i], err = typed(row[i], c.Type); err != nil {
				return fmt.Errorf("table %s, column %s: %w", t.Table.Name, c.Name, err)
			}
		}
	}
	return nil
}

func typed(value any, kind string) (any, error) {
	switch v := value.(type) {
	case json.Number:
		if strings.EqualFold(kind, "DOUBLE") {
			return v.Float64()
		}
		return v.Int64()
	case string:
		if kind = strings.ToUpper(kind); kind == "DATE" || strings.HasPrefix(kind, "TIMESTAMP") {
			return time.Parse(time.RFC3339Nano, v)
		}
	}
	return value, nil
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

// encode is a release as it is kept.
func (one release) encode() ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := errors.Join(json.NewEncoder(z).Encode(one), z.Close()); err != nil {
		return nil, fmt.Errorf("keep what the public is told: %w", err)
	}
	return b.Bytes(), nil
}

// keepRelease makes what the public reads and knows durable, and lets go of what the
// next rebuild doesn't need: each edition's includes all before it.
func (r *runner) keepRelease(edition int, encoded []byte) error {
	if err := WriteFile(r.Workspace.ToldFile(edition), encoded, 0o600); err != nil {
		return fmt.Errorf("keep what the public is told: %w", err)
	}
	if err := os.Remove(r.Workspace.ToldFile(edition - 2)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("keep what the public is told: %w", err)
	}
	return nil
}

// releaseDue reports whether the edition in place should give way to one that tells the
// public anew, even if nothing arrived: the public reads an earlier one's figures, and
// today is of another week, month or quarter than the edition in place, which had its
// chance.
func (r *runner) releaseDue() bool {
	last := r.lastEdition()
	rule := r.Config.Disclosure
	return last.Released > 0 && last.Released < last.Number && rule.stretch(r.Config.Day(r.at)) != rule.stretch(last.Day)
}

// heldBack is the last edition when it should have told the public anew and could not.
func (r *runner) heldBack() (last, told edition, held bool) {
	last = r.lastEdition()
	if last.Released == 0 || last.Released >= last.Number || last.Released > len(r.editions) {
		return last, told, false
	}
	told = r.editions[last.Released-1]
	return last, told, r.Config.Disclosure.anew(told.Day, last.Day)
}

// publicNeeds tells once for all editions that can't take a release's place.
func publicNeeds(_ context.Context, o Options) ([]Need, error) {
	if o.Workspace.holder() != nil {
		return nil, nil
	}
	r, err := look(o)
	if err != nil {
		return nil, err
	}
	last, told, held := r.heldBack()
	if !held {
		return nil, nil
	}
	return []Need{{"public/" + strconv.Itoa(told.Number), needPublic, map[string]string{
		"edition": strconv.Itoa(last.Number), "public": strconv.Itoa(told.Number), "day": told.Day.String()}}}, nil
}
