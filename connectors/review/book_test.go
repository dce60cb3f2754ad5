package review

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/wording"

	"github.com/xuri/excelize/v2"
)

var queue = []Line{
	{N: 1, ID: "q1", Now: "deux personnes", Chances: 0.71, Moves: "1.1 2020 : 4 → 3", Evidence: []string{"+ Même nom"}, Where: Both{A: "EN/a.xlsx!S!2", B: "EN/b.xlsx!S!3"},
		Compared: map[string]Both{"family_name": {A: "NOM", B: "NOM", Bits: 5}, "nationality": {A: "Mali", Bits: -3}}},
	{N: 2, ID: "q2", Answer: Two},
}

// What is written is found again, in each language, and the same bytes every time.
func TestTheQueueComesBack(t *testing.T) {
	for _, lang := range wording.Languages {
		var b, again bytes.Buffer
		at := time.Date(2021, 1, 15, 9, 0, 0, 0, time.UTC)
		if err := Write(&b, lang, queue, at); err != nil {
			t.Fatal(err)
		}
		if err := Write(&again, lang, queue, at); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s: other bytes the second time, %v", lang, err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows(f.GetSheetName(0))
		if err != nil {
			t.Fatal(err)
		}
		answer, id, ok := Find(asRow(rows[headRow-1]))
		if !ok || answer != AnswerColumn || id != IDColumn {
			t.Fatalf("%s: answers in column %d, ids in %d, %v", lang, answer, id, ok)
		}
		if got, ok := AnswerOf(rows[headRow+1][answer-1]); !ok || got != Two || rows[headRow+1][id-1] != "q2" {
			t.Errorf("%s: the second pair says %q", lang, got)
		}
		if slices.ContainsFunc(rows[:headRow-1], func(r []string) bool { _, _, ok := Find(asRow(r)); return ok }) {
			t.Errorf("%s: another row passes for the header", lang)
		}
		offers, err := f.GetDataValidations(f.GetSheetName(0))
		if err != nil || len(offers) != 1 || offers[0].Sqref != "B6:B7" {
			t.Errorf("%s: drop-downs %+v, %v", lang, offers, err)
		}
	}
}

func asRow(texts []string) pipeline.Row {
	var row pipeline.Row
	for i, s := range texts {
		row.Cells = append(row.Cells, pipeline.Cell{Col: i + 1, Kind: pipeline.TextCell, Text: s})
	}
	return row
}

func TestAnswers(t *testing.T) {
	for text, want := range map[string]string{"": "", "  ": "", "Une personne": One, "DEUX PERSONNES": Two, "one person": One, "شخصان": Two, "شخص واحد": One, "oui": One, "non": Two, "accept": One} {
		if got, ok := AnswerOf(text); !ok || got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"peut-être", "1", "personne"} {
		if got, ok := AnswerOf(text); ok {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}
