package pipeline

import (
	"fmt"
	"regexp"
	"strconv"
)

// Period is a calendar year, or one of its quarters. The zero Period is
// "unknown".
type Period struct {
	Year    int
	Quarter int // 1 to 4; 0 is the whole year
}

var periodForm = regexp.MustCompile(`^(\d{4})(?:-T([1-4]))?$`)

// ParsePeriod reads "2020" or "2020-T1", the form used in file names, flags and
// published tables.
func ParsePeriod(s string) (Period, error) {
	m := periodForm.FindStringSubmatch(s)
	if m == nil {
		return Period{}, fmt.Errorf("period %q: write a year (2020) or a quarter (2020-T1)", s)
	}
	y, _ := strconv.Atoi(m[1])
	q, _ := strconv.Atoi(m[2])
	return Period{Year: y, Quarter: q}, nil
}

// String is the inverse of ParsePeriod; the zero Period prints as "".
func (p Period) String() string {
	switch {
	case p.Year == 0:
		return ""
	case p.Quarter == 0:
		return fmt.Sprintf("%04d", p.Year)
	}
	return fmt.Sprintf("%04d-T%d", p.Year, p.Quarter)
}

// IsZero reports whether the period is unknown.
func (p Period) IsZero() bool { return p.Year == 0 }

// First and Last are the period's first and last day.
func (p Period) First() Date {
	m := 1
	if p.Quarter > 0 {
		m = 3*(p.Quarter-1) + 1
	}
	return Date{Year: p.Year, Month: m, Day: 1}
}

// Last is the period's last day.
func (p Period) Last() Date {
	m := 12
	if p.Quarter > 0 {
		m = 3 * p.Quarter
	}
	return Date{Year: p.Year, Month: m, Day: DaysIn(p.Year, m)}
}

// Contains reports whether d falls in the period; a date known to the year or to
// the month falls in it when some of its days do.
func (p Period) Contains(d Date) bool {
	if d.Year != p.Year {
		return false
	}
	return p.Quarter == 0 || d.Month == 0 || d.Quarter() == p.Quarter
}
