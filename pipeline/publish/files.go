package publish

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"cp3/pipeline"
	"cp3/pipeline/publish/suivi"
	"cp3/pipeline/wording"
)

// DatabaseName is the published DuckDB file.
const DatabaseName = "snia.duckdb"

// writeFiles writes every file of the edition but its manifest and returns them
// with their rows.
func writeFiles(ctx context.Context, dir string, src Source, e Edition, o Options) ([]File, error) {
	if err := sound(e.Tables); err != nil {
		return nil, err
	}
	rows, err := src.WriteDatabase(ctx, filepath.Join(dir, DatabaseName), documented(e.Tables), e.Macros...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", DatabaseName, err)
	}
	if len(rows) != len(e.Tables) {
		return nil, fmt.Errorf("%s: %d tables written, %d asked for", DatabaseName, len(rows), len(e.Tables))
	}
	o.reach("database written")
	var total int64
	var files []File
	for i, t := range e.Tables {
		total += rows[i]
		of, err := writeTable(ctx, dir, src, t, rows[i])
		if err != nil {
			return nil, err
		}
		files = append(files, of...)
		o.reach("table written")
	}
	files = append(files, File{Path: DatabaseName, Rows: total})
	books, err := writeWorkbooks(ctx, dir, src, e)
	if err != nil {
		return nil, err
	}
	files = append(files, books...)
	o.reach("workbooks written")
	sent, err := writeInterchange(ctx, dir, src, e)
	return append(files, sent...), err
}

// writeWorkbooks writes the follow-up workbook of each year that has values.
func writeWorkbooks(ctx context.Context, dir string, src Source, e Edition) ([]File, error) {
	if !suivi.Publishable(e.Tables) {
		return nil, nil
	}
	data, err := suivi.Read(ctx, src, e.Tables)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, year := range data.Years() {
		f := File{Path: fmt.Sprintf("tableaux/suivi_%d.xlsx", year), Rows: int64(data.Lines(year))}
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		if err := writeWorkbook(path, data, year, e); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		files = append(files, f)
	}
	return files, nil
}

func writeWorkbook(path string, data suivi.Data, year int, e Edition) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return suivi.Write(f, data, year, suivi.Edition{Number: e.Number, Day: e.Day, Version: e.Version})
}

// writeTable writes the flat files of one table. The three forms of a table must
// have the same number of rows: they were read at three moments.
func writeTable(ctx context.Context, dir string, src Source, t pipeline.Table, rows int64) ([]File, error) {
	var files []File
	for _, form := range []struct {
		ext   string
		write func(context.Context, string, pipeline.Table) (int64, error)
	}{{"parquet", src.WriteParquet}, {"csv", src.WriteCSV}} {
		f := File{Path: form.ext + "/" + t.Name + "." + form.ext, Table: t.Name}
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		var err error
		if f.Rows, err = form.write(ctx, path, t); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		if f.Rows != rows {
			return nil, fmt.Errorf("%s: %d rows, %s has %d", f.Path, f.Rows, DatabaseName, rows)
		}
		files = append(files, f)
	}
	return files, nil
}

// documented says the grain of each table as a sentence, for its comment.
func documented(tables []pipeline.Table) []pipeline.Table {
	tables = slices.Clone(tables)
	for i, t := range tables {
		if t.Grain != "" {
			tables[i].Grain = wording.Text("fr", "publication.grain", map[string]string{"columns": t.Grain})
		}
	}
	return tables
}

// sound refuses tables that can't be published under their names.
func sound(tables []pipeline.Table) error {
	seen := map[string]bool{}
	for _, t := range tables {
		switch {
		case t.Name == "" || filepath.Base(t.Name) != t.Name || t.Name[0] == '.':
			return fmt.Errorf("table %q: its name can't name a file", t.Name)
		case seen[t.Name]:
			return fmt.Errorf("table %s: listed twice", t.Name)
		case len(t.Columns) == 0:
			return fmt.Errorf("table %s: no column is declared", t.Name)
		}
		seen[t.Name] = true
	}
	if len(tables) == 0 {
		return fmt.Errorf("no table to publish")
	}
	return nil
}
