// Package template writes the blank workbooks members fill.
//
// A template is made from a member's declaration and from nothing else: adding a
// field to the declaration adds its column here, with its drop-down list, its
// checks and its help. It helps while it is filled: what is known is offered in a
// list, what can't be right is questioned at once, what is missing from a row
// begun is tinted. It never gets in the way: pasting, sorting and widening work,
// protection has no password, and an open list takes a value it does not know.
//
// A *list* is a sheet with one record a row, under a header; a *wide* sheet and a
// *meeting* sheet have groups of columns under titles of their own; a *form* has
// one label a line. The *instructions* are one page; the *lists sheet* is hidden
// and holds what the drop-down lists offer. The *example* row says in its first
// cell that it is one, and is never read.
//
// What is written in French is written in Arabic in an Arabic template, whose
// sheets run from right to left; its headers keep the French below, smaller,
// because files travel between people.
package template

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/wording"
)

// Options of a template. The zero value gives a blank French one.
type Options struct {
	Lang string // "fr" (the default) or "ar"
	// Structure, Region, Province, FocalPoint and Period fill the form in.
	Structure  string
	Region     string
	Province   string
	FocalPoint string
	Period     pipeline.Period
	// Lines is how many empty lines are ruled on a list below what is carried over;
	// 0 fills a printed page. More can be filled than are ruled.
	Lines int
	// CarryOver are rows to start from, by the sheet's canonical name.
	CarryOver map[string][]Row
	// At is the date of the document; the zero time is left out.
	At time.Time
}

// Row is a record to carry over: field name -> value, as a member would type it.
// Dates are 31/12/2020 or 2020-12-31; codes may be given as codes.
type Row map[string]string

// Name is the file name of a template: "Maquette EN 2021-T1 CFA Akkari.xlsx".
func Name(spec *connectors.Spec, o Options) string {
	parts := []string{"Maquette", string(spec.Member)}
	if !o.Period.IsZero() {
		parts = append(parts, o.Period.String())
	}
	if o.Structure != "" {
		parts = append(parts, strings.Map(plainName, o.Structure))
	}
	if o.Lang == "ar" {
		parts = append(parts, "(ar)")
	}
	return strings.Join(parts, " ") + ".xlsx"
}

// plainName keeps file systems happy.
func plainName(r rune) rune {
	if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
		return '-'
	}
	return r
}

// Write writes the template of one member. The same arguments give the same bytes.
func Write(ctx context.Context, w io.Writer, spec *connectors.Spec, lists map[string]*connectors.CodeList, o Options) error {
	b := newBook(spec, lists, o)
	defer b.f.Close()
	b.start()
	for i := range spec.Sheets {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("template %s: %w", spec.Member, err)
		}
		s := &spec.Sheets[i]
		if s.Shape == connectors.Form {
			b.form(s)
		} else {
			b.list(s)
		}
	}
	b.instructions()
	b.writeLists()
	b.finish()
	if b.err != nil {
		return fmt.Errorf("template %s: %w", spec.Member, b.err)
	}
	if _, err := b.f.WriteTo(w); err != nil {
		return fmt.Errorf("template %s: %w", spec.Member, err)
	}
	return nil
}

// say is a text of the catalogue in the template's language.
func (b *book) say(key string, args ...string) string {
	m := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return wording.Text(b.lang, "template."+key, m)
}
