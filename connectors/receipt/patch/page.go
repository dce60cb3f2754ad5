package patch

import (
	"fmt"
	"strconv"
	"strings"
)

// Style is the number of a cell style with that look, for the page's cells.
func (w *Workbook) Style(l Look) int { return w.styles.style(l) }

// Namespaces are the URIs the page's XML must be written with: of its elements,
// and of relationship attributes.
func (w *Workbook) Namespaces() (main, relationships string) {
	return w.ns.main, w.ns.relationships
}

// Page is the sheet put in front.
type Page struct {
	Name  string // a name FreeName gave
	Mark  string // defined name of its first cell, by which Clean knows it
	Title int    // row repeated at the top of each printed page; 0 for none
	XML   []byte
}

// FreeName is the name wanted for a sheet, or that with a number when it is taken.
func (w *Workbook) FreeName(name string) string {
	free := name
	for i := 2; w.HasSheet(free); i++ {
		free = fmt.Sprintf("%s (%d)", name, i)
	}
	return free
}

// AddPage puts a sheet in front of the others and shows it when the workbook
// opens.
func (w *Workbook) AddPage(p Page) error {
	part := w.pack.free("xl/worksheets/cp3page%d.xml")
	w.pack.add(part, p.XML)
	if err := w.pack.setType(part, sheetType); err != nil {
		return err
	}
	rels, err := w.pack.relations(w.main)
	if err != nil {
		return err
	}
	id, err := rels.add(w.ns.relationships+"/worksheet", part)
	if err != nil {
		return err
	}
	if err := w.showOnlyFirst(); err != nil {
		return err
	}
	sheets := w.book.root.child("sheets")
	if sheets == nil {
		return fmt.Errorf("%s: no list of sheets", w.main)
	}
	element := qualify(fmt.Sprintf(`<sheet xmlns:cp3r="%s" name="%s" sheetId="%d" cp3r:id="%s"/>`,
		w.ns.relationships, escape(p.Name), w.freeSheetID(), id), w.book.prefix())
	if sheets.empty {
		w.book.replaceInner(sheets, element)
	} else {
		w.book.insert(sheets.end, element)
	}
	w.shiftNames(0, 1)
	w.addNames(w.pageNames(p))
	if err := w.book.reload(); err != nil {
		return err
	}
	return w.listSheets()
}

// pageNames are the defined names that come with the page.
func (w *Workbook) pageNames(p Page) []string {
	names := []string{definedName(p.Mark, Location(p.Name, "$A$1"))}
	for i, fill := range w.fills {
		names = append(names, definedName(fillName(i+1), `"`+fill+`"`))
	}
	if p.Title > 0 {
		rows := fmt.Sprintf("$%d:$%d", p.Title, p.Title)
		names = append(names, `<definedName name="_xlnm.Print_Titles" localSheetId="0">`+escape(Location(p.Name, rows))+`</definedName>`)
	}
	return names
}

func (w *Workbook) freeSheetID() int {
	highest := 0
	for _, s := range w.sheets {
		if n, err := strconv.Atoi(s.id); err == nil {
			highest = max(highest, n)
		}
	}
	return highest + 1
}

// showOnlyFirst makes the first tab the active one and no other selected: sheets
// selected together would all take what is typed in one of them.
func (w *Workbook) showOnlyFirst() error {
	if views := w.book.root.child("bookViews"); views != nil {
		for _, v := range views.children {
			w.book.setAttrs(v, "activeTab", "0", "firstSheet", "0")
		}
	}
	for i := range w.sheets {
		if err := w.deselect(&w.sheets[i]); err != nil {
			return err
		}
	}
	return nil
}

// viewBytes is how far into a sheet its views are looked for; they come before the
// cells.
const viewBytes = 32 << 10

func (w *Workbook) deselect(s *sheet) error {
	if s.part == "" || !w.pack.has(s.part) {
		return nil
	}
	if _, changed := w.pack.changed[key(s.part)]; !changed {
		head, err := w.pack.head(s.part, viewBytes)
		if err != nil {
			return err
		}
		if !strings.Contains(string(head), "tabSelected") && !strings.Contains(string(head), "t\x00a\x00b\x00S") {
			return nil
		}
	}
	text, err := w.pack.read(s.part)
	if err != nil {
		return err
	}
	var edits []edit
	for scan := (scanner{src: text}); ; {
		t, ok, err := scan.next()
		if err != nil {
			return fmt.Errorf("%s: %w", s.part, err)
		}
		if !ok || t.local() == "sheetData" {
			break
		}
		if t.local() == "sheetView" && !t.closing {
			if from, to, ok := findAttr(text, t, "tabSelected"); ok && string(text[from:to]) != "0" {
				edits = append(edits, edit{from, to, "0"})
			}
		}
	}
	if len(edits) > 0 {
		w.pack.set(s.part, apply(text, edits))
	}
	return nil
}

// definedName is a hidden defined name.
func definedName(name, value string) string {
	return `<definedName name="` + name + `" hidden="1">` + escape(value) + `</definedName>`
}

// quoteSheet is a sheet's name as formulas write it.
func quoteSheet(name string) string {
	return "'" + strings.ReplaceAll(name, "'", "''") + "'"
}

// Location is a cell's address across sheets, as hyperlinks and names write it.
func Location(sheet, cell string) string { return quoteSheet(sheet) + "!" + cell }

// shiftNames renumbers the sheets that local names belong to: those from the
// sheet at position from on move by delta.
func (w *Workbook) shiftNames(from, delta int) {
	names := w.book.root.child("definedNames")
	if names == nil {
		return
	}
	for _, n := range names.children {
		if i, err := strconv.Atoi(w.book.attr(n, "localSheetId")); err == nil && i >= from {
			w.book.setAttrs(n, "localSheetId", strconv.Itoa(i+delta))
		}
	}
}

// before are the elements of a workbook that come before its defined names.
var before = map[string]bool{"fileVersion": true, "fileSharing": true, "workbookPr": true, "AlternateContent": true, "revisionPtr": true,
	"absPath": true, "workbookProtection": true, "bookViews": true, "sheets": true, "functionGroups": true, "externalReferences": true}

func (w *Workbook) addNames(elements []string) {
	text := qualify(strings.Join(elements, ""), w.book.prefix())
	names := w.book.root.child("definedNames")
	if names != nil && !names.empty {
		w.book.insert(names.close, text)
		return
	}
	text = "<" + w.book.prefix() + "definedNames>" + text + "</" + w.book.prefix() + "definedNames>"
	if names != nil {
		w.book.replace(names, text)
		return
	}
	at := w.book.root.end
	for _, n := range w.book.root.children {
		if before[n.local()] {
			at = n.after
		}
	}
	w.book.insert(at, text)
}
