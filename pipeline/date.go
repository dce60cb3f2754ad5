package pipeline

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Date is a civil date that may be known only to the month (Day 0) or to the
// year (Month and Day 0), as members write them. The zero Date is "unknown".
type Date struct {
	Year, Month, Day int
}

// Precision says how much of a date is known.
type Precision string

// The precisions of a date.
const (
	ByDay   Precision = "jour"
	ByMonth Precision = "mois"
	ByYear  Precision = "annee"
)

// IsZero reports whether the date is unknown.
func (d Date) IsZero() bool { return d.Year == 0 }

// Precision says how much of d is known; "" for the zero date.
func (d Date) Precision() Precision {
	switch {
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return ByYear
	case d.Day == 0:
		return ByMonth
	}
	return ByDay
}

// String prints 2020-12-31, 2020-12, 2020 or "".
func (d Date) String() string {
	if d.Year == 0 {
		return ""
	}
	b := appendPadded(make([]byte, 0, 16), d.Year, 4)
	if d.Month != 0 {
		b = appendPadded(append(b, '-'), d.Month, 2)
		if d.Day != 0 {
			b = appendPadded(append(b, '-'), d.Day, 2)
		}
	}
	return string(b)
}

// appendPadded writes a number with zeros before it, as lists of persons hold too
// many dates for fmt.
func appendPadded(b []byte, n, width int) []byte {
	if n < 0 {
		return fmt.Appendf(b, "%0*d", width, n)
	}
	for least := int(math.Pow10(width - 1)); n < least && least > 1; least /= 10 {
		b = append(b, '0')
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// ParseDate is the inverse of String.
func ParseDate(s string) (Date, error) {
	for _, form := range []string{"2006-01-02", "2006-01", "2006"} {
		t, err := time.Parse(form, s)
		if err != nil {
			continue
		}
		d := DateOf(t)
		return Date{d.Year, d.Month * min(len(s)/7, 1), d.Day * min(len(s)/10, 1)}, nil
	}
	if s == "" {
		return Date{}, nil
	}
	return Date{}, fmt.Errorf("date %q: write it like 2020-12-31, 2020-12 or 2020", s)
}

// French writes a date as people here do: 31/12/2020, 12/2020, 2020.
func (d Date) French() string {
	if d.Year == 0 {
		return ""
	}
	b := make([]byte, 0, 16)
	if d.Month != 0 {
		if d.Day != 0 {
			b = append(appendPadded(b, d.Day, 2), '/')
		}
		b = append(appendPadded(b, d.Month, 2), '/')
	}
	return string(appendPadded(b, d.Year, 4))
}

// MarshalText writes the date as String does, in JSON and elsewhere.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// First is the first day d can be: itself, or the first of its month or year.
func (d Date) First() Date {
	return Date{d.Year, max(d.Month, 1), max(d.Day, 1)}
}

// Quarter is 1 to 4, or 0 when the month is unknown.
func (d Date) Quarter() int {
	if d.Month == 0 {
		return 0
	}
	return (d.Month-1)/3 + 1
}

// Compare orders dates by their first possible day: -1, 0 or +1.
func (d Date) Compare(e Date) int {
	a, b := d.First(), e.First()
	switch {
	case a == b:
		return 0
	case a.Year != b.Year:
		return sign(a.Year - b.Year)
	case a.Month != b.Month:
		return sign(a.Month - b.Month)
	}
	return sign(a.Day - b.Day)
}

// Time is midnight UTC of the first day d can be; the zero time for the zero date.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	f := d.First()
	return time.Date(f.Year, time.Month(f.Month), f.Day, 0, 0, 0, 0, time.UTC)
}

// DateOf is the civil date of t in t's own location.
func DateOf(t time.Time) Date {
	return Date{t.Year(), int(t.Month()), t.Day()}
}

// DaysIn is the number of days of a month.
func DaysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}
