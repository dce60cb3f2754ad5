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

// PublicDir holds what the public may read: the tables after disclosure control, in
// the same forms.
const PublicDir = "public"

// PublicDatabaseName is the public DuckDB file, named so that nobody who sends it
// on confuses it with the other.
const PublicDatabaseName = "snia_public.duckdb"

// writeFiles writes every file of the edition but its manifest and returns them
// with their rows.
func writeFiles(ctx context.Context, dir string, src Source, e *Edition, o Options) ([]File, error) {
	if len(e.Tables) == 0 {
		return nil, errors.New("no table to publish")
	}
	all := collection{database: DatabaseName, tables: e.Tables, macros: e.Macros}
	files, err := all.write(ctx, dir, src, o)
	if err != nil {
		return nil, err
	}
	if e.Disclose != nil {
		if err := e.Disclose(e); err != nil {
			return nil, err
		}
	}
	public := collection{under: PublicDir + "/", database: PublicDatabaseName, tables: e.Public}
	shown, err := public.write(ctx, dir, src, o)
	if err != nil {
		return nil, err
	}
	books, err := writeWorkbooks(ctx, dir, src, *e)
	if err != nil {
		return nil, err
	}
	o.reach("workbooks written")
	pages, err := writeBulletins(ctx, dir, src, *e)
	if err != nil {
		return nil, err
	}
	sent, err := writeInterchange(ctx, dir, src, *e)
	return slices.Concat(files, shown, books, pages, sent), err
}

// collection is a set of tables written side by side: one database, and each table
// as Parquet and CSV.
type collection struct {
	under    string // folder of the edition, with a slash at its end; "" for itself
	database string
	tables   []pipeline.Table
	macros   []pipeline.Macro
}

// write writes the collection; one without tables is no file at all.
func (c collection) write(ctx context.Context, dir string, src Source, o Options) ([]File, error) {
	if len(c.tables) == 0 {
		return nil, nil
	}
	if err := sound(c.tables); err != nil {
		return nil, err
	}
	database := c.under + c.database
	path := filepath.Join(dir, filepath.FromSlash(database))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	rows, err := src.WriteDatabase(ctx, path, documented(c.tables), c.macros...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", database, err)
	}
	if len(rows) != len(c.tables) {
		return nil, fmt.Errorf("%s: %d tables written, %d asked for", database, len(rows), len(c.tables))
	}
	o.reach("database written")
	files := []File{{Path: database}}
	for i, t := range c.tables {
		files[0].Rows += rows[i]
		of, err := c.writeTable(ctx, dir, src, t, rows[i])
		if err != nil {
			return nil, err
		}
		files = append(files, of...)
		o.reach("table written")
	}
	return files, nil
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
func (c collection) writeTable(ctx context.Context, dir string, src Source, t pipeline.Table, rows int64) ([]File, error) {
	var files []File
	for _, form := range []struct {
		ext   string
		write func(context.Context, string, pipeline.Table) (int64, error)
	}{{"parquet", src.WriteParquet}, {"csv", src.WriteCSV}} {
		f := File{Path: c.under + form.ext + "/" + t.Name + "." + form.ext, Table: t.Name}
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		var err error
		if f.Rows, err = form.write(ctx, path, t); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		if f.Rows != rows {
			return nil, fmt.Errorf("%s: %d rows, %s has %d", f.Path, f.Rows, c.database, rows)
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
	return nil
}
