package model

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// A seed is data kept beside the SQL: seeds/<name>.csv, comma-separated, UTF-8,
// with a header line. It becomes table seed_<name>, all texts, empty ones NULL;
// staging gives them their types.
type seed struct {
	path    string
	name    string
	columns []string
	rows    [][]string
}

func (s seed) table() string { return "seed_" + s.name }

func loadSeeds(fsys fs.FS) ([]seed, error) {
	var seeds []seed
	var faults []error
	err := walk(fsys, "seeds", ".csv", func(file string, text []byte) {
		r := csv.NewReader(bytes.NewReader(text))
		lines, err := r.ReadAll()
		if err == nil && len(lines) == 0 {
			err = errors.New("the header line is missing")
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", file, err))
			return
		}
		seeds = append(seeds, seed{
			path: file, name: strings.TrimSuffix(path.Base(file), ".csv"),
			columns: lines[0], rows: lines[1:],
		})
	})
	return seeds, errors.Join(append(faults, err)...)
}

// Seed lays the tables of seeds/, replacing what they held.
func (p *Project) Seed(ctx context.Context, db DB) error {
	for _, s := range p.seeds {
		if err := layValues(ctx, db, s.table(), s.columns, s.rows); err != nil {
			return fmt.Errorf("%s: %w", s.path, err)
		}
	}
	return nil
}
