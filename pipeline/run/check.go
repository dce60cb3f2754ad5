package run

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"cp3/connectors/receipt"
	"cp3/pipeline"
	"cp3/pipeline/read"
	"cp3/transforms/model"
)

// check runs the claims every edition keeps against what was computed. A claim
// that fails rolls the derivation back: the edition in place stands.
func (r *runner) check(ctx context.Context) error {
	r.Progress.Stage("check", 0)
	var found []model.Failure
	var err error
	if r.updated {
		found, err = r.model.CheckUpdated(ctx, r.db, personsChanged)
	} else {
		found, err = r.model.Check(ctx, r.db)
	}
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	var broken []model.Failure
	for _, f := range found {
		switch f.Severity {
		case model.Error:
			broken = append(broken, f)
			r.Log.Error("check failed", "check", f.Check, "rows", f.Rows)
		default:
			r.report.Warnings += f.Rows
		}
	}
	if len(broken) > 0 {
		r.report.Failures = broken
		return &ChecksFailed{Failures: broken}
	}
	return nil
}

// Checked is what `cp3 check` found in one workbook.
type Checked struct {
	File    string
	Status  pipeline.Status
	Reading pipeline.Reading
}

// Checking says how workbooks are checked.
type Checking struct {
	Config Config
	Member pipeline.Member // whose they are; "" lets the folder they lie in, or the workbook itself, say it
	Now    time.Time
	// Workspace is the one whose decisions apply; nil outside of any, on a focal
	// point's own machine.
	Workspace *Workspace
	// Scratch is a folder for workbooks made of files of other formats; "" for none:
	// those files are refused.
	Scratch string
}

// Check reads workbooks and records nothing.
func Check(ctx context.Context, o Checking, files []string) ([]Checked, error) {
	reader, err := o.reader()
	if err != nil {
		return nil, err
	}
	var checked []Checked
	for _, file := range files {
		m := o.Member
		if m == "" {
			m = folderMember(file, o.Config.Members)
		}
		reading, err := reader.Read(ctx, read.Source{Path: file, Name: filepath.Base(file), Member: m, Today: o.Config.Day(o.Now),
			Convert: o.Config.atOnce(file, o.Scratch)})
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", file, err)
		}
		checked = append(checked, Checked{File: file, Status: reading.Status(), Reading: reading})
	}
	return checked, nil
}

func (o Checking) reader() (*read.Reader, error) {
	if o.Workspace == nil {
		return o.Config.reader()
	}
	r, err := look(Options{Workspace: *o.Workspace, Config: o.Config, Now: func() time.Time { return o.Now }})
	if err != nil {
		return nil, err
	}
	return r.reader, nil
}

// Annotate writes, into dir, the answer each checked workbook would get, and
// returns their paths in the order of checked. They say that nothing was sent.
func Annotate(ctx context.Context, o Checking, checked []Checked, dir string) ([]string, error) {
	reader, err := o.reader()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("annotate: %w", err)
	}
	var written []string
	taken := map[string]bool{}
	for _, c := range checked {
		a, err := o.answer(reader, c)
		if err != nil {
			return written, fmt.Errorf("annotate %s: %w", c.File, err)
		}
		var b bytes.Buffer
		if err := receipt.Write(ctx, &b, o.readable(c.File), a, receipt.Limits{CopyBytes: o.Config.Limits.CopyMB << 20}); err != nil {
			return written, fmt.Errorf("annotate %s: %w", c.File, err)
		}
		path := filepath.Join(dir, freeName(taken, receipt.Name(filepath.Base(c.File), c.Status)))
		if err := WriteFile(path, b.Bytes(), 0o644); err != nil {
			return written, fmt.Errorf("annotate %s: %w", c.File, err)
		}
		written = append(written, path)
	}
	return written, nil
}

// answer is what a focal point would be told of a workbook, as far as the
// workbook alone tells it.
func (o Checking) answer(reader *read.Reader, c Checked) (receipt.Answer, error) {
	sum, err := fileSum(c.File)
	if err != nil {
		return receipt.Answer{}, err
	}
	r := c.Reading
	refused := 0
	for _, t := range r.Sheets {
		refused += t.Refused
	}
	a := receipt.Answer{
		Status: c.Status, Reading: r, MemberName: reader.MemberName(r.Member), Lang: r.Lang, Kept: r.RowsKept, Refused: refused,
		Received: pipeline.Received{Member: r.Member, Path: path.Join(string(r.Member), filepath.Base(c.File)), SHA256: sum, At: o.Now.In(o.Config.zone)},
	}
	if a.Lang == "" {
		a.Lang = o.Config.Lang
	}
	if c.Status != pipeline.Rejected {
		a.Duplicates = r.RowsRead - a.Kept - a.Refused
	}
	return a, nil
}

// readable is the workbook made of a file, or the file itself.
func (o Checking) readable(file string) string {
	if sum, err := fileSum(file); err == nil && o.Scratch != "" {
		made := filepath.Join(o.Scratch, sum+".xlsx")
		if _, err := os.Stat(made); err == nil {
			return made
		}
	}
	return file
}

// freeName is name, numbered when files of two folders have it.
func freeName(taken map[string]bool, name string) string {
	free, ext := name, filepath.Ext(name)
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), n, ext)
	}
	taken[free] = true
	return free
}

// folderMember is the member whose folder, at any height, a file lies in.
func folderMember(file string, known []pipeline.Member) pipeline.Member {
	abs, err := filepath.Abs(file)
	if err != nil {
		return ""
	}
	for dir := filepath.Dir(abs); ; dir = filepath.Dir(dir) {
		for _, m := range known {
			if strings.EqualFold(filepath.Base(dir), string(m)) {
				return m
			}
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// DryRun reads what was dropped since the last run and changes nothing.
func DryRun(ctx context.Context, o Options) ([]Checked, error) {
	r, err := look(o)
	if err != nil {
		return nil, err
	}
	files, err := r.discover(ctx)
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "cp3-*")
	if err != nil {
		return nil, fmt.Errorf("dry run: %w", err)
	}
	defer os.RemoveAll(scratch)
	var checked []Checked
	for _, f := range files {
		name := filepath.Join(o.Workspace.Depot(), filepath.FromSlash(f.Path))
		reading, err := r.reader.Read(ctx, read.Source{Path: name, Name: filepath.Base(name), Member: f.Member, Today: o.Config.Day(r.at),
			Convert: o.Config.atOnce(name, scratch)})
		if err != nil {
			return nil, fmt.Errorf("dry run: %w", err)
		}
		checked = append(checked, Checked{File: f.Path, Status: reading.Status(), Reading: reading})
	}
	return checked, nil
}
