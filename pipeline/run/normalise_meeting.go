package run

import (
	"regexp"
	"strconv"
	"strings"

	"cp3/connectors/layout"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// meeting makes the attendance of each institution at one meeting. An institution
// whose cell is empty was not there.
func (l *listReading) meeting() bool {
	date := l.meaning("meeting_date").Date
	l.dates(pipeline.Date{})
	present := map[string]*pipeline.Attendance{}
	var order []string
	for i := range l.row.table.Columns {
		c := &l.row.table.Columns[i]
		cell := l.cells[i]
		if c.Institution == "" || cell.IsBlank() {
			continue
		}
		women, men, ok := l.presence(i, c, cell)
		if !ok {
			continue
		}
		a := present[c.Institution]
		if a == nil {
			a = &pipeline.Attendance{Origin: l.row.Origin, Date: date, Region: l.home.region, Institution: c.Institution}
			present[c.Institution] = a
			order = append(order, c.Institution)
		}
		a.Women += women
		a.Men += men
	}
	if l.duplicate("meeting\x00" + date.String() + "\x00" + attendanceKey(present, order)) {
		return false
	}
	for _, code := range order {
		if a := present[code]; a.Women+a.Men > 0 {
			l.out.Records.Attendance = append(l.out.Records.Attendance, *a)
		}
	}
	return true
}

func attendanceKey(present map[string]*pipeline.Attendance, order []string) string {
	var b strings.Builder
	for _, code := range order {
		b.WriteString(code + "=" + strconv.Itoa(present[code].Women) + "/" + strconv.Itoa(present[code].Men) + " ")
	}
	return b.String()
}

// presence reads one cell of a meeting sheet: a count under F or H, or both in
// one cell.
func (l *listReading) presence(i int, c *layout.Column, cell pipeline.Cell) (women, men int, ok bool) {
	if d := pipeline.SerialDate(cell.Number); cell.Kind == pipeline.DateCell && !d.IsZero() && c.Sex == "" {
		l.warn("attendance.date", l.row.Row, c.Col, c.Title, "women", strconv.Itoa(d.Day), "men", strconv.Itoa(d.Month))
		l.row.uses[i] = cellUse{pipeline.Corrected, "attendance.date"}
		return d.Day, d.Month, true // "3/2", which Excel took for the 3rd of February
	}
	f, h, ok := headcount(cell)
	switch {
	case !ok:
		return 0, 0, l.unreadPresence(i, c, cell)
	case f.said && h.said && c.Sex == "":
		return f.n, h.n, true
	case f.said && h.said:
		return 0, 0, l.unreadPresence(i, c, cell)
	}
	n := f.n + h.n
	switch {
	case n == 0 && (c.Sex != "" || !f.said && !h.said):
		return 0, 0, true
	case c.Sex == pipeline.Women && !h.said, c.Sex == "" && f.said:
		return n, 0, true
	case c.Sex == pipeline.Men && !f.said, c.Sex == "" && h.said:
		return 0, n, true
	case c.Sex == pipeline.Total:
		l.row.uses[i] = cellUse{pipeline.Ignored, "total_column"}
		return 0, 0, false
	}
	return 0, 0, l.unreadPresence(i, c, cell)
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
	if strings.Trim(text, "-–/ .") == "" {
		return head{}, head{}, true
	}
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
	return women, men, (women.said || men.said) && strings.Trim(rest, " et و") == ""
}
