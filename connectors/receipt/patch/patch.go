// Package patch changes a few things in a workbook and leaves every other byte of
// it alone.
//
// A library that loads a workbook and saves it again keeps what it knows:
// charts, pictures, pivot tables, extensions and odd cells it does not know are
// gone, and a sheet it could only half read is silently half written. What is
// handed back to a focal point must be their own file. So this package works on
// the text of the parts: it finds the place, notes an edit, and copies the rest;
// parts without an edit are copied compressed, as they were.
//
// A workbook is a zip of *parts*; a part points to others through its
// *relationships*; a cell points to a *style*, a style to a *fill*. A *mark* is what
// is put on a cell: a colour and a comment. The *page* is a sheet put in front of
// the others.
//
// Marks come off again ([Workbook.Clean]), even after a spreadsheet program has
// saved the file, moved the cells and renumbered its styles, because the colour
// itself says what was there before: its lowest two bits in red, green and blue,
// which no eye sees, number one of up to 63 earlier fills, and hidden defined
// names say what these were. Rewriting those fills in the style sheet restores
// all cells at once, wherever they are now.
package patch

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// ErrNotWorkbook says that the bytes are not a workbook in Office Open XML form.
var ErrNotWorkbook = errors.New("not an Office Open XML workbook")

// ErrOnlyPage says that a workbook holds an earlier page and nothing else.
var ErrOnlyPage = errors.New("the workbook holds nothing but an earlier page")

// Workbook is a workbook with pending changes.
type Workbook struct {
	pack   *pack
	main   string // name of the workbook part
	book   *document
	ns     namespaces
	styles *styles
	sheets []sheet
	fills  []string // earlier fills of marked cells, by their number less one
	marks  map[tint]markedStyle
}

// sheet is one tab of the workbook.
type sheet struct {
	name string
	id   string // of the sheet: unique, survives moves
	rel  string // relationship id
	part string // "" when the relationship is missing
	node *node
}

// Open reads what is needed of a workbook: its list of sheets and its styles. A
// part larger than partLimit once inflated is never read.
func Open(original []byte, partLimit int64) (*Workbook, error) {
	p, err := openPack(original, partLimit)
	if err != nil {
		return nil, err
	}
	return load(p)
}

func load(p *pack) (*Workbook, error) {
	rels, err := p.relations("")
	if err != nil {
		return nil, err
	}
	w := &Workbook{pack: p, marks: map[tint]markedStyle{}}
	for _, r := range rels.list {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			w.main = r.target
		}
	}
	if w.main == "" {
		return nil, ErrNotWorkbook
	}
	text, err := p.read(w.main)
	if err != nil {
		return nil, err
	}
	if w.book, err = parse(text); err != nil {
		return nil, fmt.Errorf("%s: %w", w.main, err)
	}
	if w.book.root.local() != "workbook" {
		return nil, ErrNotWorkbook
	}
	w.ns = namespacesOf(w.book)
	if err := w.listSheets(); err != nil {
		return nil, err
	}
	if err := w.asPlainWorkbook(); err != nil {
		return nil, err
	}
	return w, w.loadStyles()
}

// New is a workbook without any sheet; it becomes one with its page.
func New() (*Workbook, error) {
	return load(emptyPack())
}

func (w *Workbook) listSheets() error {
	rels, err := w.pack.relations(w.main)
	if err != nil {
		return err
	}
	w.sheets = nil
	list := w.book.root.child("sheets")
	if list == nil {
		return nil
	}
	for _, n := range list.children {
		if n.local() != "sheet" {
			continue
		}
		s := sheet{name: w.book.attr(n, "name"), id: w.book.attr(n, "sheetId"), rel: w.book.attr(n, "id"), node: n}
		if r, ok := rels.byID(s.rel); ok && strings.HasSuffix(r.kind, "/worksheet") {
			s.part = r.target
		}
		w.sheets = append(w.sheets, s)
	}
	return nil
}

// Sheets are the names of the workbook's tabs, in order.
func (w *Workbook) Sheets() []string {
	names := make([]string, len(w.sheets))
	for i, s := range w.sheets {
		names[i] = s.name
	}
	return names
}

// HasSheet reports whether a tab has exactly that name.
func (w *Workbook) HasSheet(name string) bool { return w.sheet(name) != nil }

func (w *Workbook) sheet(name string) *sheet {
	for i := range w.sheets {
		if w.sheets[i].name == name {
			return &w.sheets[i]
		}
	}
	return nil
}

// WriteTo writes the workbook with its changes.
func (w *Workbook) WriteTo(out io.Writer) (int64, error) {
	w.saveStyles()
	w.pack.set(w.main, w.book.bytes())
	c := &counter{w: out}
	err := w.pack.write(c)
	return c.n, err
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// asPlainWorkbook turns a macro workbook or a template into the plain workbook its
// new name, .xlsx, promises: Excel refuses to open a file whose content type and
// extension differ. The macros are left out.
func (w *Workbook) asPlainWorkbook() error {
	const plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
	if err := w.pack.setType(w.main, plain); err != nil {
		return err
	}
	rels, err := w.pack.relations(w.main)
	if err != nil {
		return err
	}
	for _, r := range rels.list {
		if !strings.HasSuffix(r.kind, "/vbaProject") {
			continue
		}
		w.pack.remove(r.target)
		w.pack.remove(relsOf(r.target))
		if err := rels.drop(r.id); err != nil {
			return err
		}
	}
	return nil
}

// resolve is the part a relationship of part points to.
func resolve(part, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join(path.Dir(part), target)
}
