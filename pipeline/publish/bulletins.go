package publish

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	"cp3/pipeline/publish/bulletin"
)

// bulletinsDir holds the pages of quarters and years, beside the public tables they
// are made from.
const bulletinsDir = PublicDir + "/bulletins"

// writeBulletins writes a page for each year and quarter that has values, in each
// language, from what the public may read.
func writeBulletins(ctx context.Context, dir string, src Source, e Edition) ([]File, error) {
	if !bulletin.Publishable(e.Public) {
		return nil, nil
	}
	data, err := bulletin.Read(ctx, src, e.Public)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, bulletinsDir), 0o755); err != nil {
		return nil, err
	}
	var files []File
	for _, issue := range data.Issues() {
		for _, lang := range bulletin.Languages {
			var page bytes.Buffer
			if err := bulletin.Write(&page, data, issue, lang, bulletin.Edition{Number: e.PublicNumber, Day: e.PublicDay}); err != nil {
				return nil, err
			}
			f := File{Path: bulletinsDir + "/" + bulletin.FileName(issue, lang)}
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(f.Path)), page.Bytes(), 0o644); err != nil {
				return nil, err
			}
			files = append(files, f)
		}
	}
	return files, nil
}
