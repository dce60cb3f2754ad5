// Package dossier writes a plain workbook: sheets of a few lines of text and one
// table each, typed, filtered, with the heads in view. It is for what somebody who
// may see it asks of one number, not for publication.
package dossier

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Sheet is one sheet: a title, and a table under its heads.
type Sheet struct {
	Name   string
	Title  string
	Heads  []string
	Widths []float64 // of the columns, in characters
	Rows   [][]any   // string, int, float64, *float64 or nil
}

// Write writes the sheets in their order, from right to left in Arabic.
func Write(w io.Writer, sheets []Sheet, rightToLeft bool) (err error) {
	f := excelize.NewFile()
	defer f.Close()
	for n, s := range sheets {
		if n == 0 {
			err = f.SetSheetName("Sheet1", s.Name)
		} else {
			_, err = f.NewSheet(s.Name)
		}
		if err == nil {
			err = write(f, s, rightToLeft)
		}
		if err != nil {
			return fmt.Errorf("workbook: %s: %w", s.Name, err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	return nil
}

// headRow is where the heads stand, under the title.
const headRow = 3

func write(f *excelize.File, s Sheet, rightToLeft bool) error {
	title, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	if err != nil {
		return err
	}
	head, err := f.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F4E79"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
	})
	if err != nil {
		return err
	}
	body, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	for i, width := range s.Widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := f.SetColWidth(s.Name, column, column, width); err != nil {
			return err
		}
	}
	if err := f.SetPanes(s.Name, &excelize.Panes{Freeze: true, YSplit: headRow, TopLeftCell: fmt.Sprint("A", headRow+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := line(f, s.Name, 1, title, []string{s.Title}); err != nil {
		return err
	}
	if err := line(f, s.Name, headRow, head, s.Heads); err != nil {
		return err
	}
	for n, row := range s.Rows {
		if err := line(f, s.Name, headRow+1+n, body, row); err != nil {
			return err
		}
	}
	if err := f.SetSheetView(s.Name, 0, &excelize.ViewOptions{RightToLeft: &rightToLeft}); err != nil {
		return err
	}
	return page(f, s)
}

// page makes a sheet printable, and its table filterable. The filter comes first: it
// replaces the sheet's properties.
func page(f *excelize.File, s Sheet) error {
	last, err := excelize.CoordinatesToCellName(max(1, len(s.Heads)), headRow+len(s.Rows))
	if err != nil {
		return err
	}
	if err := f.AutoFilter(s.Name, fmt.Sprint("A", headRow, ":", last), nil); err != nil {
		return err
	}
	if err := f.SetSheetDimension(s.Name, "A1:"+last); err != nil {
		return err
	}
	landscape, paper, wide, high, fit := "landscape", 9, 1, 0, true
	err = f.SetPageLayout(s.Name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &paper, FitToWidth: &wide, FitToHeight: &high})
	if err != nil {
		return err
	}
	return f.SetSheetProps(s.Name, &excelize.SheetPropsOptions{FitToPage: &fit})
}

// line writes a row of values in one style.
func line[T any](f *excelize.File, sheet string, row, style int, values []T) error {
	for i, v := range values {
		cell, err := excelize.CoordinatesToCellName(i+1, row)
		if err != nil {
			return err
		}
		var value any = v
		if n, is := value.(*float64); is {
			value = nil
			if n != nil {
				value = *n
			}
		}
		if err := f.SetCellValue(sheet, cell, value); err != nil {
			return err
		}
		if err := f.SetCellStyle(sheet, cell, cell, style); err != nil {
			return err
		}
	}
	return nil
}
