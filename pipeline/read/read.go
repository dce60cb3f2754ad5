package read

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"cp3/connectors/convert"
	"cp3/connectors/layout"
	"cp3/connectors/workbook"
	"cp3/pipeline"
)

// book is a workbook in memory: what a person filled, looked at from all sides.
type book struct {
	sheets   []*layout.Sheet
	props    workbook.Properties
	troubles []pipeline.Issue
	refused  map[string]map[int]string // sheet -> row -> code of the trouble that refuses it
	turned   string                    // ending of the format it was converted from; "" for a workbook
}

// otherFormats are the endings of what LibreOffice turns into a workbook, by the
// code under which the reader refuses it.
var otherFormats = map[string]string{
	"workbook.old_format": ".xls", "workbook.xml_2003": ".xml", "workbook.xlsb": ".xlsb", "workbook.ods": ".ods",
}

// OtherFormatCodes are the codes of the issues that refuse a file for its format
// although a workbook could be made of it, sorted.
func OtherFormatCodes() []string { return slices.Sorted(maps.Keys(otherFormats)) }

// openAny reads every sheet of a workbook, or of the one made of a file of another
// format.
func (r *Reader) openAny(ctx context.Context, src Source) (*book, error) {
	b, err := r.open(ctx, src)
	refusal, refused := workbook.AsRefusal(err)
	if !refused || src.Convert == nil || otherFormats[refusal.Code] == "" {
		return b, err
	}
	ext := otherFormats[refusal.Code]
	made, failed := src.Convert(ctx, ext)
	var cant *convert.Failure
	switch {
	case errors.As(failed, &cant):
		return nil, &workbook.Refusal{Code: "workbook.not_converted", Args: map[string]string{"format": ext}}
	case failed != nil:
		return nil, failed
	case made == "":
		return nil, err
	}
	src.Path = made
	if b, err = r.open(ctx, src); err == nil {
		b.turned = ext
	}
	return b, err
}

// open reads every sheet of a workbook. The error is a workbook.Refusal when the
// file is the trouble.
func (r *Reader) open(ctx context.Context, src Source) (_ *book, err error) {
	f, err := os.Open(src.Path)
	if err != nil {
		return nil, fmt.Errorf("open workbook: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open workbook: %w", err)
	}
	limits := r.limits
	limits.TwoCores = src.Alone
	w, err := workbook.OpenReader(ctx, f, info.Size(), src.Name, limits)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	b := &book{props: w.Properties(), refused: map[string]map[int]string{}}
	for _, info := range w.Sheets() {
		rows, err := w.Rows(ctx, info.Index)
		if err != nil {
			return nil, err
		}
		s := &layout.Sheet{Name: info.Name, Hidden: info.Hidden, Rows: rows, Merged: w.Merged(info.Index), HiddenColumns: w.HiddenColumns(info.Index)}
		s.Order()
		b.sheets = append(b.sheets, s)
	}
	b.troubles = w.Troubles()
	for _, i := range b.troubles {
		if i.Severity == pipeline.Error && i.Row > 0 {
			if b.refused[i.Sheet] == nil {
				b.refused[i.Sheet] = map[int]string{}
			}
			b.refused[i.Sheet][i.Row] = i.Code
		}
	}
	return b, nil
}

// OtherFormat is the usual ending of the format a file is in when that is another
// one than cp3 reads; "" otherwise.
func (r *Reader) OtherFormat(ctx context.Context, file, name string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	b, err := workbook.OpenReader(ctx, f, info.Size(), name, r.limits)
	if refusal, ok := workbook.AsRefusal(err); ok {
		return otherFormats[refusal.Code], nil
	}
	if err != nil {
		return "", err
	}
	return "", b.Close()
}
