package run

import (
	"fmt"
	"io"

	"cp3/pipeline/publish/dossier"
	"cp3/pipeline/wording"
)

// WriteBook writes the explanation as a workbook: the answer, then a sheet for what
// was counted, for what was declared and for what was refused, each line with the
// file, the sheet and the cell to open. It is private.
func (e Explanation) WriteBook(w io.Writer, lang string) error {
	say := func(key string) string { return wording.Text(lang, "explain.book."+key, nil) }
	title := fmt.Sprintf("%s  %s", e.Code, e.Label)
	place := []string{say("number"), say("file"), say("sheet"), say("cell"), say("sha256")}
	wide := []float64{10, 44, 24, 12, 68}
	sheets := []dossier.Sheet{
		{Name: say("answer"), Title: title, Heads: []string{say("what"), say("value"), say("words")}, Widths: []float64{28, 18, 90}, Rows: e.answer(say)},
		{Name: say("units"), Title: title, Heads: append([]string{say("role"), say("unit"), say("weight"), say("merged")}, place...),
			Widths: append([]float64{14, 8, 8, 12}, wide...), Rows: e.unitRows(say)},
		{Name: say("totals"), Title: title, Heads: append([]string{say("value")}, place...), Widths: append([]float64{12}, wide...)},
		{Name: say("refused"), Title: title, Heads: append([]string{say("why")}, place...), Widths: append([]float64{60}, wide...)},
	}
	for _, d := range e.Totals {
		sheets[2].Rows = append(sheets[2].Rows, append([]any{d.Value}, d.cells(d.Cell)...))
	}
	for _, r := range e.Refused {
		sheets[3].Rows = append(sheets[3].Rows, append([]any{wording.Title(lang, r.Rule)}, r.cells(r.Cell)...))
	}
	return dossier.Write(w, sheets, lang == "ar")
}

// answer is the number, its formula in words, and what was declared.
func (e Explanation) answer(say func(string) string) [][]any {
	coordinates := fmt.Sprintf("%d", e.Year)
	if e.Quarter > 0 {
		coordinates += fmt.Sprintf("-T%d", e.Quarter)
	}
	return [][]any{
		{say("period"), coordinates, nil},
		{say("region"), e.Region, nil},
		{say("sex"), e.Sex, nil},
		{say("number_published"), e.Value, e.Definition},
		{say("numerator"), e.N, e.Numerator},
		{say("denominator"), e.D, e.Denominator},
		{say("declared"), e.Declared, nil},
		{say("gap"), e.Gap, nil},
		{say("origin"), e.Origin, nil},
		{say("flags"), e.Flags, nil},
	}
}

// unitRows has a line for each row of a workbook; those of one unit follow each
// other under its number, and say how many rows were made one.
func (e Explanation) unitRows(say func(string) string) (rows [][]any) {
	number := map[string]int{}
	for _, u := range e.Units {
		number[u.Role]++
		for _, p := range u.Rows {
			rows = append(rows, append([]any{say("role." + u.Role), number[u.Role], u.Weight, len(u.Rows)}, p.cells(fmt.Sprintf("%d:%d", p.Row, p.Row))...))
		}
	}
	return rows
}

func (p Place) cells(cell string) []any { return []any{p.Number, p.File, p.Sheet, cell, p.SHA256} }
