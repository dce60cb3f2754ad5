package read

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"cp3/connectors/layout"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// meeting makes the attendance of each institution at one meeting. An institution
// whose cell is empty was not there; a zero says so.
func (l *listReading) meeting() bool {
	date := l.meaning("meeting_date").Date
	l.dates(pipeline.Date{})
	present := map[string]*pipeline.Attendance{}
	var order []string
	for i := range l.row.table.Columns {
		c := &l.row.table.Columns[i]
		if c.Institution == "" || saysNobody(l.cells[i]) {
			continue
		}
		n, ok := l.presence(i, c, l.cells[i])
		if !ok {
			continue
		}
		a := present[c.Institution]
		if a == nil {
			a = &pipeline.Attendance{Origin: l.row.Origin, Date: date, Region: l.home.region, Institution: c.Institution}
			present[c.Institution] = a
			order = append(order, c.Institution)
		}
		a.Women += n.women
		a.Men += n.men
		a.Undeclared += n.undeclared
	}
	if l.duplicate("meeting\x00" + date.String() + "\x00" + attendanceKey(present, order)) {
		return false
	}
	for _, code := range order {
		l.out.Records.Attendance = append(l.out.Records.Attendance, *present[code])
	}
	return true
}

// saysNobody reports whether a cell is empty or holds a dash.
func saysNobody(c pipeline.Cell) bool {
	return c.IsBlank() || c.Kind == pipeline.TextCell && strings.Trim(fold.Tidy(c.Text), "-–—/. ") == ""
}

func attendanceKey(present map[string]*pipeline.Attendance, order []string) string {
	var b strings.Builder
	for _, code := range order {
		a := present[code]
		fmt.Fprintf(&b, "%s=%d/%d/%d ", code, a.Women, a.Men, a.Undeclared)
	}
	return b.String()
}

// heads is how many focal points of an institution were present.
type heads struct{ women, men, undeclared int }

// presence reads one cell of a meeting sheet: a count under F or H, or both in
// one cell.
func (l *listReading) presence(i int, c *layout.Column, cell pipeline.Cell) (heads, bool) {
	if d := pipeline.SerialDate(cell.Number); cell.Kind == pipeline.DateCell && !d.IsZero() && c.Sex == "" {
		const code = "attendance.date"
		l.warn(code, l.row.Row, c.Col, c.Title, "women", strconv.Itoa(d.Day), "men", strconv.Itoa(d.Month))
		l.row.uses[i] = cellUse{pipeline.Corrected, code}
		return heads{women: d.Day, men: d.Month}, true // "3/2", which Excel took for the 3rd of February
	}
	f, h, ok := headcount(cell)
	n := f.n + h.n
	switch {
	case !ok, c.Sex != "" && f.said && h.said, c.Sex == pipeline.Women && h.said, c.Sex == pipeline.Men && f.said:
		return heads{}, l.unreadPresence(i, c, cell)
	case c.Sex == pipeline.Total:
		l.row.uses[i] = cellUse{pipeline.Ignored, "total_column"}
		return heads{}, false
	case c.Sex == pipeline.Women:
		return heads{women: n}, true
	case c.Sex == pipeline.Men:
		return heads{men: n}, true
	case f.said || h.said:
		return heads{women: f.n, men: h.n}, true
	}
	if n > 0 {
		const code = "attendance.no_sex"
		l.warn(code, l.row.Row, c.Col, c.Title)
		l.row.uses[i] = cellUse{pipeline.Corrected, code}
	}
	return heads{undeclared: n}, true
}

// unreadPresence refuses the cell, not the meeting.
func (l *listReading) unreadPresence(i int, c *layout.Column, cell pipeline.Cell) bool {
	const code = "attendance.unreadable"
	l.row.uses[i] = cellUse{pipeline.Refused, code}
	l.issue(code, pipeline.Warning, l.sheet.Name, pipeline.Ref(c.Col, l.row.Row), c.Title, cell.Display())
	return false
}

// head is a number of people of one sex; said when the text names the sex or the
// place of the number does.
type head struct {
	n    int
	said bool
}

var (
	pairForm  = regexp.MustCompile(`^(\d{1,3}) ?[/+;,\-–|] ?(\d{1,3})$`)
	countForm = regexp.MustCompile(`^(\d{1,3})$`)
	sexCount  = regexp.MustCompile(`(?:(femmes?|f|hommes?|h|m|اناث|نساء|ذكور|رجال) ?(\d{1,3}))|(?:(\d{1,3}) ?(femmes?|f|hommes?|h|m|اناث|نساء|ذكور|رجال))(?:\b|$| )`)
)

// headcount reads "3/2" (women first, as the sheet says), "F=3 H=2", "3F 2H", "3
// femmes", "5". A bare number is in women.n with said false.
func headcount(c pipeline.Cell) (women, men head, ok bool) {
	if c.Kind == pipeline.NumberCell {
		n := int(c.Number)
		return head{n: n}, head{}, c.Number == float64(n) && n >= 0 && n < 1000
	}
	if c.Kind != pipeline.TextCell {
		return head{}, head{}, false
	}
	text := fold.Digits(fold.Tidy(c.Text))
	if m := pairForm.FindStringSubmatch(text); m != nil {
		f, _ := strconv.Atoi(m[1])
		h, _ := strconv.Atoi(m[2])
		return head{f, true}, head{h, true}, true
	}
	if m := countForm.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return head{n: n}, head{}, true
	}
	return sexedCount(fold.Key(text))
}

// sexedCount reads counts that name their sex; every word must have been used.
func sexedCount(key string) (women, men head, ok bool) {
	rest := key
	for _, m := range sexCount.FindAllStringSubmatch(key, -1) {
		word, digits := m[1], m[2]
		if word == "" {
			word, digits = m[4], m[3]
		}
		n, _ := strconv.Atoi(digits)
		side := &men
		if word[0] == 'f' || word == "اناث" || word == "نساء" {
			side = &women
		}
		if side.said {
			return head{}, head{}, false
		}
		*side = head{n, true}
		rest = strings.Replace(rest, strings.TrimSpace(m[0]), "", 1)
	}
	return women, men, (women.said || men.said) && strings.Trim(rest, " etو") == ""
}
