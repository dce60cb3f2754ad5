package workbook

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"cp3/pipeline"

	"golang.org/x/text/encoding/charmap"
)

// textFile is a .csv: how its bytes are letters, and its lines columns.
type textFile struct {
	r         io.ReaderAt
	size      int64
	skip      int64 // byte order mark
	wide      byte  // utf16Order
	letters   *charmap.Charmap
	separator byte
	directive bool // the first line is "sep=;", which Excel doesn't show
}

// openText looks at a text file to know how to read it.
func (b *Book) openText(ctx context.Context, r io.ReaderAt, size int64, name string) error {
	t := &textFile{r: r, size: size}
	deadline := b.lim.Now().Add(b.lim.Time)
	if err := t.findEncoding(ctx); err != nil {
		return err
	}
	head := make([]byte, 64<<10)
	n, err := fill(t.open(ctx, &b.lim, deadline), head)
	if err != nil && err != io.EOF {
		return fmt.Errorf("read workbook: %w", err)
	}
	head = head[:n]
	if line, _, _ := bytes.Cut(head, []byte("\n")); len(line) >= 5 && strings.EqualFold(string(line[:4]), "sep=") && len(bytes.TrimRight(line, "\r")) == 5 {
		t.separator, t.directive = line[4], true
	} else {
		t.separator, _ = sniffSeparator(head)
	}
	b.text = t
	b.format = "csv"
	b.sheets = []sheet{{SheetInfo: SheetInfo{Name: sheetName(name), Kind: "worksheet"}}}
	return nil
}

// findEncoding goes once through the file. UTF-8 proves itself; what isn't is in
// one of the two code pages of the country's computers, French and Arabic, which
// share the French letters: Arabic shows by letters that touch each other.
func (t *textFile) findEncoding(ctx context.Context) error {
	mark := make([]byte, min(t.size, 3))
	if _, err := t.r.ReadAt(mark, 0); err != nil && err != io.EOF {
		return fmt.Errorf("read workbook: %w", err)
	}
	switch {
	case string(mark) == "\xEF\xBB\xBF":
		t.skip = 3
		return nil
	case utf16Order(mark) != 0 && mark[0] >= 0xFE:
		t.skip, t.wide = 2, utf16Order(mark)
		return nil
	}
	var c letterCount
	in := bufio.NewReaderSize(io.NewSectionReader(t.r, 0, t.size), 64<<10)
	for n := 0; ; n++ {
		if n%65536 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r, size, err := in.ReadRune()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("read workbook: %w", err)
		}
		in := byte(0)
		if r == utf8.RuneError && size == 1 {
			in = 1
		}
		c.add(r, size, in == 1)
	}
	switch {
	case c.invalid == 0, c.wide > 20*c.invalid: // UTF-8 with a few accidents: these get told
	case c.touching > c.alone:
		t.letters = charmap.Windows1256
	default:
		t.letters = charmap.Windows1252
	}
	return nil
}

// letterCount tells a code page from another.
type letterCount struct {
	wide     int // proper UTF-8 sequences
	invalid  int // bytes that are no UTF-8
	touching int // of these, beside another
	alone    int
	run      int
}

func (c *letterCount) add(r rune, size int, invalid bool) {
	if !invalid {
		if size > 1 {
			c.wide++
		}
		c.run = 0
		return
	}
	c.invalid++
	c.run++
	switch c.run {
	case 1:
		c.alone++
	case 2:
		c.alone--
		c.touching += 2
	default:
		c.touching++
	}
}

// open starts reading the text as UTF-8.
func (t *textFile) open(ctx context.Context, lim *Limits, deadline time.Time) io.Reader {
	var src io.Reader = &watched{ctx: ctx, lim: lim, deadline: deadline, r: io.NewSectionReader(t.r, t.skip, t.size-t.skip), left: t.size - t.skip}
	var r recoder
	switch {
	case t.wide != 0:
		r = &utf16Reader{big: t.wide == 'B'}
	case t.letters != nil:
		r = &byteReader{letters: t.letters}
	default:
		return src
	}
	r.from(src)
	return r
}

// watched minds the context, the clock, and that the file is as long as it said.
type watched struct {
	ctx      context.Context
	lim      *Limits
	deadline time.Time
	r        io.Reader
	left     int64
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	if w.lim.Now().After(w.deadline) {
		return 0, &damage{code: "workbook.too_slow", kind: beyond, args: []string{"limit", itoa(int(w.lim.Time.Seconds()))}}
	}
	n, err := w.r.Read(p)
	w.left -= int64(n)
	if err == io.EOF && w.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// separators are what may stand between columns, the likeliest first: where the
// decimal sign is a comma, Excel writes semicolons.
const separators = ";\t,|"

// sniffSeparator finds the separator whose number agrees on most lines, and
// whether these are most of all lines. Text between quotes doesn't count.
func sniffSeparator(head []byte) (sep byte, table bool) {
	sep, most := separators[0], 0
	for i := range len(separators) {
		agree, all := agreement(head, separators[i])
		if agree > most {
			sep, most, table = separators[i], agree, agree > 1 && 2*agree > all
		}
	}
	return sep, table
}

// agreement counts sep line by line: how many lines hold the number of them found
// most often (but none), of how many lines that are not empty.
func agreement(head []byte, sep byte) (agree, all int) {
	seen := map[int]int{}
	n, length, quoted := 0, 0, false
	for i, c := range head {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == sep:
			n++
		}
		if c == '\n' && !quoted || i == len(head)-1 {
			if n > 0 {
				seen[n]++
			}
			if length > 0 {
				all++
			}
			n, length = 0, 0
		} else if !isSpace(c) {
			length++
		}
	}
	for _, v := range seen {
		agree = max(agree, v)
	}
	return agree, all
}

// readText reads the file as the rows of its only sheet.
func (b *Book) readText(ctx context.Context, s *sheet, visit func(pipeline.Row) error) error {
	c := &csvReader{
		in:  bufio.NewReaderSize(b.text.open(ctx, &b.lim, b.lim.Now().Add(b.lim.Time)), b.lim.chunk),
		sep: b.text.separator, lim: &b.lim, t: &s.troubles, visit: visit,
	}
	if b.text.directive {
		if _, err := c.in.ReadSlice('\n'); err != nil && err != io.EOF {
			return err
		}
	}
	return c.read()
}
