package pipeline

import (
	"fmt"
	"strconv"
	"strings"
)

// CellKind is the type a workbook gives a cell, before anyone interprets it.
type CellKind uint8

// The kinds of cells.
const (
	EmptyCell CellKind = iota
	TextCell
	NumberCell
	DateCell // a number whose format shows a date: Number is the 1900-system serial
	BoolCell
	ErrorCell // #REF!, #N/A: Text holds it
)

// Cell is one cell of a row as the workbook holds it.
type Cell struct {
	Col     int // 1-based: A is 1
	Kind    CellKind
	Text    string  // TextCell and ErrorCell
	Number  float64 // NumberCell, DateCell (days, 1900 system whatever the file's), BoolCell (0 or 1)
	Percent bool    // the number format shows a percentage: 0.41 is displayed 41 %
	// Formula: the value is a formula's cached one. EmptyCell with Formula set is
	// a formula that was never computed: the value is unknown, not empty.
	Formula bool
}

// Row is one row of a sheet, its cells in column order, empty ones left out.
type Row struct {
	Number int // 1-based, as Excel shows it
	Hidden bool
	Cells  []Cell
}

// Cell returns the cell of column col; an empty one when the row has none.
func (r Row) Cell(col int) Cell {
	for _, c := range r.Cells {
		if c.Col == col {
			return c
		}
	}
	return Cell{Col: col}
}

// Range is a rectangle of cells, 1-based, ends included.
type Range struct {
	FirstRow, FirstCol, LastRow, LastCol int
}

// String is the A1 form: "B2:D7", or "B2" for a single cell.
func (r Range) String() string {
	a := Ref(r.FirstCol, r.FirstRow)
	if r.FirstRow == r.LastRow && r.FirstCol == r.LastCol {
		return a
	}
	return a + ":" + Ref(r.LastCol, r.LastRow)
}

// Ref is the A1 address of a cell: Ref(3, 14) is "C14".
func Ref(col, row int) string { return ColumnName(col) + strconv.Itoa(row) }

// ColumnName is the letter name of a 1-based column: 28 is "AB"; "" when col < 1.
func ColumnName(col int) string {
	var b [8]byte
	i := len(b)
	for col > 0 {
		col--
		i--
		b[i] = byte('A' + col%26)
		col /= 26
	}
	return string(b[i:])
}

// ParseRef reads an A1 address, with or without $ signs.
func ParseRef(s string) (col, row int, err error) {
	t := strings.ReplaceAll(s, "$", "")
	i := 0
	for ; i < len(t) && i < 4; i++ {
		c := t[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		col = col*26 + int(c-'A') + 1
	}
	row, err = strconv.Atoi(t[i:])
	if err != nil || i == 0 || row < 1 {
		return 0, 0, fmt.Errorf("cell address %q: write it like C14", s)
	}
	return col, row, nil
}

// Display is the value as a person would recognise it, for "valeur lue". Dates
// print as 31/12/2020, numbers without a trailing .0, percentages as 41 %.
func (c Cell) Display() string {
	switch c.Kind {
	case TextCell, ErrorCell:
		return c.Text
	case NumberCell:
		if c.Percent {
			return strconv.FormatFloat(round6(c.Number*100), 'f', -1, 64) + " %"
		}
		return plainNumber(c.Number)
	case DateCell:
		d := SerialDate(c.Number)
		if d.IsZero() {
			return plainNumber(c.Number)
		}
		return d.French()
	case BoolCell:
		if c.Number != 0 {
			return "VRAI"
		}
		return "FAUX"
	}
	return ""
}

// plainNumber writes a number without an exponent, and with no more digits than tell
// it from others. Most numbers are whole, which is the quicker way.
func plainNumber(f float64) string {
	if n := int64(f); float64(n) == f && n != 0 && -maxExact < n && n < maxExact {
		return strconv.FormatInt(n, 10)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// maxExact bounds the integers that a float64 tells apart.
const maxExact = 1 << 53

// IsBlank reports whether the cell holds nothing to read: empty, or white space.
// A formula without a value isn't blank.
func (c Cell) IsBlank() bool {
	switch c.Kind {
	case EmptyCell:
		return !c.Formula
	case TextCell:
		return (c.Text == "" || c.Text[0] <= ' ' || c.Text[0] >= 0x80) && strings.TrimSpace(c.Text) == ""
	}
	return false
}

// SerialDate turns an Excel serial of the 1900 system into a date; the zero Date
// outside 1900-01-01 to 9999-12-31. Serial 60 is the 29 February 1900 that never
// was (kept by Excel for Lotus 1-2-3): it gives the 28th.
func SerialDate(serial float64) Date {
	n := int(serial)
	if n < 1 || n > 2958465 {
		return Date{}
	}
	if n < 60 {
		n++
	}
	const day1970 = 25569 // as day 1 of the corrected count is 1899-12-31
	return dayDate(n - day1970)
}

// dayDate is the date of a day counted from 1 January 1970, after 1 March 0000. Years
// are taken to begin in March, so that a leap day ends one, and in eras of 400 years,
// which are all as long.
func dayDate(days int) Date {
	const perEra, march0 = 146097, 719468 // days of 400 years, and from 0000-03-01 to 1970
	era, day := (days+march0)/perEra, (days+march0)%perEra
	year := (day - day/1460 + day/36524 - day/146096) / 365
	day -= 365*year + year/4 - year/100
	month := (5*day + 2) / 153 // from March
	day -= (153*month + 2) / 5
	year += 400 * era
	if month += 3; month > 12 {
		month, year = month-12, year+1
	}
	return Date{year, month, day + 1}
}

func round6(f float64) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'f', 6, 64), 64)
	return v
}
