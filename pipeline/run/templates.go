package run

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"cp3/connectors"
	"cp3/connectors/template"
	"cp3/pipeline"
)

// Blank says which blank workbooks to write, and where.
type Blank struct {
	Out     string             // folder
	Specs   []*connectors.Spec // the declarations in force
	Members []pipeline.Member  // none: all
	Lang    string             // "fr" or "ar"
	// Structure and Period fill the identification in.
	Structure string
	Period    pipeline.Period
	// From is the workspace whose persons still in training are carried over; nil
	// for none. Then Structure and one member are needed.
	From *Options
}

// Templates writes blank workbooks and returns their paths, in member order.
func Templates(ctx context.Context, o Blank) ([]string, error) {
	lists, err := connectors.Lists()
	if err != nil {
		return nil, fmt.Errorf("code lists: %w", err)
	}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	wanted := map[pipeline.Member]bool{}
	for _, m := range o.Members {
		wanted[m] = true
	}
	var written []string
	for _, spec := range o.Specs {
		if len(wanted) > 0 && !wanted[spec.Member] {
			continue
		}
		options, err := o.options(ctx, spec)
		if err != nil {
			return written, err
		}
		var b bytes.Buffer
		if err := template.Write(ctx, &b, spec, lists, options); err != nil {
			return written, err
		}
		path := filepath.Join(o.Out, template.Name(spec, options))
		if err := WriteFile(path, b.Bytes(), 0o644); err != nil {
			return written, fmt.Errorf("templates: %w", err)
		}
		written = append(written, path)
	}
	return written, nil
}

// options are what the template of a member is filled with beforehand.
func (o Blank) options(ctx context.Context, spec *connectors.Spec) (template.Options, error) {
	t := template.Options{Lang: o.Lang, Structure: o.Structure, Period: o.Period}
	if o.From == nil {
		return t, nil
	}
	c, err := CarryOver(ctx, *o.From, spec, o.Structure, o.Period)
	if err != nil {
		return t, err
	}
	t.Region, t.Province, t.CarryOver = c.Region, c.Province, c.Rows
	return t, nil
}
