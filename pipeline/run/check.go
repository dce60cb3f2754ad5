package run

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"cp3/pipeline"
	"cp3/transforms/model"
)

// check runs the claims every edition keeps against what was computed. A claim
// that fails rolls the derivation back: the edition in place stands.
func (r *runner) check(ctx context.Context) error {
	r.Progress.Stage("check", 0)
	found, err := r.model.Check(ctx, r.db.Conn())
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

// Check reads workbooks and records nothing. member says whose they are; without
// it, the name of the folder they lie in or the workbook itself does.
func Check(ctx context.Context, config Config, files []string, member pipeline.Member, today pipeline.Date) ([]Checked, error) {
	reader, err := NewReader(config)
	if err != nil {
		return nil, err
	}
	var checked []Checked
	for _, file := range files {
		m := member
		if m == "" {
			m = folderMember(file, config.Members)
		}
		reading, err := reader.Read(ctx, Source{Path: file, Name: filepath.Base(file), Member: m, Today: today})
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", file, err)
		}
		checked = append(checked, Checked{File: file, Status: reading.Status(), Reading: reading})
	}
	return checked, nil
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
	var checked []Checked
	for _, f := range files {
		name := filepath.Join(o.Workspace.Depot(), filepath.FromSlash(f.Path))
		reading, err := r.reader.Read(ctx, Source{Path: name, Name: filepath.Base(name), Member: f.Member, Today: o.Config.Day(r.at)})
		if err != nil {
			return nil, fmt.Errorf("dry run: %w", err)
		}
		checked = append(checked, Checked{File: f.Path, Status: reading.Status(), Reading: reading})
	}
	return checked, nil
}
