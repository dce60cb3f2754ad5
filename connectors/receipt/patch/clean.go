package patch

import (
	"fmt"
	"strconv"
	"strings"
)

// fillName is the hidden name that keeps earlier fill number i.
func fillName(i int) string { return fmt.Sprintf("cp3_fill_%02d", i) }

// Clean takes away what an earlier answer left: its page, known by the defined name
// mark or by its own name, the marks' colours, and the comments ours recognises. A
// workbook with neither name is left as it is. It reports whether there was
// something to take away.
func (w *Workbook) Clean(mark, page string, ours func(author, text string) bool) (bool, error) {
	found, fills := w.HasSheet(page), map[int]string{}
	names := w.book.root.child("definedNames")
	if names == nil {
		names = &node{}
	}
	for _, n := range names.children {
		name, value := w.book.attr(n, "name"), unescape(w.book.inner(n))
		switch number, isFill := strings.CutPrefix(name, "cp3_fill_"); {
		case name == mark:
			found, page = true, sheetOf(value)
		case isFill:
			if i, err := strconv.Atoi(number); err == nil {
				fills[i] = strings.Trim(strings.TrimPrefix(value, "="), `"`)
			}
		default:
			continue
		}
		w.book.replace(n, "")
	}
	if !found {
		w.book.edits = nil
		return false, nil
	}
	if err := w.book.reload(); err != nil {
		return false, err
	}
	if err := w.listSheets(); err != nil {
		return false, err
	}
	if err := w.dropSheet(page); err != nil {
		return false, err
	}
	if err := w.restoreFills(fills); err != nil {
		return false, err
	}
	for i := range w.sheets {
		if err := w.dropComments(&w.sheets[i], ours); err != nil {
			return false, err
		}
	}
	return true, nil
}

// sheetOf is the sheet's name in 'Accusé de réception'!$A$1.
func sheetOf(location string) string {
	i := strings.LastIndexByte(location, '!')
	if i < 0 {
		return ""
	}
	name := strings.TrimPrefix(location[:i], "=")
	name = strings.TrimPrefix(name, "$") // as LibreOffice may write it
	if len(name) >= 2 && name[0] == '\'' {
		name = strings.ReplaceAll(name[1:len(name)-1], "''", "'")
	}
	return name
}

// dropSheet removes a sheet. Names that belonged to it
// go too, the others are renumbered.
func (w *Workbook) dropSheet(name string) error {
	position := -1
	for i, s := range w.sheets {
		if s.name == name {
			position = i
		}
	}
	if position < 0 {
		return nil
	}
	if len(w.sheets) == 1 {
		return ErrOnlyPage
	}
	s := w.sheets[position]
	w.book.replace(s.node, "")
	if names := w.book.root.child("definedNames"); names != nil {
		for _, n := range names.children {
			switch i, err := strconv.Atoi(w.book.attr(n, "localSheetId")); {
			case err != nil:
			case i == position:
				w.book.replace(n, "")
			case i > position:
				w.book.setAttrs(n, "localSheetId", strconv.Itoa(i-1))
			}
		}
	}
	if err := w.book.reload(); err != nil {
		return err
	}
	rels, err := w.pack.relations(w.main)
	if err != nil {
		return err
	}
	if err := rels.drop(s.rel); err != nil {
		return err
	}
	w.pack.remove(s.part)
	w.pack.remove(relsOf(s.part))
	if err := w.pack.types.reload(); err != nil {
		return err
	}
	return w.listSheets()
}

// restoreFills puts the earlier fill in place of each marking colour of the style
// sheet.
func (w *Workbook) restoreFills(fills map[int]string) error {
	s := w.styles
	for _, n := range s.fills.node.children {
		f := s.readFill(n)
		if f.pattern != "solid" {
			continue
		}
		if i, ok := markNumber(f.fore); ok {
			s.doc.replace(n, qualify(parseFill(fills[i]).xml(), s.doc.prefix()))
		}
	}
	w.pack.set(s.part, s.doc.bytes())
	return s.load(w.pack)
}
