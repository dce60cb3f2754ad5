package template

import (
	"strings"
	"time"
	"unicode/utf8"

	"cp3/connectors"
	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// book is a workbook being written. The first error stops everything after it and
// is reported once, at the end.
type book struct {
	f      *excelize.File
	spec   *connectors.Spec
	lists  map[string]*connectors.CodeList
	o      Options
	lang   string
	err    error
	styles map[style]int
	offers []*offer // drop-down lists used, in order of first use
	sheets []string // names of the sheets written, in order
}

func newBook(spec *connectors.Spec, lists map[string]*connectors.CodeList, o Options) *book {
	b := &book{f: excelize.NewFile(), spec: spec, lists: lists, o: o, lang: "fr", styles: map[style]int{}}
	if o.Lang == "ar" {
		b.lang = "ar"
	}
	return b
}

func (b *book) rightToLeft() bool { return b.lang == "ar" }

// do runs a step unless an earlier one failed.
func (b *book) do(step func() error) {
	if b.err == nil {
		b.err = step()
	}
}

// start makes the instructions sheet, the first of all.
func (b *book) start() {
	b.do(func() error {
		name := b.helpName()
		if err := b.f.SetSheetName("Sheet1", name); err != nil {
			return err
		}
		return b.f.SetDefaultFont(textFont)
	})
	b.view(b.helpName(), false)
}

func (b *book) helpName() string {
	if b.rightToLeft() {
		return connectors.HelpSheetAR
	}
	return connectors.HelpSheet
}

// add makes the sheet of a declaration.
func (b *book) add(s *connectors.Sheet) string {
	name := b.sheetName(s)
	b.do(func() error { _, err := b.f.NewSheet(name); return err })
	b.sheets = append(b.sheets, name)
	b.view(name, true)
	return name
}

// sheetName is the tab's name. Its canonical one in French; in Arabic its title,
// which the declaration knows it by too.
func (b *book) sheetName(s *connectors.Sheet) string {
	name := s.Name
	if b.rightToLeft() && utf8.RuneCountInString(s.Title.AR) <= 31 && s.Title.AR != "" {
		name = s.Title.AR
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return '-'
		}
		return r
	}, name))
}

// view sets how a sheet shows and prints: A4 landscape, one page wide.
func (b *book) view(sheet string, grid bool) {
	b.do(func() error {
		rtl, zoom := b.rightToLeft(), 100.0
		if err := b.f.SetSheetView(sheet, -1, &excelize.ViewOptions{RightToLeft: &rtl, ShowGridLines: &grid, ZoomScale: &zoom}); err != nil {
			return err
		}
		a4, landscape, wide, high, fit := 9, "landscape", 1, 0, true
		if err := b.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high}); err != nil {
			return err
		}
		if err := b.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
			return err
		}
		side, top, bottom, edge, centred := 0.4, 0.5, 0.6, 0.3, true
		if err := b.f.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &bottom, Header: &edge, Footer: &edge, Horizontally: &centred}); err != nil {
			return err
		}
		foot := "&L&8" + b.spec.Template.ID + " · " + b.spec.Template.Version + "&C&8&A&R&8&P / &N"
		return b.f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: foot})
	})
}

// tab colours a sheet's tab.
func (b *book) tab(sheet, colour string) {
	b.do(func() error { return b.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{TabColorRGB: &colour}) })
}

// protect locks what is not to be typed over. No password: it prevents accidents.
func (b *book) protect(sheet string) {
	b.do(func() error {
		return b.f.ProtectSheet(sheet, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true,
			FormatCells: true, FormatColumns: true, FormatRows: true, InsertRows: true, DeleteRows: true, Sort: true, AutoFilter: true, EditObjects: true})
	})
}

func (b *book) set(sheet string, col, row int, value any, s style) {
	b.do(func() error {
		ref := pipeline.Ref(col, row)
		if err := b.f.SetCellStyle(sheet, ref, ref, b.style(s)); err != nil || value == nil {
			return err
		}
		return b.f.SetCellValue(sheet, ref, value)
	})
}

func (b *book) formula(sheet string, col, row int, formula string, s style) {
	b.set(sheet, col, row, nil, s)
	b.do(func() error { return b.f.SetCellFormula(sheet, pipeline.Ref(col, row), formula) })
}

// rich writes a text with its French, smaller, on the next line.
func (b *book) rich(sheet string, col, row int, main, below string, s style) {
	if below == "" || below == main {
		b.set(sheet, col, row, main, s)
		return
	}
	b.set(sheet, col, row, nil, s)
	quiet := s.font()
	quiet.Bold, quiet.Size = false, max(8, quiet.Size-1.5)
	b.do(func() error {
		return b.f.SetCellRichText(sheet, pipeline.Ref(col, row), []excelize.RichTextRun{
			{Text: main + "\n", Font: s.font()}, {Text: below, Font: quiet}})
	})
}

// span merges cells of a row and gives all of them the style.
func (b *book) span(sheet string, col, last, row, lastRow int, s style) {
	b.do(func() error {
		from, to := pipeline.Ref(col, row), pipeline.Ref(last, lastRow)
		if err := b.f.SetCellStyle(sheet, from, to, b.style(s)); err != nil || from == to {
			return err
		}
		return b.f.MergeCell(sheet, from, to)
	})
}

func (b *book) width(sheet string, col int, width float64) {
	b.do(func() error {
		return b.f.SetColWidth(sheet, pipeline.ColumnName(col), pipeline.ColumnName(col), width)
	})
}

func (b *book) height(sheet string, row int, points float64) {
	b.do(func() error { return b.f.SetRowHeight(sheet, row, points) })
}

// name defines a name of the workbook.
func (b *book) name(name, refersTo string) {
	b.do(func() error { return b.f.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: refersTo}) })
}

// quoted is a sheet's name as formulas write it.
func quoted(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

// finish marks the workbook as this template and fixes its dates.
func (b *book) finish() {
	t := b.spec.Template
	b.name(connectors.TemplateProperty, `"`+t.ID+`"`)
	b.name(connectors.VersionProperty, `"`+t.Version+`"`)
	b.do(func() error {
		for _, p := range []excelize.CustomProperty{{Name: connectors.TemplateProperty, Value: t.ID}, {Name: connectors.VersionProperty, Value: t.Version}} {
			if err := b.f.SetCustomProps(p); err != nil {
				return err
			}
		}
		at := ""
		if !b.o.At.IsZero() {
			at = b.o.At.UTC().Format(time.RFC3339)
		}
		if err := b.f.SetDocProps(&excelize.DocProperties{Creator: "cp3", LastModifiedBy: "cp3", Title: t.ID + " " + t.Version, Created: at, Modified: at}); err != nil {
			return err
		}
		full := true
		if err := b.f.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &full}); err != nil {
			return err
		}
		b.f.SetActiveSheet(0)
		return nil
	})
}
