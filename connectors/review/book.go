// Package review writes the queue of person pairs as a workbook in which a human
// decides: one line a pair, a drop-down for the answer, what both rows say one
// above the other, coloured by whether it speaks for or against. What comes back is
// read by the program's own reader; Find says where the answers are.
//
// The workbook holds names: it is as private as the area it comes from.
package review

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"cp3/pipeline"
	"cp3/pipeline/fold"
	"cp3/pipeline/wording"

	"github.com/xuri/excelize/v2"
)

// Line is one pair.
type Line struct {
	N        int
	ID       string // comes back with the answer
	Answer   string // One or Two when it was decided already; "" when not
	Now      string
	Chances  float64 // 0 to 1
	Moves    string  // what the other answer would change
	Compared map[string]Both
	Evidence []string // in words, the heaviest first
	Where    Both
}

// Both is what the two rows say, and how much it weighs, in bits.
type Both struct {
	A, B string
	Bits float64
}

// Columns are the comparisons that have a column of their own, in order.
var Columns = []string{"family_name", "given_name", "birth_date", "sex", "nationality", "doc_number", "phone", "place"}

// Answers.
const (
	One = "one" // the same person
	Two = "two" // two persons
)

// The columns before and after Columns.
const (
	numberColumn   = 1
	AnswerColumn   = 2
	nowColumn      = 3
	chancesColumn  = 4
	movesColumn    = 5
	comparedColumn = 6
)

var (
	evidenceColumn = comparedColumn + len(Columns)
	whereColumn    = evidenceColumn + 1
	// IDColumn holds the pair's id.
	IDColumn = whereColumn + 1
)

// headRow is the row of the headers; lines follow.
const headRow = 5

// Write writes the queue in a language.
func Write(w io.Writer, lang string, lines []Line, at time.Time) error {
	b := &book{f: excelize.NewFile(), lang: lang, styles: map[look]int{}}
	defer b.f.Close()
	b.sheet = b.say("sheet")
	for _, step := range []func() error{b.start, b.head, func() error { return b.lines(lines) }, func() error { return b.offer(len(lines)) }, b.print,
		func() error { return b.properties(at) }} {
		if err := step(); err != nil {
			return fmt.Errorf("queue of pairs: %w", err)
		}
	}
	if err := b.f.Write(w); err != nil {
		return fmt.Errorf("queue of pairs: %w", err)
	}
	return nil
}

// book is the workbook being written.
type book struct {
	f      *excelize.File
	sheet  string
	lang   string
	styles map[look]int
}

func (b *book) say(key string) string { return wording.Text(b.lang, "review.book."+key, nil) }

func (b *book) start() error {
	if err := b.f.SetSheetName("Sheet1", b.sheet); err != nil {
		return err
	}
	if err := b.f.SetDefaultFont(textFont); err != nil {
		return err
	}
	rtl, grid, zoom := b.lang == "ar", false, 100.0
	if err := b.f.SetSheetView(b.sheet, -1, &excelize.ViewOptions{RightToLeft: &rtl, ShowGridLines: &grid, ZoomScale: &zoom}); err != nil {
		return err
	}
	for i, key := range []string{"title", "how", "private"} {
		if err := b.set(1, i+1, b.say(key), look{title: i == 0, note: i > 0}); err != nil {
			return err
		}
	}
	return b.f.SetRowHeight(b.sheet, 1, 28)
}

func (b *book) head() error {
	names := []string{"number", "answer", "now", "chances", "moves"}
	widths := []float64{5, 17, 16, 9, 26}
	for _, c := range Columns {
		width := 16.0
		if c == "sex" {
			width = 10
		}
		names, widths = append(names, c), append(widths, width)
	}
	names, widths = append(names, "evidence", "where", "id"), append(widths, 48, 38, 13)
	for i, name := range names {
		text := b.say("head." + name)
		if i+1 >= comparedColumn && i+1 < evidenceColumn {
			text = wording.Text(b.lang, "review.column."+name, nil)
			text = capital(text)
		}
		if err := b.set(i+1, headRow, text, look{head: true, dark: i+1 == AnswerColumn}); err != nil {
			return err
		}
		letter := pipeline.ColumnName(i + 1)
		if err := b.f.SetColWidth(b.sheet, letter, letter, widths[i]); err != nil {
			return err
		}
	}
	if err := b.f.SetRowHeight(b.sheet, headRow, 34); err != nil {
		return err
	}
	return b.f.SetPanes(b.sheet, &excelize.Panes{Freeze: true, XSplit: 2, YSplit: headRow, TopLeftCell: pipeline.Ref(3, headRow+1), ActivePane: "bottomRight"})
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[n:]
}

func (b *book) lines(lines []Line) error {
	for i, l := range lines {
		if err := b.line(headRow+1+i, l); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) line(row int, l Line) error {
	type cell struct {
		col   int
		value any
		look  look
	}
	cells := []cell{{numberColumn, l.N, look{centre: true}}, {AnswerColumn, b.answer(l.Answer), look{input: true, centre: true}},
		{nowColumn, l.Now, look{}}, {chancesColumn, l.Chances, look{centre: true, percent: true}}, {movesColumn, l.Moves, look{}},
		{evidenceColumn, strings.Join(l.Evidence, "\n"), look{}}, {whereColumn, l.Where.A + "\n" + l.Where.B, look{note: true}}, {IDColumn, l.ID, look{note: true}}}
	for i, c := range Columns {
		both := l.Compared[c]
		cells = append(cells, cell{comparedColumn + i, dash(both.A) + "\n" + dash(both.B), look{sign: signOf(both)}})
	}
	height := 1
	for _, c := range cells {
		if err := b.set(c.col, row, c.value, c.look); err != nil {
			return err
		}
		if text, ok := c.value.(string); ok {
			width, _ := b.f.GetColWidth(b.sheet, pipeline.ColumnName(c.col))
			height = max(height, wrapped(text, width))
		}
	}
	return b.f.SetRowHeight(b.sheet, row, float64(min(height, 24))*14.5+6)
}

func dash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// signOf is whether a comparison speaks for, against, or hardly.
func signOf(b Both) int {
	switch {
	case b.Bits >= 0.5:
		return 1
	case b.Bits <= -0.5:
		return -1
	}
	return 0
}

// wrapped is how many lines a text takes in a column.
func wrapped(text string, width float64) int {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n += 1 + int(float64(utf8.RuneCountInString(line))/(width*1.05))
	}
	return n
}

// answer is an answer in the words of the drop-down.
func (b *book) answer(a string) string {
	if a == "" {
		return ""
	}
	return wording.Text(b.lang, "review."+a, nil)
}

// offer gives every line its drop-down.
func (b *book) offer(lines int) error {
	if lines == 0 {
		return nil
	}
	v := excelize.NewDataValidation(true)
	v.SetSqref(pipeline.Ref(AnswerColumn, headRow+1) + ":" + pipeline.Ref(AnswerColumn, headRow+lines))
	if err := v.SetDropList([]string{b.answer(One), b.answer(Two)}); err != nil {
		return err
	}
	v.SetInput(b.say("head.answer"), b.say("prompt"))
	v.SetError(excelize.DataValidationErrorStyleStop, b.say("head.answer"), b.say("prompt"))
	if err := b.f.AddDataValidation(b.sheet, v); err != nil {
		return err
	}
	return b.f.AutoFilter(b.sheet, pipeline.Ref(1, headRow)+":"+pipeline.Ref(IDColumn, headRow+lines), nil)
}

// print fits the list across one landscape page.
func (b *book) print() error {
	orientation, paper, fit, any := "landscape", 9, 1, 0
	if err := b.f.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{Orientation: &orientation, Size: &paper, FitToWidth: &fit, FitToHeight: &any}); err != nil {
		return err
	}
	yes := true
	if err := b.f.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	margin := 0.4
	if err := b.f.SetPageMargins(b.sheet, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin, Top: &margin, Bottom: &margin}); err != nil {
		return err
	}
	return b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", strings.ReplaceAll(b.sheet, "'", "''"), headRow, headRow), Scope: b.sheet})
}

func (b *book) properties(at time.Time) error {
	stamp := at.UTC().Format(time.RFC3339)
	return b.f.SetDocProps(&excelize.DocProperties{Creator: "cp3", LastModifiedBy: "cp3", Title: b.say("title"), Created: stamp, Modified: stamp})
}

func (b *book) set(col, row int, value any, l look) error {
	at := pipeline.Ref(col, row)
	id, err := b.style(l)
	if err != nil {
		return err
	}
	if text, ok := value.(string); ok {
		err = b.f.SetCellStr(b.sheet, at, text)
	} else {
		err = b.f.SetCellValue(b.sheet, at, value)
	}
	if err != nil {
		return err
	}
	return b.f.SetCellStyle(b.sheet, at, at, id)
}

// AnswerOf reads an answer as a human may have typed it, in any of the languages;
// ok is false when it is none. An empty cell is "" and ok.
func AnswerOf(text string) (answer string, ok bool) {
	key := fold.Key(text)
	if key == "" {
		return "", true
	}
	for _, a := range []string{One, Two} {
		for _, lang := range wording.Languages {
			if key == fold.Key(wording.Text(lang, "review."+a, nil)) {
				return a, true
			}
		}
	}
	switch key {
	case "accept", "accepter", "oui", "نعم":
		return One, true
	case "reject", "rejeter", "non", "لا":
		return Two, true
	}
	return "", false
}

// Find says where the answers and the ids of a queue's rows are; ok is false when
// a row isn't the header of a queue.
func Find(row pipeline.Row) (answer, id int, ok bool) {
	for _, c := range row.Cells {
		key := fold.Key(c.Text)
		for _, lang := range wording.Languages {
			switch key {
			case fold.Key(wording.Text(lang, "review.book.head.answer", nil)):
				answer = c.Col
			case fold.Key(wording.Text(lang, "review.book.head.id", nil)):
				id = c.Col
			}
		}
	}
	return answer, id, answer > 0 && id > 0
}
