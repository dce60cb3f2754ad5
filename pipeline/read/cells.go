package read

import (
	"cmp"
	"slices"

	"cp3/connectors/layout"
	"cp3/pipeline"
)

// sheetAccount says what became of each cell of a sheet, in runs: neighbours of
// one column that met the same fate are one line. Cells are added row by row.
type sheetAccount struct {
	sheet string
	open  []pipeline.Use // by column; a zero Range is none
	done  []pipeline.Use
}

func newSheetAccount(sheet string) *sheetAccount { return &sheetAccount{sheet: sheet} }

// add accounts for one cell that isn't blank. reason is the code of what was
// found, or why the cell is ignored; "" for a cell used as it stands.
func (a *sheetAccount) add(row, col int, field string, o pipeline.Outcome, reason string) {
	for col >= len(a.open) {
		a.open = append(a.open, pipeline.Use{})
	}
	run := &a.open[col]
	if run.Range.LastRow > 0 {
		if run.Outcome == o && run.Reason == reason && run.Field == field && row > run.Range.LastRow {
			run.Range.LastRow = row
			return
		}
		a.done = append(a.done, *run)
	}
	*run = pipeline.Use{Sheet: a.sheet, Range: pipeline.Range{FirstRow: row, FirstCol: col, LastRow: row, LastCol: col},
		Field: field, Outcome: o, Reason: reason}
}

// row accounts for all cells of a row that is not data.
func (a *sheetAccount) row(r pipeline.Row, o pipeline.Outcome, reason string) {
	for _, c := range r.Cells {
		if !c.IsBlank() {
			a.add(r.Number, c.Col, "", o, reason)
		}
	}
}

// uses is the account, column by column.
func (a *sheetAccount) uses() []pipeline.Use {
	for _, run := range a.open {
		if run.Range.LastRow > 0 {
			a.done = append(a.done, run)
		}
	}
	a.open = nil
	slices.SortFunc(a.done, func(u, v pipeline.Use) int {
		return cmp.Or(cmp.Compare(u.Range.FirstCol, v.Range.FirstCol), cmp.Compare(u.Range.FirstRow, v.Range.FirstRow))
	})
	return a.done
}

// ignoreSheet accounts for a sheet that is not read: one range holds it all.
func (u *understanding) ignoreSheet(s *layout.Sheet, why string) {
	var all pipeline.Range
	for _, r := range s.Rows {
		for _, c := range r.Cells {
			if c.IsBlank() {
				continue
			}
			if all.FirstRow == 0 {
				all = pipeline.Range{FirstRow: r.Number, FirstCol: c.Col, LastRow: r.Number, LastCol: c.Col}
			}
			all.LastRow = r.Number
			all.FirstCol, all.LastCol = min(all.FirstCol, c.Col), max(all.LastCol, c.Col)
		}
	}
	if all.FirstRow > 0 {
		u.accounts[s.Name] = []pipeline.Use{{Sheet: s.Name, Range: all, Outcome: pipeline.Ignored, Reason: why}}
	}
}

// ignoreAll accounts for a workbook nobody recognises.
func (u *understanding) ignoreAll() {
	for _, s := range u.book.sheets {
		u.ignoreSheet(s, "file_not_recognised")
	}
}
