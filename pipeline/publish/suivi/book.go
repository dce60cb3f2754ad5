package suivi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/wording"

	"github.com/xuri/excelize/v2"
)

// Edition is what every page says of where it comes from.
type Edition struct {
	Number  int
	Day     pipeline.Date // also the date of the file's properties
	Version string        // of cp3
}

// Write writes the workbook of one year.
func Write(w io.Writer, d Data, year int, e Edition) (err error) {
	b := &book{file: excelize.NewFile(), Data: d, year: year, edition: e, styles: map[look]int{}}
	defer func() { err = errors.Join(err, b.file.Close()) }()
	for _, page := range []func(*book) error{
		(*book).front, (*book).table, (*book).sexes, (*book).progress, (*book).regions,
		(*book).quality, (*book).changes, (*book).definitions,
	} {
		if err := page(b); err != nil {
			return fmt.Errorf("follow-up workbook of %d: %w", year, err)
		}
	}
	if err := b.finish(); err != nil {
		return fmt.Errorf("follow-up workbook of %d: %w", year, err)
	}
	// Through memory: the zip is written once, and errors are the writer's own.
	var buf bytes.Buffer
	if err := b.file.Write(&buf); err != nil {
		return fmt.Errorf("follow-up workbook of %d: %w", year, err)
	}
	settled, err := settle(buf.Bytes(), e.Day.Time())
	if err != nil {
		return fmt.Errorf("follow-up workbook of %d: %w", year, err)
	}
	_, err = w.Write(settled)
	return err
}

// book is the workbook being written.
type book struct {
	Data
	file    *excelize.File
	year    int
	edition Edition
	styles  map[look]int
	pages   int
}

// say is a text of the catalogue; pairs are name, value, name, value.
func say(key string, pairs ...string) string {
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return wording.Text("fr", "publication."+key, args)
}

// sayCode is the text of a code, or the code itself made readable: a code that a
// later version adds must not break a workbook.
func sayCode(kind, code string) string {
	if e, ok := wording.Lookup("fr", "publication."+kind+"."+code); ok {
		return e.Text
	}
	return code
}

// finish sets what belongs to the file as a whole.
func (b *book) finish() error {
	if err := b.file.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	b.file.SetActiveSheet(0)
	day := b.edition.Day.Time().Format(time.RFC3339)
	return b.file.SetDocProps(&excelize.DocProperties{
		Title: say("title", "year", strconv.Itoa(b.year)), Subject: say("subject"), Creator: "cp3 " + b.edition.Version,
		LastModifiedBy: "cp3 " + b.edition.Version, Created: day, Modified: day, Language: "fr-FR",
		Description: b.origin(),
	})
}

// origin says which edition a page comes from.
func (b *book) origin() string {
	return say("edition", "number", strconv.Itoa(b.edition.Number), "day", longDay(b.edition.Day))
}

// styleOf is the id of a look, made at its first use.
func (b *book) styleOf(l look) (int, error) {
	if id, made := b.styles[l]; made {
		return id, nil
	}
	id, err := b.file.NewStyle(l.style())
	if err == nil {
		b.styles[l] = id
	}
	return id, err
}

// longDay is "15 février 2021".
func longDay(d pipeline.Date) string {
	if d.Month == 0 || d.Day == 0 {
		return d.String()
	}
	day := strconv.Itoa(d.Day)
	if d.Day == 1 {
		day = "1er"
	}
	return day + " " + say("month."+strconv.Itoa(d.Month)) + " " + strconv.Itoa(d.Year)
}
