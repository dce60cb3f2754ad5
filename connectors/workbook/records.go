package workbook

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"cp3/pipeline"
)

// csvReader cuts a text into records. A record is what Excel shows as a row: its
// number counts records, not lines, since a quoted text may hold line ends.
// Everything is text.
type csvReader struct {
	in    *bufio.Reader
	sep   byte
	lim   *Limits
	t     *troubles
	visit func(pipeline.Row) error

	row   int
	col   int
	field []byte // raw bytes of the field
	quote bool   // it started with a quote
	long  bool
	cells []pipeline.Cell
	texts []span
	arena []byte
	total int64
	err   error
}

// read goes through the text, a byte at a time.
func (c *csvReader) read() error {
	c.row, c.col = 1, 1
	for c.err == nil {
		b, err := c.in.ReadByte()
		if err != nil {
			return c.finish(err)
		}
		switch {
		case b == c.sep:
			c.endField()
		case b == '\n':
			c.endRow()
		case b == '\r':
			c.skipLineFeed()
			c.endRow()
		case b == '"' && len(c.field) == 0 && !c.quote:
			c.quote = true
			c.quoted()
		default:
			c.add(b)
		}
	}
	if errors.Is(c.err, errStopped) {
		return nil
	}
	return c.err
}

// quoted takes a text up to its closing quote; two quotes are one.
func (c *csvReader) quoted() {
	for {
		b, err := c.in.ReadByte()
		if err != nil {
			c.unclosed(err)
			return
		}
		if b != '"' {
			c.add(b)
			continue
		}
		next, err := c.in.ReadByte()
		switch {
		case err == nil && next == '"':
			c.add('"')
			continue
		case err == nil:
			c.err = c.in.UnreadByte()
			if next != c.sep && next != '\n' && next != '\r' {
				c.t.add("workbook.stray_quote", pipeline.Warning, c.here(), string(c.field))
			}
		}
		return
	}
}

// unclosed reports a quote that nothing closes: the rest of the file became one
// cell, so the file is refused.
func (c *csvReader) unclosed(err error) {
	if err == io.EOF {
		c.t.block("workbook.open_quote", c.here(), "row", itoa(c.row))
	}
}

// add appends a byte to the field.
func (c *csvReader) add(b byte) {
	if len(c.field) >= maxText {
		c.long = true
		return
	}
	c.field = append(c.field, b)
}

func (c *csvReader) skipLineFeed() {
	if b, err := c.in.ReadByte(); err == nil && b != '\n' {
		c.err = c.in.UnreadByte()
	}
}

// here is the place of the present field.
func (c *csvReader) here() place { return place{cell: pipeline.Ref(c.col, c.row)} }

// endField turns the field into a cell.
func (c *csvReader) endField() {
	from := len(c.arena)
	var bad blemish
	c.arena, bad = appendLiteral(c.arena, c.field)
	if bad != 0 {
		c.t.add("workbook.bad_character", pipeline.Warning, c.here(), string(c.arena[from:]))
	}
	if c.long {
		at := c.here()
		at.row = c.row
		c.t.add("workbook.text_too_long", pipeline.Error, at, string(c.arena[from:]), "limit", itoa(maxText))
	}
	if len(c.arena) > from {
		c.texts = append(c.texts, span{len(c.cells), from, len(c.arena)})
		c.cells = append(c.cells, pipeline.Cell{Col: c.col, Kind: pipeline.TextCell})
		c.total++
	}
	c.field, c.quote, c.long = c.field[:0], false, false
	c.col++
	switch {
	case c.col > c.lim.Columns+1:
		c.stop("workbook.too_many_columns", c.lim.Columns)
	case c.total > c.lim.Cells:
		c.stop("workbook.too_many_cells", int(c.lim.Cells))
	case len(c.arena) > maxRowText:
		c.stop("workbook.text_too_long", maxRowText)
	}
}

func (c *csvReader) stop(code string, limit int) {
	if c.err == nil {
		c.t.block(code, c.here(), "limit", itoa(limit))
		c.err = errStopped
	}
}

// endRow delivers the record.
func (c *csvReader) endRow() {
	c.endField()
	if c.err != nil {
		return
	}
	if len(c.cells) > 0 {
		all := string(c.arena)
		for _, t := range c.texts {
			c.cells[t.cell].Text = all[t.from:t.to]
		}
		if err := c.visit(pipeline.Row{Number: c.row, Cells: c.cells}); err != nil {
			c.err = err
			return
		}
	}
	c.cells, c.texts, c.arena = c.cells[:0], c.texts[:0], c.arena[:0]
	c.row++
	c.col = 1
}

// finish delivers what stands after the last line end.
func (c *csvReader) finish(end error) error {
	var d *damage
	switch {
	case errors.As(end, &d):
		c.t.block(d.code, c.here(), d.args...)
		return nil
	case end != io.EOF:
		return fmt.Errorf("read workbook: %w", end)
	}
	if len(c.field) > 0 || c.quote || c.col > 1 {
		c.endRow()
	}
	if errors.Is(c.err, errStopped) {
		return nil
	}
	return c.err
}
