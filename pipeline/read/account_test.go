package read_test

import (
	"context"
	"testing"

	"cp3/connectors/workbook"
	"cp3/pipeline"
)

// checkAccount verifies the law of the account: every cell that isn't blank is in
// it exactly once.
func checkAccount(t *testing.T, path string, got pipeline.Reading) {
	t.Helper()
	b, err := workbook.Open(context.Background(), path, workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, s := range b.Sheets() {
		rows, err := b.Rows(context.Background(), s.Index)
		if err != nil {
			t.Fatal(err)
		}
		times := timesAccounted(s.Name, got.Account)
		for _, r := range rows {
			for _, c := range r.Cells {
				if n := times(r.Number, c.Col); !c.IsBlank() && n != 1 {
					t.Errorf("%s!%s is %d times in the account", s.Name, pipeline.Ref(c.Col, r.Number), n)
				}
			}
		}
	}
}

// timesAccounted counts how often a cell of a sheet is in an account.
func timesAccounted(sheet string, account []pipeline.Use) func(row, col int) int {
	byCol := map[int][]pipeline.Range{}
	for _, u := range account {
		for col := u.Range.FirstCol; u.Sheet == sheet && col <= u.Range.LastCol; col++ {
			byCol[col] = append(byCol[col], u.Range)
		}
	}
	return func(row, col int) int {
		n := 0
		for _, r := range byCol[col] {
			if r.FirstRow <= row && row <= r.LastRow {
				n++
			}
		}
		return n
	}
}
