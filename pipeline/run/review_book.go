package run

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cp3/connectors/review"
	"cp3/connectors/workbook"
	"cp3/pipeline"
	"cp3/pipeline/wording"
	"cp3/transforms/link"
)

// ExportReview writes the pairs that wait as a workbook to decide in, and returns
// how many. It holds names: the file is the user's alone, and never where others
// read.
func ExportReview(ctx context.Context, o Options, out string) (int, error) {
	if err := privatePlace(o.Workspace, out); err != nil {
		return 0, err
	}
	if _, err := os.Lstat(out); err == nil {
		return 0, taken(out)
	}
	s, err := openStudy(ctx, o)
	if err != nil {
		return 0, err
	}
	defer s.close()
	if s.db == nil {
		return 0, ErrNothingPublished
	}
	pairs, err := s.questions(ctx)
	if err != nil {
		return 0, err
	}
	var lines []review.Line
	for _, p := range pairs {
		l, err := s.line(ctx, p)
		if err != nil {
			return 0, err
		}
		lines = append(lines, l)
	}
	var b bytes.Buffer
	if err := review.Write(&b, s.Config.Lang, lines, s.at); err != nil {
		return 0, err
	}
	return len(lines), writeNew(out, b.Bytes())
}

// writeNew writes a private file that isn't there: one that is may hold answers.
func writeNew(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return taken(name)
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("export: %w", errors.Join(err, os.Remove(name)))
	}
	return nil
}

func taken(name string) error {
	return &BadDecision{fmt.Sprintf("export: %s is there already, and may hold answers: choose another name", name)}
}

// privatePlace refuses the folders of the workspace that others read.
func privatePlace(w Workspace, out string) error {
	dir, err := realDir(filepath.Dir(out))
	if err != nil {
		return &BadDecision{fmt.Sprintf("export: %v: name a folder that exists", err)}
	}
	for _, shared := range []string{w.Publication(), w.Depot(), w.Answers()} {
		real, err := realDir(shared)
		if err != nil {
			continue
		}
		if rel, err := filepath.Rel(real, dir); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return &BadDecision{fmt.Sprintf("export: %s is read by others, and the list holds names: choose a folder of your own", shared)}
		}
	}
	return nil
}

func realDir(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// line is one pair as the workbook shows it.
func (s *study) line(ctx context.Context, p Pair) (review.Line, error) {
	l := review.Line{N: p.N, ID: p.ID, Chances: math.Round(100*p.Probability) / 100, Now: s.say("review.two"), Compared: map[string]review.Both{},
		Where: review.Both{A: s.whereText(p.A), B: s.whereText(p.B)}}
	if p.Merged {
		l.Now = s.say("review.one")
	}
	if p.Answer != nil {
		l.Answer = review.Two
		if p.Answer.Same {
			l.Answer = review.One
		}
	}
	var moves []string
	for _, m := range p.Effects {
		if m.whole() {
			moves = append(moves, m.Text(s.figureText))
		}
	}
	l.Moves = strings.Join(moves, "\n")
	a, err := s.words(ctx, p.A.mention)
	if err != nil {
		return l, fmt.Errorf("review: %w", err)
	}
	b, err := s.words(ctx, p.B.mention)
	if err != nil {
		return l, fmt.Errorf("review: %w", err)
	}
	bits := map[string]float64{}
	for _, e := range p.evidence {
		bits[e.Column] += e.Bits
	}
	for _, c := range review.Columns {
		l.Compared[c] = review.Both{A: a[c], B: b[c], Bits: bits[c]}
	}
	l.Evidence = s.sentences(p.evidence)
	return l, nil
}

// sentences are the evidence in words, the heaviest first.
func (s *study) sentences(evidence []link.Evidence) []string {
	sorted := slices.Clone(evidence)
	slices.SortStableFunc(sorted, func(a, b link.Evidence) int { return -cmp.Compare(math.Abs(a.Bits), math.Abs(b.Bits)) })
	var texts []string
	for _, e := range sorted {
		if math.Abs(e.Bits) < 0.5 {
			continue
		}
		sign := "+"
		if e.Bits < 0 {
			sign = "−"
		}
		e.Column = s.columnWord(e.Column)
		texts = append(texts, fmt.Sprintf("%s %s (%s)", sign, e.Text(s.Config.Lang), e.Strength(s.Config.Lang)))
	}
	return texts
}

func (s *study) say(key string) string { return wording.Text(s.Config.Lang, key, nil) }

func (s *study) whereText(side Side) string {
	text := side.Shown.String()
	if n := len(side.Rows); n > 1 {
		text += " (+" + strconv.Itoa(n-1) + ")"
	}
	return text
}

func (s *study) figureText(v *float64, unit string) string {
	if v == nil {
		return s.say("figure.none")
	}
	text := strconv.FormatFloat(*v, 'f', -1, 64)
	if s.Config.Lang != "en" {
		text = strings.Replace(text, ".", ",", 1)
	}
	if unit == "pourcentage" {
		text += " %"
	}
	return text
}

// BadBook is what is wrong in a workbook of answers, cell by cell; nothing of it
// was recorded.
type BadBook struct {
	Path   string
	Faults []string
}

func (e *BadBook) Error() string {
	return fmt.Sprintf("%s: %d cells to correct: nothing was recorded", e.Path, len(e.Faults))
}

// Imported is what came of a workbook of answers.
type Imported struct {
	Taken []Ruling `json:"taken"`
	Stood int      `json:"stood"` // answers that stood already
	Open  int      `json:"open"`  // lines without an answer
}

// ImportReview records the answers of a workbook that ExportReview wrote: all of
// them or, when a cell can't be understood or followed, none.
func ImportReview(ctx context.Context, o Options, path, by string) (Imported, error) {
	answers, open, faults, err := readAnswers(ctx, path)
	if err != nil {
		return Imported{}, err
	}
	in := Imported{Open: open, Taken: []Ruling{}}
	if len(faults) == 0 {
		in.Taken, faults, err = decideAll(ctx, o, by, answers)
	}
	if err != nil {
		return in, err
	}
	if len(faults) > 0 {
		return in, &BadBook{path, faults}
	}
	in.Stood = len(answers) - len(in.Taken)
	return in, nil
}

// decideAll takes all decisions, or tells of every one that can't be taken.
func decideAll(ctx context.Context, o Options, by string, answers []Answer) (taken []Ruling, faults []string, err error) {
	taken, err = Decide(ctx, o, by, answers...)
	var bad *BadDecisions
	if errors.As(err, &bad) {
		return nil, bad.Faults, nil
	}
	return taken, nil, err
}

// readAnswers reads the answers of a workbook, and what is wrong with its cells.
func readAnswers(ctx context.Context, path string) (answers []Answer, open int, faults []string, err error) {
	book, err := workbook.Open(ctx, path, workbook.Limits{})
	if err != nil {
		return nil, 0, nil, &BadDecision{fmt.Sprintf("import: %v", err)}
	}
	defer book.Close()
	q := queue{seen: map[string]string{}}
	for i, sheet := range book.Sheets() {
		q.sheet, q.idCol = sheet.Name, 0
		if err := book.Read(ctx, i, q.row); err != nil {
			return nil, 0, nil, fmt.Errorf("import: %w", err)
		}
	}
	if !q.found {
		return nil, 0, nil, &BadDecision{fmt.Sprintf("import: %s has no line of headers with %q and %q: take the workbook that cp3 review export wrote", path,
			wording.Text("fr", "review.book.head.answer", nil), wording.Text("fr", "review.book.head.id", nil))}
	}
	return q.answers, q.open, q.faults, nil
}

// queue is a workbook of answers being read.
type queue struct {
	sheet            string
	answerCol, idCol int // 0 before the header
	found            bool
	answers          []Answer
	open             int
	faults           []string
	seen             map[string]string // id -> cell of its answer
}

func (q *queue) row(row pipeline.Row) error {
	if q.idCol == 0 {
		if answer, id, ok := review.Find(row); ok {
			q.answerCol, q.idCol, q.found = answer, id, true
		}
		return nil
	}
	id, cell := strings.TrimSpace(row.Cell(q.idCol).Text), row.Cell(q.answerCol)
	at := q.sheet + "!" + pipeline.Ref(q.answerCol, row.Number)
	answer, ok := review.AnswerOf(cell.Text)
	switch {
	case cell.Kind != pipeline.TextCell && cell.Kind != pipeline.EmptyCell, !ok:
		q.faults = append(q.faults, fmt.Sprintf("%s: %q is no answer: choose one of the list, «%s» or «%s»", at, shownCell(cell),
			wording.Text("fr", "review.one", nil), wording.Text("fr", "review.two", nil)))
	case answer == "" && id == "":
	case answer == "":
		q.open++
	case id == "":
		q.faults = append(q.faults, fmt.Sprintf("%s: this line lost its identifier (column %s): export the list again", at, pipeline.ColumnName(q.idCol)))
	case q.seen[id] != "":
		q.faults = append(q.faults, fmt.Sprintf("%s: pair %s is answered in %s already: leave one line", at, id, q.seen[id]))
	default:
		q.seen[id] = at
		q.answers = append(q.answers, Answer{What: []string{id}, Same: answer == review.One, At: at})
	}
	return nil
}

func shownCell(c pipeline.Cell) string {
	if c.Kind == pipeline.NumberCell || c.Kind == pipeline.DateCell || c.Kind == pipeline.BoolCell {
		return strconv.FormatFloat(c.Number, 'g', -1, 64)
	}
	return c.Text
}
