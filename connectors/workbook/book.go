package workbook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cp3/connectors/workbook/inflate"
	"cp3/pipeline"
)

// Book is an open workbook. One goroutine at a time may use it; several books
// may be read side by side.
type Book struct {
	format string
	file   io.Closer // nil when the caller owns the bytes
	lim    Limits

	parts  *parts
	inf    *inflate.Reader
	scan   scanner
	main   string // the workbook part
	sheets []sheet
	props  Properties
	refs   references

	text *textFile // a .csv, instead of parts

	common  troubles // of the parts that are no sheet
	strings *stringTable
	formats []format
	loaded  bool // strings and formats are
}

// sheet is one worksheet: what the workbook says of it, and what reading it told.
type sheet struct {
	SheetInfo
	part     string
	merged   []pipeline.Range
	hidden   []pipeline.Range
	troubles troubles
}

// SheetInfo is what a book says of one of its worksheets.
type SheetInfo struct {
	Name       string
	Index      int    // for Read
	Hidden     bool   // hidden or very hidden
	VeryHidden bool   // hidden so that only a macro shows it again
	Kind       string // "worksheet"; chart, dialog and macro sheets are left out
}

// Properties are what a book says of itself. Times are UTC, zero when absent.
type Properties struct {
	Title, Creator    string
	Created, Modified time.Time
	Custom            map[string]string // custom document properties, as text
	DefinedNames      map[string]string // name -> what it refers to; a sheet's own as "Sheet!name"
	Date1904          bool              // informative: dates are delivered in the 1900 system
	Macros            bool              // the file holds macros; they are never run
}

// Open opens the workbook at path. The error is a [*Refusal] when the file is the
// trouble.
func Open(ctx context.Context, path string, lim Limits) (*Book, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open workbook: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("open workbook: %w", err)
	}
	b, err := OpenReader(ctx, f, info.Size(), filepath.Base(path), lim)
	if err != nil {
		f.Close()
		return nil, err
	}
	b.file = f
	return b, nil
}

// OpenReader opens a workbook of size bytes that the caller keeps. name is the
// name the member gave the file: it names the sheet of a .csv, and tells one from
// another kind of text.
func OpenReader(ctx context.Context, r io.ReaderAt, size int64, name string, lim Limits) (*Book, error) {
	b := &Book{lim: lim.withDefaults()}
	b.common.max = b.lim.Troubles
	kind, err := recognise(r, size, name, &b.lim)
	if err != nil {
		return nil, err
	}
	if kind == textContent {
		err = b.openText(ctx, r, size, name)
	} else {
		err = b.openPackage(ctx, r, size)
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// Close releases the file. Nothing more can be read from the book.
func (b *Book) Close() error {
	if b.inf != nil {
		b.inf.Reset(nil)
		inflaters.Put(b.inf)
		b.inf = nil
	}
	if b.file == nil {
		return nil
	}
	return b.file.Close()
}

// Format is "xlsx", "xlsm" or "csv".
func (b *Book) Format() string { return b.format }

// Sheets lists the worksheets in the order of their tabs.
func (b *Book) Sheets() []SheetInfo {
	infos := make([]SheetInfo, len(b.sheets))
	for i := range b.sheets {
		infos[i] = b.sheets[i].SheetInfo
	}
	return infos
}

// Properties is what the book says of itself.
func (b *Book) Properties() Properties { return b.props }

// Merged are the merged ranges of a sheet; they come last in a file, so they are
// known once Read has gone through the sheet.
func (b *Book) Merged(sheet int) []pipeline.Range { return b.sheets[sheet].merged }

// HiddenColumns are the hidden columns of a sheet, known after Read.
func (b *Book) HiddenColumns(sheet int) []pipeline.Range { return b.sheets[sheet].hidden }

// Troubles is everything that could not be used so far: of the book's common
// parts first, then of each sheet read, in file order.
func (b *Book) Troubles() []pipeline.Issue {
	all := append([]pipeline.Issue(nil), b.common.issues()...)
	for i := range b.sheets {
		all = append(all, b.sheets[i].troubles.issues()...)
	}
	return all
}

// ErrStop, returned by a visit, ends a reading early and without error. Ranges and
// troubles of what was not read stay unknown.
var ErrStop = errors.New("stop reading")

// Read calls visit for each row that holds a cell, in the order of the file (the
// order of their numbers, unless a trouble says otherwise). The slice of cells
// belongs to the reader and is used again for the next row: copy what must stay.
// Texts may be kept.
//
// The member's trouble never is an error here: see [Book.Troubles]. An error is
// ours, ctx's or visit's, the last as it is.
func (b *Book) Read(ctx context.Context, sheet int, visit func(pipeline.Row) error) error {
	if sheet < 0 || sheet >= len(b.sheets) {
		return fmt.Errorf("read sheet %d: the workbook has %d", sheet, len(b.sheets))
	}
	s := &b.sheets[sheet]
	s.merged, s.hidden = nil, nil
	s.troubles = troubles{sheet: s.Name, max: b.lim.Troubles}
	read := b.readSheet
	if b.text != nil {
		read = b.readText
	}
	err := read(ctx, s, visit)
	if errors.Is(err, ErrStop) {
		return nil
	}
	return err
}

// Rows reads a whole sheet into memory: for sheets a person filled, whose layout
// must be looked at from all sides.
func (b *Book) Rows(ctx context.Context, sheet int) ([]pipeline.Row, error) {
	var rows []pipeline.Row
	var room []pipeline.Cell // cells of many rows share an array
	err := b.Read(ctx, sheet, func(r pipeline.Row) error {
		if len(room)+len(r.Cells) > cap(room) {
			room = make([]pipeline.Cell, 0, max(1024, len(r.Cells)))
		}
		from := len(room)
		room = append(room, r.Cells...)
		r.Cells = room[from:len(room):len(room)]
		rows = append(rows, r)
		return nil
	})
	return rows, err
}

// readSheet reads a worksheet of a package.
func (b *Book) readSheet(ctx context.Context, s *sheet, visit func(pipeline.Row) error) error {
	deadline := b.lim.Now().Add(b.lim.Time)
	if err := b.load(ctx, deadline); err != nil {
		return err
	}
	src, done, err := b.openPart(ctx, s.part, b.lim.EntryBytes, deadline)
	var d *damage
	if errors.As(err, &d) {
		s.troubles.block(d.sheetCode(), place{}, append(d.args, "row", "1")...)
		return nil
	}
	if err != nil {
		return err
	}
	defer done()
	if b.parts.twice[partName(s.part)] {
		s.troubles.block("workbook.duplicate_part", place{}, "part", s.part)
	}
	if unknown := b.scan.start(src, b.lim.chunk); unknown != "" {
		s.troubles.block("workbook.encoding", place{}, "encoding", clip(unknown))
		return nil
	}
	r := sheetReader{s: &b.scan, lim: &b.lim, t: &s.troubles, visit: visit, strings: b.strings, formats: b.formats}
	if b.props.Date1904 {
		r.shift = daysTo1904
	}
	err = r.read()
	s.merged, s.hidden = r.merged, r.hidden
	return err
}

// openPart starts reading a part. done must be called at the end.
func (b *Book) openPart(ctx context.Context, name string, max int64, deadline time.Time) (io.Reader, func(), error) {
	st, err := b.parts.open(ctx, b.inf, name, max, &b.lim, deadline)
	if err != nil {
		return nil, nil, err
	}
	if !b.lim.TwoCores {
		return st, func() {}, nil
	}
	a := readAhead(st)
	return a, a.close, nil
}

// load reads what every sheet needs, once: shared strings and styles.
func (b *Book) load(ctx context.Context, deadline time.Time) error {
	if b.loaded {
		return nil
	}
	if b.refs.styles != "" {
		r := styleReader{custom: map[int]format{}}
		if err := b.outline(ctx, b.refs.styles, pipeline.Blocking, deadline, r.start, nil); err != nil {
			return err
		}
		b.formats = r.styles
	}
	if b.refs.strings != "" {
		if err := b.loadStrings(ctx, deadline); err != nil {
			return err
		}
	}
	b.loaded = true
	return nil
}

func (b *Book) loadStrings(ctx context.Context, deadline time.Time) error {
	part := b.refs.strings
	src, done, err := b.openPart(ctx, part, b.lim.EntryBytes, deadline)
	var d *damage
	if errors.As(err, &d) {
		b.damaged(part, pipeline.Blocking, d)
		return nil
	}
	if err != nil {
		return err
	}
	defer done()
	if b.scan.start(src, b.lim.chunk) != "" {
		b.damaged(part, pipeline.Blocking, &damage{kind: corrupt})
		return nil
	}
	b.strings = &stringTable{}
	r := stringReader{s: &b.scan, lim: &b.lim, t: &b.common, part: part, table: b.strings}
	return r.read()
}

// outline walks a small part; sev is what its damage costs.
func (b *Book) outline(ctx context.Context, part string, sev pipeline.Severity, deadline time.Time,
	start func([]string, attrs), end func([]string, string)) error {
	st, err := b.parts.open(ctx, b.inf, part, maxPart, &b.lim, deadline)
	var d *damage
	if errors.As(err, &d) {
		b.damaged(part, sev, d)
		return nil
	}
	if err != nil {
		return err
	}
	if b.scan.start(st, b.lim.chunk) != "" {
		b.damaged(part, sev, &damage{kind: corrupt})
		return nil
	}
	sound, err := outline(&b.scan, start, end)
	if err != nil {
		return err
	}
	if !sound {
		d := &damage{kind: corrupt}
		errors.As(b.scan.err, &d)
		b.damaged(part, sev, d)
	}
	if b.parts.twice[partName(part)] {
		b.common.add("workbook.duplicate_part", sev, place{}, "", "part", part)
	}
	return nil
}

// damaged records that a part other than a sheet can't be trusted.
func (b *Book) damaged(part string, sev pipeline.Severity, d *damage) {
	code := d.code
	if d.kind != beyond {
		code = "workbook.part_damaged"
	}
	b.common.add(code, sev, place{}, "", append(d.args, "part", part)...)
}

// sheetName is the name a text file's only sheet gets: the file's, without the
// extension.
func sheetName(file string) string {
	name := strings.TrimSuffix(file, filepath.Ext(file))
	if name == "" {
		return "Feuil1"
	}
	return name
}
