package run

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"cp3/pipeline/store"
)

// revision is one value that changed from one edition to the next.
type revision struct {
	Code    string   `json:"code"`
	Year    int      `json:"annee"`
	Quarter *int     `json:"trimestre"`
	Region  *string  `json:"region"`
	Sex     string   `json:"sexe"`
	Before  *float64 `json:"avant"`
	After   *float64 `json:"apres"`
	Cause   *string  `json:"cause"`
}

// layRevisions lays down what changed with each past edition, as it was recorded
// then, and the values of the edition in place, which the new one is compared to.
func (r *runner) layRevisions(ctx context.Context, this edition) error {
	var past [][]driver.Value
	for _, e := range r.editions {
		changes, err := r.readRevisions(e.Number)
		if err != nil {
			return err
		}
		for _, c := range changes {
			past = append(past, []driver.Value{int32(e.Number), date(e.Day), c.Code, int32(c.Year), count(c.Quarter), said(c.Region), c.Sex,
				said(c.Before), said(c.After), said(c.Cause)})
		}
	}
	for _, table := range []string{"revision_log", "previous_value"} {
		if err := r.db.Exec(ctx, "delete from "+table); err != nil {
			return fmt.Errorf("lay %s: %w", table, err)
		}
	}
	if _, err := r.db.Append(ctx, "revision_log", nil, slices.Values(past)); err != nil {
		return err
	}
	if r.rebuilding || this.Number <= 1 {
		return nil
	}
	return r.layPreviousValues(ctx)
}

// layPreviousValues copies the values of the edition in place.
func (r *runner) layPreviousValues(ctx context.Context) error {
	file := filepath.Join(r.Workspace.Publication(), "parquet", "valeurs.parquet")
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	err := r.db.Exec(ctx, "insert into previous_value (code, year, quarter, region, sex, value) select code, annee, trimestre, region, sexe, valeur from read_parquet("+store.Quote(file)+")")
	if err != nil {
		return fmt.Errorf("read the edition in place: %w", err)
	}
	return nil
}

// keepRevisions makes what changed with this edition durable, before it is
// published: a rebuild can't know it from the submissions.
func (r *runner) keepRevisions(ctx context.Context, this edition) error {
	found, err := r.db.Conn().QueryContext(ctx, `select code, annee, trimestre, region, sexe, valeur_avant, valeur_apres, cause from revisions
		where edition = ? order by all`, this.Number)
	if err != nil {
		return fmt.Errorf("keep revisions: %w", err)
	}
	defer found.Close()
	changes := []revision{}
	for found.Next() {
		var c revision
		if err := found.Scan(&c.Code, &c.Year, &c.Quarter, &c.Region, &c.Sex, &c.Before, &c.After, &c.Cause); err != nil {
			return fmt.Errorf("keep revisions: %w", err)
		}
		changes = append(changes, c)
	}
	if err := found.Err(); err != nil {
		return fmt.Errorf("keep revisions: %w", err)
	}
	b, err := json.MarshalIndent(changes, "", " ")
	if err != nil {
		return fmt.Errorf("keep revisions: %w", err)
	}
	if err := WriteFile(r.Workspace.RevisionsFile(this.Number), append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("keep revisions: %w", err)
	}
	return nil
}

func (r *runner) readRevisions(edition int) ([]revision, error) {
	b, err := os.ReadFile(r.Workspace.RevisionsFile(edition))
	if err != nil {
		return nil, fmt.Errorf("read revisions: %w: restore prive/ledger from a backup", err)
	}
	var changes []revision
	if err := json.Unmarshal(b, &changes); err != nil {
		return nil, fmt.Errorf("read revisions of edition %d: %w", edition, err)
	}
	return changes, nil
}
