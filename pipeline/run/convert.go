package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cp3/connectors/convert"
	"cp3/pipeline"
	"cp3/pipeline/read"
	"cp3/pipeline/store"
)

// conversion is the body of a ledger entry of kind KindConverted: what became of a
// file of another format. The workbook made of it is kept in the archive like a
// file received, so that reading it again never depends on LibreOffice.
type conversion struct {
	SHA256 string `json:"sha256"`           // of the file received
	To     string `json:"to,omitempty"`     // SHA-256 of the workbook made of it
	Failed string `json:"failed,omitempty"` // why there is none
}

// conversions are those among the ledger's first n entries, by file.
func (r *runner) conversions(n int) (map[string]conversion, error) {
	all := map[string]conversion{}
	err := store.Each(r.ledger, store.KindConverted, func(e store.Entry, c conversion) error {
		if e.Seq <= n {
			all[c.SHA256] = c
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("conversions: %w", err)
	}
	return all, nil
}

// writeConversions adds to a fingerprint what files of other formats became.
func (r *runner) writeConversions(w io.Writer) {
	for _, sha := range slices.Sorted(maps.Keys(r.turned)) {
		fmt.Fprintln(w, sha, r.turned[sha].To, r.turned[sha].Failed)
	}
}

// program is the LibreOffice to convert with; nil for none.
func (c Config) program() *convert.Program {
	name := c.Conversion.Program
	switch name {
	case "off":
		return nil
	case "auto":
		name = ""
	}
	return convert.Find(name, convert.Limits{Time: c.Conversion.Time, Bytes: c.Conversion.OutputMB << 20, Memory: c.Conversion.MemoryMB << 20})
}

// convert makes workbooks of the files of other formats that were received, those
// of earlier nights too: LibreOffice may have been installed since. Each is in the
// archive and in the ledger before the next.
func (r *runner) convert(ctx context.Context) error {
	todo := r.toConvert()
	if len(todo) == 0 {
		return nil
	}
	program := r.Config.program()
	if program == nil {
		r.Log.Info("not converted: no LibreOffice", "files", len(todo))
		return nil
	}
	scratch := r.Workspace.scratch()
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	r.Progress.Stage("convert", len(todo))
	failed := 0
	for _, got := range todo {
		done, err := r.convertOne(ctx, program, got, scratch)
		if err != nil {
			return fmt.Errorf("convert submission %s: %w", got.ID, err)
		}
		if done.Failed != "" {
			failed++
		}
		r.Progress.Step(1)
	}
	r.Log.Info("converted", "files", len(todo), "failed", failed)
	return nil
}

// toConvert are the files received that their ending says are of another format,
// that nothing was decided of yet, and that are still there.
func (r *runner) toConvert() []pipeline.Received {
	var todo []pipeline.Received
	seen := r.buriedContents()
	for _, got := range r.received {
		_, done := r.turned[got.SHA256]
		if !done && !seen[got.SHA256] && mayBeOther(got.Path) {
			seen[got.SHA256] = true
			todo = append(todo, got)
		}
	}
	return todo
}

// mayBeOther reports whether a file's name is one of another format.
func mayBeOther(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xls", ".xlt", ".xlsb", ".ods", ".ots", ".fods", ".xml":
		return true
	}
	return false
}

// convertOne converts one file, if its content is of another format whatever its
// name, and records what came of it.
func (r *runner) convertOne(ctx context.Context, program *convert.Program, got pipeline.Received, scratch string) (conversion, error) {
	c := conversion{SHA256: got.SHA256}
	ext, err := r.reader.OtherFormat(ctx, r.archive.Path(got.SHA256), path.Base(got.Path))
	if err != nil || ext == "" {
		return c, err
	}
	made := filepath.Join(scratch, got.SHA256+".xlsx")
	err = program.Convert(ctx, r.archive.Path(got.SHA256), ext, made, scratch)
	var cant *convert.Failure
	switch {
	case errors.As(err, &cant):
		c.Failed = cant.Why
	case err != nil:
		return c, err
	default:
		stored, err := r.archive.Put(ctx, made)
		if err := errors.Join(err, os.Remove(made)); err != nil {
			return c, err
		}
		c.To = stored.SHA256
	}
	if _, err := r.ledger.Append(r.at, store.KindConverted, c); err != nil {
		return c, err
	}
	r.turned[c.SHA256] = c
	return c, nil
}

// converted looks a file's conversion up.
func (r *runner) converted(sha string) func(context.Context, string) (string, error) {
	return func(context.Context, string) (string, error) {
		c, ok := r.turned[sha]
		switch {
		case !ok:
			return "", nil
		case c.Failed != "":
			return "", &convert.Failure{Why: c.Failed}
		}
		return r.archive.Path(c.To), nil
	}
}

// readable is where a file received can be read: as it came, or as the workbook
// made of it.
func (r *runner) readable(sha string) string {
	if c := r.turned[sha]; c.To != "" {
		return r.archive.Path(c.To)
	}
	return r.archive.Path(sha)
}

// forgetTurned forgets the submissions that were refused for their format and were
// converted since: they are read again.
func (r *runner) forgetTurned(ctx context.Context) error {
	if len(r.turned) == 0 {
		return nil
	}
	refused, err := column[string](ctx, r.db.Conn(), `select sha256 from submission join issue using (submission_id)
		where code in ('`+strings.Join(read.OtherFormatCodes(), "', '")+`')`)
	if err != nil {
		return fmt.Errorf("open warehouse: %w", err)
	}
	for _, sha := range refused {
		if _, ok := r.turned[sha]; !ok {
			continue
		}
		if err := r.forgetDerived(ctx); err != nil {
			return fmt.Errorf("open warehouse: %w", err)
		}
		for _, t := range slices.Backward(forgottenTables) {
			query := fmt.Sprintf("delete from %s where submission_id in (select submission_id from submission where sha256 = ?)", store.Ident(t))
			if err := r.db.Exec(ctx, query, sha); err != nil {
				return fmt.Errorf("open warehouse: forget %s: %w", t, err)
			}
		}
	}
	return nil
}

// atOnce converts a file that is only looked at, into scratch.
func (c Config) atOnce(file, scratch string) func(context.Context, string) (string, error) {
	return func(ctx context.Context, ext string) (string, error) {
		program := c.program()
		if program == nil || scratch == "" {
			return "", nil
		}
		sum, err := fileSum(file)
		if err != nil {
			return "", err
		}
		made := filepath.Join(scratch, sum+".xlsx")
		if _, err := os.Stat(made); err == nil {
			return made, nil
		}
		return made, program.Convert(ctx, file, ext, made, scratch)
	}
}
