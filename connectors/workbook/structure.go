package workbook

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"time"

	"cp3/connectors/workbook/inflate"
	"cp3/pipeline"
)

// references are the parts a workbook part points to.
type references struct {
	strings, styles string
}

// relation is one line of a relationships part.
type relation struct {
	kind   string // last segment of its type: strict and transitional agree on it
	target string // folded part name
}

// inflaters are kept from one book to the next: making one takes as long as reading a
// small workbook's parts.
var inflaters = sync.Pool{New: func() any { return inflate.NewReader(nil) }}

// openPackage reads what the book says of itself: its parts, its sheets, its
// properties.
func (b *Book) openPackage(ctx context.Context, r io.ReaderAt, size int64) error {
	b.inf = inflaters.Get().(*inflate.Reader)
	var err error
	if b.parts, err = openParts(r, size); err != nil {
		return err
	}
	deadline := b.lim.Now().Add(b.lim.Time)
	root, err := b.relations(ctx, "", deadline)
	if err != nil {
		return err
	}
	b.main = find(root, "officeDocument")
	if !b.parts.has(b.main) {
		b.main = "xl/workbook.xml"
	}
	if !b.parts.has(b.main) {
		return b.parts.otherContent()
	}
	if err := b.checkMainType(ctx, deadline); err != nil {
		return err
	}
	if err := b.readWorkbook(ctx, deadline); err != nil {
		return err
	}
	if err := b.readProperties(ctx, root, deadline); err != nil {
		return err
	}
	if b.lim.Now().After(deadline) {
		return refuse("workbook.too_slow", "limit", itoa(int(b.lim.Time.Seconds())))
	}
	if len(b.sheets) == 0 {
		if worst := b.common.blocking(); worst != nil {
			return &Refusal{Code: worst.Code, Args: worst.Args}
		}
		return refuse("workbook.no_sheet")
	}
	return nil
}

// relations reads the relationships of a part, by id; none when it has none.
func (b *Book) relations(ctx context.Context, part string, deadline time.Time) (map[string]relation, error) {
	rels := map[string]relation{}
	name := relsOf(part)
	if !b.parts.has(name) {
		return rels, nil
	}
	err := b.outline(ctx, name, pipeline.Blocking, deadline, func(path []string, a attrs) {
		if !at(path, "Relationships", "Relationship") || strings.EqualFold(a.get("TargetMode"), "External") {
			return
		}
		kind := a.get("Type")
		rels[a.get("Id")] = relation{kind: kind[strings.LastIndexByte(kind, '/')+1:], target: resolve(part, a.get("Target"))}
	}, nil)
	return rels, err
}

// find is the target of the relation of a kind, "" when there is none. Of several
// the least id is taken, so that the answer is always the same.
func find(rels map[string]relation, kind string) string {
	id, target := "", ""
	for i, r := range rels {
		if r.kind == kind && (target == "" || i < id) {
			id, target = i, r.target
		}
	}
	return target
}

// otherContent says what a zip file without a workbook is.
func (p *parts) otherContent() *Refusal {
	switch {
	case p.has("xl/workbook.bin"):
		return refuse("workbook.xlsb")
	case p.under("word/"):
		return refuse("workbook.word")
	case p.under("ppt/"):
		return refuse("workbook.slides")
	case p.has("mimetype") && p.has("content.xml"):
		if p.mentions("META-INF/manifest.xml", "encryption-data") {
			return refuse("workbook.encrypted")
		}
		return refuse("workbook.ods")
	case p.has("index/document.iwa"), p.has("index.zip"):
		return refuse("workbook.not_a_workbook")
	case p.has("[content_types].xml"):
		return refuse("workbook.no_sheet")
	}
	return refuse("workbook.archive")
}

// mentions reports whether the first kilobytes of a part hold a text.
func (p *parts) mentions(name, text string) bool {
	f := p.byName[partName(name)]
	if f == nil {
		return false
	}
	r, err := f.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	b, _ := io.ReadAll(io.LimitReader(r, 256<<10)) // what can be read of it
	return bytes.Contains(b, []byte(text))
}

// checkMainType looks at what the package declares its main part to be.
func (b *Book) checkMainType(ctx context.Context, deadline time.Time) error {
	b.format = "xlsx"
	declared := ""
	const types = "[Content_Types].xml"
	if b.parts.has(types) {
		err := b.outline(ctx, types, pipeline.Warning, deadline, func(path []string, a attrs) {
			if at(path, "Types", "Override") && partName(a.get("PartName")) == b.main {
				declared = a.get("ContentType")
			}
		}, nil)
		if err != nil {
			return err
		}
	}
	switch {
	case strings.Contains(declared, "wordprocessingml"):
		return refuse("workbook.word")
	case strings.Contains(declared, "presentationml"):
		return refuse("workbook.slides")
	case strings.Contains(declared, "sheet.binary"), strings.HasSuffix(b.main, ".bin"):
		return refuse("workbook.xlsb")
	case strings.Contains(declared, "macroEnabled"), b.parts.has(resolve(b.main, "vbaProject.bin")):
		b.format = "xlsm"
		b.props.Macros = true
	}
	return nil
}

// readWorkbook reads the list of sheets, the date system and the defined names.
func (b *Book) readWorkbook(ctx context.Context, deadline time.Time) error {
	rels, err := b.relations(ctx, b.main, deadline)
	if err != nil {
		return err
	}
	b.refs.strings = b.orUsual(find(rels, "sharedStrings"), "sharedStrings.xml")
	b.refs.styles = b.orUsual(find(rels, "styles"), "styles.xml")
	w := workbookReader{b: b, rels: rels}
	if err := b.outline(ctx, b.main, pipeline.Blocking, deadline, w.start, w.end); err != nil {
		return err
	}
	b.props.DefinedNames = w.definedNames()
	return nil
}

// orUsual is the part a relation names, or else the one at the usual place, or
// else "": a relations part may be missing or damaged.
func (b *Book) orUsual(part, usual string) string {
	if b.parts.has(part) {
		return part
	}
	if usual = resolve(b.main, usual); b.parts.has(usual) {
		return usual
	}
	return part
}

// workbookReader collects what the workbook part says.
type workbookReader struct {
	b     *Book
	rels  map[string]relation
	names []string // of every sheet, chart sheets too: defined names count them

	name  definedName
	saved []definedName
}

type definedName struct {
	name, refers string
	sheet        int // -1 for the whole book
}

func (w *workbookReader) start(path []string, a attrs) {
	switch {
	case at(path, "workbook", "workbookPr"):
		w.b.props.Date1904 = truth([]byte(a.get("date1904")))
	case at(path, "workbook", "sheets", "sheet"):
		w.sheet(a)
	case at(path, "workbook", "definedNames", "definedName"):
		w.name = definedName{name: a.get("name"), sheet: -1}
		if n, ok := decimal([]byte(a.get("localSheetId"))); ok {
			w.name.sheet = n
		}
	}
}

func (w *workbookReader) end(path []string, text string) {
	if at(path, "workbook", "definedNames", "definedName") && len(w.saved) < 1<<16 {
		w.name.refers = text
		w.saved = append(w.saved, w.name)
	}
}

// sheet adds a sheet to the book. Its part is found by its relation, or by its
// position when that is lost.
func (w *workbookReader) sheet(a attrs) {
	b := w.b
	w.names = append(w.names, a.get("name"))
	if len(b.sheets) >= b.lim.Sheets {
		if !b.common.has("workbook.too_many_sheets") {
			b.common.block("workbook.too_many_sheets", place{}, "limit", itoa(b.lim.Sheets))
		}
		return
	}
	rel, ok := w.rels[relationID(a)]
	switch {
	case !ok:
		rel = relation{kind: "worksheet", target: resolve(b.main, "worksheets/sheet"+itoa(len(w.names))+".xml")}
	case rel.kind != "worksheet":
		return
	}
	state := a.get("state")
	b.sheets = append(b.sheets, sheet{
		SheetInfo: SheetInfo{
			Name: w.names[len(w.names)-1], Index: len(b.sheets), Kind: "worksheet",
			Hidden: state == "hidden" || state == "veryHidden", VeryHidden: state == "veryHidden",
		},
		part: rel.target,
	})
}

// relationID is the r:id of a sheet, whatever the prefix; "id" alone is another
// attribute in some old files.
func relationID(a attrs) string {
	for {
		name, val, ok, _ := a.next()
		if !ok {
			return ""
		}
		if n := len(name); n > 3 && string(name[n-3:]) == ":id" {
			return string(val)
		}
	}
}

func (w *workbookReader) definedNames() map[string]string {
	if len(w.saved) == 0 {
		return nil
	}
	all := make(map[string]string, len(w.saved))
	for _, n := range w.saved {
		key := n.name
		if n.sheet >= 0 && n.sheet < len(w.names) {
			key = w.names[n.sheet] + "!" + key
		}
		all[key] = n.refers
	}
	return all
}

// readProperties reads the document properties. They help to recognise a
// template and to date a file: their damage is said, and refuses nothing.
func (b *Book) readProperties(ctx context.Context, root map[string]relation, deadline time.Time) error {
	core := find(root, "core-properties")
	if !b.parts.has(core) {
		core = "docProps/core.xml"
	}
	if b.parts.has(core) {
		if err := b.outline(ctx, core, pipeline.Warning, deadline, nil, b.props.core); err != nil {
			return err
		}
	}
	custom := find(root, "custom-properties")
	if !b.parts.has(custom) {
		custom = "docProps/custom.xml"
	}
	if !b.parts.has(custom) {
		return nil
	}
	name := ""
	return b.outline(ctx, custom, pipeline.Warning, deadline, func(path []string, a attrs) {
		if at(path, "Properties", "property") {
			name = a.get("name")
		}
	}, func(path []string, text string) {
		if len(path) == 3 && path[0] == "Properties" && path[1] == "property" && name != "" {
			if b.props.Custom == nil {
				b.props.Custom = map[string]string{}
			}
			b.props.Custom[name] = strings.TrimSpace(text)
		}
	})
}

func (p *Properties) core(path []string, text string) {
	if len(path) != 2 {
		return
	}
	text = strings.TrimSpace(text)
	switch path[1] {
	case "title":
		p.Title = text
	case "creator":
		p.Creator = text
	case "created":
		p.Created = w3cTime(text)
	case "modified":
		p.Modified = w3cTime(text)
	}
}

// w3cTime reads a W3CDTF time; zero when it isn't one.
func w3cTime(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
