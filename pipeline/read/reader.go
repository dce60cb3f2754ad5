// Package read understands one workbook: from cells with addresses to records, what
// is wrong with them, and an account in which every non-blank cell appears once.
//
// It puts together what the adapters know apart: connectors/workbook opens the file,
// connectors/layout finds whose it is and where things stand in it, transforms/normalise
// says what a cell means. A workbook is read sheet by sheet: its form says which
// structure reports on which period, its lists become records row by row. Whatever
// was decided outside the workbook (approved spellings, limits, the day it was
// received) is given; nothing is written, and the same bytes give the same reading.
package read

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/connectors/workbook"
	"cp3/pipeline"
	"cp3/transforms/normalise"
)

// Reader understands workbooks. It holds the declarations and the code lists,
// prepared once; several goroutines may use it.
type Reader struct {
	specs  []*connectors.Spec
	lists  map[string]*connectors.CodeList
	guides map[pipeline.Member][]*layout.Guide
	limits workbook.Limits
}

// Source is a workbook to read.
type Source struct {
	Path   string          // where its bytes are
	Name   string          // as the member named it
	Member pipeline.Member // by the folder it was dropped in; "" when not known
	Alone  bool            // no other is read meanwhile: two cores may work on it
	Today  pipeline.Date   // the day it was received: what "in the future" means
	// Convert gives the workbook made of a file of another format, whose usual ending
	// is ext; "" when there is none, a *convert.Failure when there can't be. Nil: no
	// conversion.
	Convert func(ctx context.Context, ext string) (path string, err error)
}

// NewReader prepares the shipped declarations; a workbook may cost limits.
func NewReader(limits workbook.Limits) (*Reader, error) {
	specs, err := connectors.Load()
	if err != nil {
		return nil, fmt.Errorf("declarations: %w", err)
	}
	return NewReaderOf(specs, limits)
}

// NewReaderOf prepares some declarations, over the shipped code lists.
func NewReaderOf(specs []*connectors.Spec, limits workbook.Limits) (*Reader, error) {
	lists, err := connectors.Lists()
	if err != nil {
		return nil, fmt.Errorf("code lists: %w", err)
	}
	return newReader(specs, lists, limits), nil
}

func newReader(specs []*connectors.Spec, lists map[string]*connectors.CodeList, limits workbook.Limits) *Reader {
	r := &Reader{specs: specs, lists: lists, guides: map[pipeline.Member][]*layout.Guide{}, limits: limits}
	for _, s := range specs {
		for i := range s.Sheets {
			r.guides[s.Member] = append(r.guides[s.Member], layout.NewGuide(&s.Sheets[i], lists))
		}
	}
	return r
}

// With is the same reader with approved spellings, by list, beside the shipped
// ones.
func (r *Reader) With(approved map[string][]connectors.Approved) *Reader {
	if len(approved) == 0 {
		return r
	}
	lists := maps.Clone(r.lists)
	for name, spellings := range approved {
		if l := lists[name]; l != nil {
			lists[name] = l.With(spellings)
		}
	}
	return newReader(r.specs, lists, r.limits)
}

// Specs are the declarations, in member order.
func (r *Reader) Specs() []*connectors.Spec { return r.specs }

// Lists are the code lists, by name.
func (r *Reader) Lists() map[string]*connectors.CodeList { return r.lists }

// Role is what a member's declared totals stand for; "" for a member without
// declaration.
func (r *Reader) Role(m pipeline.Member) pipeline.Role {
	if s := connectors.Find(r.specs, m); s != nil {
		return s.Role
	}
	return ""
}

// MemberName is the member's name, or its code when it has no declaration.
func (r *Reader) MemberName(m pipeline.Member) pipeline.Text {
	if s := connectors.Find(r.specs, m); s != nil {
		return s.Name
	}
	return pipeline.Text{FR: string(m), AR: string(m)}
}

// Read understands one workbook: what it says, and what could not be used. The
// member's trouble is in the reading's issues; an error is ours.
func (r *Reader) Read(ctx context.Context, src Source) (pipeline.Reading, error) {
	b, err := r.openAny(ctx, src)
	if refusal, ok := workbook.AsRefusal(err); ok {
		return pipeline.Reading{Member: src.Member, Issues: []pipeline.Issue{refusal.Issue()}}, nil
	}
	if err != nil {
		return pipeline.Reading{Member: src.Member}, err
	}
	u := &understanding{
		Reader: r, src: src, book: b,
		env: normalise.Env{Lists: r.lists, Today: src.Today},
		out: pipeline.Reading{Member: src.Member, Modified: b.props.Modified},
	}
	if err := u.read(ctx); err != nil {
		return u.out, err
	}
	return u.finish(), nil
}

// understanding is one workbook being understood.
type understanding struct {
	*Reader
	src    Source
	book   *book
	spec   *connectors.Spec // nil until recognised
	env    normalise.Env
	out    pipeline.Reading
	home   place                   // where services are given when a row does not say
	asked  entry                   // where the form asks for the structure
	seen   map[string]rowAt        // rows read, by what they say: see duplicate
	told   map[string]bool         // approved spellings met: see readAs
	titled map[string]formUses     // what stands above the lists, by sheet: see above
	dated  map[pipeline.Period]int // dates read, by the quarter they are in

	accounts map[string][]pipeline.Use // by sheet
	tallies  map[string]pipeline.SheetTally
}

// read goes from cells to records. It stops early only when nothing more can be
// said: when nobody knows whose workbook it is.
func (u *understanding) read(ctx context.Context) error {
	u.accounts, u.tallies, u.seen = map[string][]pipeline.Use{}, map[string]pipeline.SheetTally{}, map[string]rowAt{}
	u.dated, u.titled = map[pipeline.Period]int{}, map[string]formUses{}
	u.out.Issues = append(u.out.Issues, u.book.troubles...)
	if u.book.turned != "" {
		u.move("workbook.converted", "", "", "format", u.book.turned)
	}
	if u.book.props.Macros {
		u.move("workbook.macros", "", "")
	}
	found, ok := u.recognise()
	if !ok {
		u.ignoreAll()
		return nil
	}
	forms, lists := split(found.Matches)
	u.out.Version = u.mark(connectors.VersionProperty)
	u.out.Lang = language(lists)
	u.unread(found.Unread)
	u.missingSheets(found)
	entries := u.forms(forms)
	u.above(entries, lists)
	u.header(entries, lists)
	u.twins(lists)
	for _, m := range lists {
		if err := ctx.Err(); err != nil {
			return err
		}
		u.list(m)
	}
	u.structure()
	u.doubtPeriod(entries)
	return nil
}

func split(matches []layout.Match) (forms, lists []layout.Match) {
	for _, m := range matches {
		if m.Form != nil {
			forms = append(forms, m)
		} else {
			lists = append(lists, m)
		}
	}
	return forms, lists
}

// finish puts everything in the order of the workbook. A refused file contributes
// nothing.
func (u *understanding) finish() pipeline.Reading {
	position := map[string]int{}
	for i, s := range u.book.sheets {
		position[s.Name] = i
		u.out.Account = append(u.out.Account, u.accounts[s.Name]...)
		t, ok := u.tallies[s.Name]
		if !ok {
			continue
		}
		u.out.Sheets = append(u.out.Sheets, t)
		u.out.RowsRead += t.Read
		u.out.RowsKept += t.Kept
	}
	u.withoutConsequences()
	sortIssues(u.out.Issues, position)
	sortIssues(u.out.Moves, position)
	if u.out.Status() == pipeline.Rejected {
		u.out.Records, u.out.RowsKept = pipeline.Records{}, 0
	}
	return u.out
}

// consequences may only follow from what a workbook lost by damage, or what nobody
// reads in it.
var consequences = map[string]bool{"period.unknown": true, "structure.unknown": true, "sheet.missing": true, "sheet.no_header": true, "file.not_recognised": true}

// withoutConsequences leaves of a workbook that is refused for its damage, or for a
// list on its side, that alone: what can't be read there needn't be missing.
func (u *understanding) withoutConsequences() {
	blocks := func(i pipeline.Issue) bool { return i.Severity == pipeline.Blocking }
	turned := func(i pipeline.Issue) bool { return i.Code == "sheet.transposed" }
	if slices.ContainsFunc(u.book.troubles, blocks) || slices.ContainsFunc(u.out.Issues, turned) {
		u.out.Issues = slices.DeleteFunc(u.out.Issues, func(i pipeline.Issue) bool { return consequences[i.Code] })
	}
}

// sortIssues orders issues as a person goes through the workbook: the file as a
// whole, then sheet by sheet, each row by row.
func sortIssues(issues []pipeline.Issue, position map[string]int) {
	type place struct{ sheet, row, col int }
	at := func(i pipeline.Issue) place {
		if i.Sheet == "" {
			return place{-1, 0, 0}
		}
		col, row, err := pipeline.ParseRef(i.Cell)
		if err != nil {
			col, row = 0, i.Row
		}
		return place{position[i.Sheet], row, col}
	}
	slices.SortStableFunc(issues, func(a, b pipeline.Issue) int {
		p, q := at(a), at(b)
		switch {
		case p.sheet != q.sheet:
			return p.sheet - q.sheet
		case p.row != q.row:
			return p.row - q.row
		}
		return p.col - q.col
	})
}

// issue records trouble at a cell; args are name, value pairs. An empty cell
// address is the whole sheet, an empty sheet the whole file.
func (u *understanding) issue(code string, s pipeline.Severity, sheet, cell, field, value string, args ...string) {
	u.out.Issues = append(u.out.Issues, newIssue(code, s, sheet, cell, field, value, args))
}

// move records what had to be guessed about the layout: shown, never counted.
func (u *understanding) move(code, sheet, cell string, args ...string) {
	u.out.Moves = append(u.out.Moves, newIssue(code, "", sheet, cell, "", "", args))
}

func newIssue(code string, s pipeline.Severity, sheet, cell, field, value string, args []string) pipeline.Issue {
	m := map[string]string{"sheet": sheet, "field": field, "value": value}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return pipeline.Issue{Finding: pipeline.Finding{Code: code, Severity: s, Args: m}, Sheet: sheet, Cell: cell, Field: field, Value: value}
}
