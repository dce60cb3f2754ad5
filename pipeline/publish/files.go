package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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

// writeFiles writes every file of the edition but its manifest and returns them, described.
func writeFiles(ctx context.Context, dir string, src Source, e *Edition, o Options) ([]File, error) {
	if len(e.Tables) == 0 {
		return nil, errors.New("no table to publish")
	}
	s := newStaging(ctx, dir, o.reach)
	whole := false
	defer func() {
		if !whole { // a fault on the way: nothing is written beside it any more
			s.stop(errors.New("given up"))
			s.busy.Wait()
		}
	}()
	err := s.write(src, e)
	whole = true
	return s.end(err)
}

// write writes the files. What is made of rows, and takes the source no time, is made
// beside the tables: the rows are read just before.
func (s *staging) write(src Source, e *Edition) error {
	if err := s.workbooks(src, *e); err != nil {
		return err
	}
	all := collection{database: DatabaseName, tables: e.Tables, macros: e.Macros}
	if err := all.write(s, src); err != nil {
		return err
	}
	if e.Disclose != nil {
		if err := e.Disclose(e); err != nil {
			return err
		}
	}
	if err := s.bulletins(src, *e); err != nil {
		return err
	}
	if err := s.interchange(src, *e); err != nil {
		return err
	}
	public := collection{under: PublicDir + "/", database: PublicDatabaseName, tables: e.Public}
	return public.write(s, src)
}

// collection is a set of tables written side by side: one database, and each table
// as Parquet and CSV.
type collection struct {
	under    string // folder of the edition, with a slash at its end; "" for itself
	database string
	tables   []pipeline.Table
	macros   []pipeline.Macro
}

// write writes the collection; one without tables is no file at all. The database is
// made from the Parquet files, as they come, beside everything else.
func (c collection) write(s *staging, src Source) error {
	if len(c.tables) == 0 {
		return nil
	}
	if err := sound(c.tables); err != nil {
		return err
	}
	parquet := newComing(len(c.tables))
	s.beside(func() error { return c.writeDatabase(s, src, parquet) })
	for i, t := range c.tables {
		f, err := c.writeTable(s, t, "parquet", src.WriteParquet)
		if err != nil {
			return err
		}
		parquet.came(i, f)
	}
	for i, t := range c.tables {
		f, err := c.writeTable(s, t, "csv", src.WriteCSV)
		if err != nil {
			return err
		}
		if of := parquet.files[i]; f.Rows != of.Rows {
			return fmt.Errorf("%s: %d rows, %s has %d", f.Path, f.Rows, of.Path, of.Rows)
		}
		s.wrote(f)
		s.reach("table written")
	}
	return nil
}

// writeTable writes a table in one form.
func (c collection) writeTable(s *staging, t pipeline.Table, form string, write func(context.Context, string, pipeline.Table) (int64, error)) (File, error) {
	f := File{Path: c.under + form + "/" + t.Name + "." + form, Table: t.Name}
	path, err := s.place(f.Path)
	if err != nil {
		return f, err
	}
	if f.Rows, err = write(s.ctx, path, t); err != nil {
		return f, fmt.Errorf("%s: %w", f.Path, err)
	}
	return f, nil
}

// coming are files that are written one after the other.
type coming struct {
	files   []File
	written []chan struct{}
}

func newComing(n int) coming {
	c := coming{make([]File, n), make([]chan struct{}, n)}
	for i := range c.written {
		c.written[i] = make(chan struct{})
	}
	return c
}

// came says that a file is written.
func (c coming) came(i int, f File) {
	c.files[i] = f
	close(c.written[i])
}

// wait waits for a file.
func (c coming) wait(ctx context.Context, i int) (File, error) {
	select {
	case <-ctx.Done():
		return File{}, context.Cause(ctx)
	case <-c.written[i]:
		return c.files[i], nil
	}
}

// writeDatabase makes the database of the tables' Parquet files, which are described
// once nobody reads them: some systems sync no file that is open elsewhere. The forms of
// a table must have the same number of rows.
func (c collection) writeDatabase(s *staging, src Source, parquet coming) error {
	database := File{Path: c.under + c.database}
	path, err := s.place(database.Path)
	if err != nil {
		return err
	}
	s.database.Lock()
	defer s.database.Unlock()
	rows, err := src.WriteDatabase(s.ctx, path, documented(c.tables), func(i int) (string, error) {
		f, err := parquet.wait(s.ctx, i)
		return filepath.Join(s.dir, filepath.FromSlash(f.Path)), err
	}, c.macros...)
	if err != nil {
		return fmt.Errorf("%s: %w", database.Path, err)
	}
	if len(rows) != len(c.tables) {
		return fmt.Errorf("%s: %d tables written, %d asked for", database.Path, len(rows), len(c.tables))
	}
	s.reach("database written")
	for i := range c.tables {
		f, err := parquet.wait(s.ctx, i)
		if err != nil {
			return err
		}
		if f.Rows != rows[i] {
			return fmt.Errorf("%s: %d rows, %s has %d", f.Path, f.Rows, database.Path, rows[i])
		}
		database.Rows += rows[i]
		s.wrote(f)
	}
	s.wrote(database)
	return nil
}

// workbooks has the follow-up workbook written of each year that has values.
func (s *staging) workbooks(src Source, e Edition) error {
	if !suivi.Publishable(e.Tables) {
		return nil
	}
	data, err := suivi.Read(s.ctx, src, e.Tables)
	if err != nil {
		return err
	}
	edition := suivi.Edition{Number: e.Number, Day: e.Day, Version: e.Version}
	s.beside(func() error {
		for _, year := range data.Years() {
			f := File{Path: fmt.Sprintf("tableaux/suivi_%d.xlsx", year), Rows: int64(data.Lines(year))}
			var book bytes.Buffer
			if err := suivi.Write(&book, data, year, edition); err != nil {
				return fmt.Errorf("%s: %w", f.Path, err)
			}
			if err := s.put(f, book.Bytes()); err != nil {
				return err
			}
		}
		return nil
	})
	return nil
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
