package publish

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"cp3/pipeline"
	"cp3/pipeline/publish/interchange"
)

// interchangeDir holds the files for other systems.
const interchangeDir = "echanges"

// writeInterchange writes the files other systems take in, from what the public may
// read. What was withdrawn is told by place alone, so that the table of revisions,
// which isn't public, can tell it.
func writeInterchange(ctx context.Context, dir string, src Source, e Edition) ([]File, error) {
	if !interchange.Publishable(e.Public) {
		return nil, nil
	}
	tables := slices.Clone(e.Public)
	for _, t := range e.Tables {
		if t.Name == "revisions" && !slices.ContainsFunc(tables, func(p pipeline.Table) bool { return p.Name == t.Name }) {
			tables = append(tables, t)
		}
	}
	data, err := interchange.Read(ctx, src, tables, e.PublicNumber)
	if err != nil {
		return nil, err
	}
	activity := e.Activity
	if activity == (interchange.Activity{}) {
		activity = interchange.Unregistered
	}
	written, err := interchange.Files(data, activity, e.PublicDay)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, interchangeDir), 0o755); err != nil {
		return nil, err
	}
	var files []File
	for _, f := range written {
		path := interchangeDir + "/" + f.Name
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(path)), f.Bytes, 0o644); err != nil {
			return nil, err
		}
		files = append(files, File{Path: path, Rows: f.Rows})
	}
	return files, nil
}
