package example

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"time"

	"github.com/xuri/excelize/v2"

	"cp3/pipeline"
)

// A book is a workbook being written by one hand. The first error stops
// everything that follows and is told by bytes.
type book struct {
	file   File
	hand   hand
	d      *draw
	mac    bool // the 1904 date system
	x      *excelize.File
	sheets int
	styles map[string]int
	raw    map[string]map[string]string // sheet: cell: what excelize can't write
	log    *Manifest
	seen   map[string]map[*Person][]int // sheet: person: rows
	err    error
}

func newBook(f File, h hand, d *draw, log *Manifest) *book {
	return &book{file: f, hand: h, d: d.fork(f.Path), x: excelize.NewFile(), styles: map[string]int{},
		raw: map[string]map[string]string{}, log: log, seen: map[string]map[*Person][]int{}}
}

// try runs a step unless an earlier one failed.
func (b *book) try(step func() error) {
	if b.err == nil {
		b.err = step()
	}
}

func (b *book) habit(h ...Habit) {
	for _, one := range h {
		if one != "" && !slices.Contains(b.file.Habits, one) {
			b.file.Habits = append(b.file.Habits, one)
		}
	}
}

// sheet adds a sheet; excelize's own first one is the first.
func (b *book) sheet(name string) string {
	b.sheets++
	b.try(func() error {
		if b.sheets == 1 {
			return b.x.SetSheetName("Sheet1", name)
		}
		_, err := b.x.NewSheet(name)
		return err
	})
	b.landscape(name)
	if b.hand.arabic {
		yes := true
		b.try(func() error { return b.x.SetSheetView(name, 0, &excelize.ViewOptions{RightToLeft: &yes}) })
	}
	return name
}

// landscape prints a sheet on A4, as wide as the page.
func (b *book) landscape(sheet string) {
	wide, a4, yes, one, any := "landscape", 9, true, 1, 0
	b.try(func() error {
		return b.x.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &wide, Size: &a4, FitToWidth: &one, FitToHeight: &any})
	})
	b.try(func() error { return b.x.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}) })
}

// put writes a value.
func (b *book) put(sheet string, col, row int, v value) {
	if v.kind == empty {
		return
	}
	b.habit(v.habits...)
	ref := pipeline.Ref(col, row)
	switch v.kind {
	case text:
		b.try(func() error { return b.x.SetCellStr(sheet, ref, v.text) })
	case number:
		b.try(func() error { return b.x.SetCellFloat(sheet, ref, v.number, -1, 64) })
	case serial:
		b.try(func() error { return b.x.SetCellFloat(sheet, ref, b.serial(v.date), -1, 64) })
	case computed:
		if !v.date.IsZero() {
			v.number = b.serial(v.date)
		}
		b.surgery(sheet, ref, fmt.Sprintf(`><f>%s</f><v>%v</v>`, v.formula, v.number))
	case uncomputed:
		b.surgery(sheet, ref, fmt.Sprintf(`><f>%s</f>`, v.formula))
	case broken:
		b.surgery(sheet, ref, ` t="e"><v>#REF!</v>`)
	}
	if v.format != "" {
		b.style(sheet, ref, ref, "format:"+v.format, &excelize.Style{CustomNumFmt: &v.format})
	}
}

// surgery notes what a cell must hold once excelize has saved the sheet.
func (b *book) surgery(sheet, ref, inner string) {
	if b.raw[sheet] == nil {
		b.raw[sheet] = map[string]string{}
	}
	b.raw[sheet][ref] = inner
	b.try(func() error { return b.x.SetCellFloat(sheet, ref, 0, -1, 64) })
}

// serial is a day in the workbook's date system. The 1904 system counts from
// 1 January 1904 as day 0, 1462 days after the other one.
func (b *book) serial(d pipeline.Date) float64 {
	n := d.Time().Sub(day(1899, 12, 30).Time()).Hours() / 24
	if b.mac {
		b.habit(MacDates)
		n -= 1462
	}
	return n
}

// style gives cells a style, made once a book.
func (b *book) style(sheet, from, to, key string, s *excelize.Style) {
	b.try(func() error {
		id, ok := b.styles[key]
		if !ok {
			var err error
			if id, err = b.x.NewStyle(s); err != nil {
				return err
			}
			b.styles[key] = id
		}
		return b.x.SetCellStyle(sheet, from, to, id)
	})
}

// boldStyle is a label on a form.
var boldStyle = &excelize.Style{Font: &excelize.Font{Bold: true, Family: "Calibri", Size: 11}}

// heading styles cells as a title, a table header or a total.
func (b *book) heading(sheet, from, to, kind string) {
	s := &excelize.Style{Font: &excelize.Font{Bold: true, Family: "Calibri", Size: 11}}
	switch kind {
	case "title":
		s.Font.Size, s.Font.Color = 14, "1F3864"
	case "header":
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"D9E2F3"}}
		s.Alignment = &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
		s.Border = []excelize.Border{{Type: "left", Color: "8EA9DB", Style: 1}, {Type: "right", Color: "8EA9DB", Style: 1},
			{Type: "top", Color: "8EA9DB", Style: 1}, {Type: "bottom", Color: "8EA9DB", Style: 1}}
	}
	b.style(sheet, from, to, kind, s)
}

// logo puts a small picture in the first cell.
func (b *book) logo(sheet string) {
	b.habit(Logo)
	m := image.NewRGBA(image.Rect(0, 0, 64, 40))
	for y := range 40 {
		for x := range 64 {
			c := color.RGBA{0x1F, 0x38, 0x64, 0xFF}
			if (x-32)*(x-32)+(y-20)*(y-20) < 200 {
				c = color.RGBA{0xC0, 0x9A, 0x2C, 0xFF}
			}
			m.Set(x, y, c)
		}
	}
	var buf bytes.Buffer
	b.try(func() error { return png.Encode(&buf, m) })
	b.try(func() error {
		return b.x.AddPictureFromBytes(sheet, "A1", &excelize.Picture{Extension: ".png", File: buf.Bytes(),
			Format: &excelize.GraphicOptions{AltText: "logo", Positioning: "oneCell"}})
	})
}

// lists adds a hidden sheet of code lists, as older templates had.
func (b *book) lists() {
	b.habit(HiddenSheets)
	s := b.sheet("Listes")
	for i, t := range []string{"Oui", "Non", "Femme", "Homme", "Réussite", "Abandon", "En cours"} {
		b.put(s, 1, i+1, str(t))
	}
	b.try(func() error { return b.x.SetSheetVisible(s, false) })
}

// bytes closes the workbook: what it is is fixed by its content alone, whatever
// the machine and the hour.
func (b *book) bytes() ([]byte, error) {
	saved, err := time.Parse(time.DateOnly, b.file.Saved)
	if err != nil {
		return nil, fmt.Errorf("example: %s: saved: %w", b.file.Path, err)
	}
	at := saved.Add(9*time.Hour + 30*time.Minute).Format(time.RFC3339)
	b.try(func() error {
		return b.x.SetDocProps(&excelize.DocProperties{Created: "2019-11-04T08:00:00Z", Modified: at, Creator: "Point focal", LastModifiedBy: "Point focal"})
	})
	if b.mac {
		b.try(func() error { return b.x.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &b.mac}) })
	}
	var buf bytes.Buffer
	b.try(func() error { return b.x.Write(&buf) })
	if b.err != nil {
		return nil, fmt.Errorf("example: write %s: %w", b.file.Path, b.err)
	}
	out, err := repack(buf.Bytes(), b.mends())
	if err != nil {
		return nil, fmt.Errorf("example: write %s: %w", b.file.Path, err)
	}
	return out, nil
}

// mends maps the part of each sheet to the cells to mend there. excelize numbers
// the parts in the order the sheets were added.
func (b *book) mends() map[string]map[string]string {
	m := map[string]map[string]string{}
	for i, name := range b.x.GetSheetMap() {
		if cells := b.raw[name]; len(cells) > 0 {
			m[fmt.Sprintf("xl/worksheets/sheet%d.xml", i)] = cells
		}
	}
	return m
}
