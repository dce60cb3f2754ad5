package patch

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"cp3/pipeline"
)

// errDisordered says that a sheet's rows or cells are not in order: a new cell has
// no sure place in it.
var errDisordered = errors.New("rows or cells out of order")

// painter gives cells of one sheet another style. It goes through the sheet once,
// in order; cells and rows that don't exist yet are written where they belong.
type painter struct {
	src    []byte
	scan   scanner
	want   map[int][]int // row -> columns, both ascending once sorted
	rows   []int         // rows wanted and not met yet
	colour map[[2]int]string
	style  func(format int, rgb string) (int, bool)
	prefix string
	end    int // of the data, when that is known beforehand: see findEnd
	cols   []colStyle
	edits  []edit
}

type colStyle struct{ first, last, format int }

// paint is the edits that colour cells of a sheet, and where its data ends. colour
// is by column and row.
func paint(src []byte, colour map[[2]int]string, style func(format int, rgb string) (int, bool)) (edits []edit, end int, err error) {
	p := &painter{src: src, scan: scanner{src: src}, want: map[int][]int{}, colour: colour, style: style}
	for at := range colour {
		p.want[at[1]] = append(p.want[at[1]], at[0])
	}
	for row, cols := range p.want {
		p.rows = append(p.rows, row)
		sort.Ints(cols)
	}
	sort.Ints(p.rows)
	err = p.sheet()
	return p.edits, p.scan.pos, err
}

// sheet goes from the start of the sheet to the end of its data.
func (p *painter) sheet() error {
	for {
		t, ok, err := p.scan.next()
		switch {
		case err != nil:
			return err
		case !ok:
			return fmt.Errorf("%w: no sheetData", errMalformed)
		case t.closing:
		case t.local() == "col":
			p.cols = append(p.cols, colStyle{p.number(t, "min", 0), p.number(t, "max", 0), p.number(t, "style", 0)})
		case t.local() == "sheetData":
			p.prefix = strings.TrimSuffix(t.name, "sheetData")
			if !t.empty {
				return p.data()
			}
			text := p.rowsBefore(1 << 30)
			p.edits = append(p.edits, edit{t.start, t.end, "<" + t.name + ">" + text + "</" + t.name + ">"})
			return nil
		}
	}
}

func (p *painter) number(t tag, name string, otherwise int) int {
	from, to, ok := findAttr(p.src, t, name)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(string(p.src[from:to]))
	if err != nil {
		return otherwise
	}
	return n
}

// data goes through the rows.
func (p *painter) data() error {
	if err := p.findEnd(); err != nil {
		return err
	}
	last := 0
	for {
		t, ok, err := p.nextRow()
		switch {
		case err != nil:
			return err
		case !ok:
			p.insert(p.scan.pos, p.rowsBefore(1<<30))
			_, _, err := p.scan.next() // past the end of the data
			return err
		}
		row := p.number(t, "r", last+1)
		if row <= last {
			return errDisordered
		}
		last = row
		p.insert(t.start, p.rowsBefore(row))
		if len(p.rows) == 0 || p.rows[0] != row {
			continue
		}
		p.rows = p.rows[1:]
		if err := p.row(t, row); err != nil {
			return err
		}
	}
}

func (p *painter) insert(at int, text string) {
	if text != "" {
		p.edits = append(p.edits, edit{at, at, text})
	}
}

// rowsBefore is the text of the wanted rows that come before a row, and don't
// exist.
func (p *painter) rowsBefore(row int) string {
	var b strings.Builder
	for len(p.rows) > 0 && p.rows[0] < row {
		n := p.rows[0]
		p.rows = p.rows[1:]
		if cells := p.newCells(n, p.want[n], -1); cells != "" {
			fmt.Fprintf(&b, `<%srow r="%d">%s</%srow>`, p.prefix, n, cells, p.prefix)
		}
	}
	return b.String()
}

// newCells is the text of cells that don't exist, in a row whose own format is
// given; -1 when it has none, then the columns' formats hold.
func (p *painter) newCells(row int, cols []int, rowFormat int) string {
	var b strings.Builder
	for _, col := range cols {
		format := rowFormat
		if format < 0 {
			format = p.columnFormat(col)
		}
		if style, ok := p.style(format, p.colour[[2]int{col, row}]); ok {
			fmt.Fprintf(&b, `<%sc r="%s" s="%d"/>`, p.prefix, pipeline.Ref(col, row), style)
		}
	}
	return b.String()
}

func (p *painter) columnFormat(col int) int {
	for _, c := range p.cols {
		if c.first <= col && col <= c.last {
			return c.format
		}
	}
	return 0
}

// row goes through the cells of a wanted row, whose start tag was just read.
func (p *painter) row(t tag, row int) error {
	cols := p.want[row]
	format := -1
	if p.number(t, "customFormat", 0) == 1 || strings.Contains(string(p.src[t.start:t.end]), `customFormat="true"`) {
		format = p.number(t, "s", 0)
	}
	if t.empty {
		open := strings.TrimSuffix(string(p.src[t.start:t.end]), "/>")
		p.edits = append(p.edits, edit{t.start, t.end, open + ">" + p.newCells(row, cols, format) + "</" + t.name + ">"})
		return nil
	}
	last := 0
	for {
		c, ok, err := p.nextCell(row)
		switch {
		case err != nil:
			return err
		case !ok:
			p.insert(p.scan.pos, p.newCells(row, cols, format))
			_, _, err := p.scan.next() // past the end of the row
			return err
		}
		col, err := p.column(c, last+1)
		if err != nil {
			return err
		}
		if col <= last {
			return errDisordered
		}
		last = col
		missing := 0
		for missing < len(cols) && cols[missing] < col {
			missing++
		}
		p.insert(c.start, p.newCells(row, cols[:missing], format))
		cols = cols[missing:]
		if len(cols) == 0 || cols[0] != col {
			continue
		}
		cols = cols[1:]
		if style, ok := p.style(p.number(c, "s", 0), p.colour[[2]int{col, row}]); ok {
			p.edits = append(p.edits, edit{c.start, c.end, withAttrs(p.src, c, "s", strconv.Itoa(style))})
		}
	}
}

func (p *painter) column(c tag, next int) (int, error) {
	from, to, ok := findAttr(p.src, c, "r")
	if !ok {
		return next, nil
	}
	if col := columnOf(p.src[from:to]); col > 0 {
		return col, nil
	}
	col, _, err := pipeline.ParseRef(string(p.src[from:to]))
	return col, err
}
