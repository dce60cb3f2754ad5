package patch

import (
	"fmt"
	"sort"

	"cp3/pipeline"
)

// Mark is what is put on one cell.
type Mark struct {
	Cell    string // "C14"
	Colour  string // Red, Orange or Yellow
	Comment string // "" for the colour alone; its first line is shown bold
}

// Mark colours and comments cells of a sheet. A cell that already has a comment
// keeps it, with ours below.
func (w *Workbook) Mark(sheetName, author string, marks []Mark) error {
	s := w.sheet(sheetName)
	if s == nil || s.part == "" {
		return fmt.Errorf("sheet %q: not a sheet of cells", sheetName)
	}
	marks, colours, err := placed(marks)
	if err != nil {
		return err
	}
	text, err := w.pack.read(s.part)
	if err != nil {
		return err
	}
	edits, end, err := paint(text, colours, w.markStyle)
	if err != nil {
		return fmt.Errorf("%s: %w", s.part, err)
	}
	c, err := w.commentsOf(s, author)
	if err != nil {
		return err
	}
	drawing, err := c.add(marks)
	if err != nil {
		return err
	}
	if drawing != "" {
		e, err := pointToDrawing(text, end, w.ns.relationships, drawing)
		if err != nil {
			return fmt.Errorf("%s: %w", s.part, err)
		}
		edits = append(edits, e)
	}
	w.pack.set(s.part, apply(text, edits))
	return nil
}

// placed sorts the marks by place and gives the colour of each cell. Of two marks
// on one cell the first one stays.
func placed(marks []Mark) ([]Mark, map[[2]int]string, error) {
	colours := map[[2]int]string{}
	at := map[string][2]int{}
	var kept []Mark
	for _, m := range marks {
		col, row, err := pipeline.ParseRef(m.Cell)
		if err != nil {
			return nil, nil, err
		}
		if col > 16384 || row > 1048576 {
			return nil, nil, fmt.Errorf("cell %s: beyond the end of a sheet", m.Cell)
		}
		m.Cell = pipeline.Ref(col, row)
		if _, twice := at[m.Cell]; twice {
			continue
		}
		at[m.Cell] = [2]int{col, row}
		colours[[2]int{col, row}] = m.Colour
		kept = append(kept, m)
	}
	sort.Slice(kept, func(i, j int) bool {
		a, b := at[kept[i].Cell], at[kept[j].Cell]
		if a[1] != b[1] {
			return a[1] < b[1]
		}
		return a[0] < b[0]
	})
	return kept, colours, nil
}
