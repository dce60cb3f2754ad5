package run_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cp3/connectors/example"
	"cp3/connectors/workbook"
	"cp3/pipeline"
	"cp3/pipeline/store"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/xuri/excelize/v2"
)

// BenchmarkToTable brings a list of 15 columns (200,000 rows when CP3_BENCH_LONG
// doesn't say otherwise) into a table of DuckDB as it stands: with cp3's reader and
// store.Append, and with excelize's Rows and the driver's appender. It reports the
// clock and the processor time of both, the least of each, and how many times the
// one takes the other.
func BenchmarkToTable(b *testing.B) {
	v := example.Volume{Books: 1, Rows: fromEnv("CP3_BENCH_LONG", 200_000), Member: "AMAPPE"}
	dir := b.TempDir()
	if err := v.Write(b.Context(), dir); err != nil {
		b.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*", "*.xlsx"))
	ways := map[string]*toTable{
		"cp3":      {fill: func(db *store.DB) (int, error) { return db.Append(b.Context(), "cells", nil, readerRows(b, files[0])) }},
		"excelize": {fill: func(db *store.DB) (int, error) { return appenderRows(db, "cells", excelizeRows(b, files[0])) }},
	}
	for b.Loop() {
		for name, way := range ways {
			if n := way.measure(b); n != v.Rows+1 {
				b.Fatal(name, n)
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	ours, theirs := ways["cp3"], ways["excelize"]
	b.ReportMetric(ours.clock.Seconds(), "cp3-s")
	b.ReportMetric(ours.work.Seconds(), "cp3-cpu-s")
	b.ReportMetric(theirs.clock.Seconds(), "excelize-s")
	b.ReportMetric(theirs.work.Seconds(), "excelize-cpu-s")
	b.ReportMetric(theirs.clock.Seconds()/ours.clock.Seconds(), "excelize/cp3")
	b.ReportMetric(theirs.work.Seconds()/ours.work.Seconds(), "excelize/cp3-cpu")
}

// toTable is a way from a workbook to a table, and the least it took.
type toTable struct {
	fill        func(*store.DB) (int, error)
	clock, work time.Duration
}

func (w *toTable) measure(b *testing.B) int {
	b.Helper()
	clock, work := time.Now(), cpuTime()
	db, err := store.Open(b.Context(), "", store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Exec(b.Context(), `create table cells (a varchar, b varchar, c varchar, d varchar, e varchar, f varchar, g varchar, h varchar,
		i varchar, j varchar, k varchar, l varchar, m varchar, n varchar, o varchar)`); err != nil {
		b.Fatal(err)
	}
	n, err := w.fill(db)
	if err := errors.Join(err, db.Close()); err != nil {
		b.Fatal(err)
	}
	if d := time.Since(clock); w.clock == 0 || d < w.clock {
		w.clock = d
	}
	if d := cpuTime() - work; w.work == 0 || d < w.work {
		w.work = d
	}
	return n
}

// appenderRows appends with the driver's appender.
func appenderRows(db *store.DB, table string, rows iter.Seq[[]driver.Value]) (n int, err error) {
	err = db.Conn().Raw(func(c any) error {
		a, err := duckdb.NewAppender(c.(driver.Conn), "", "", table)
		if err != nil {
			return err
		}
		for row := range rows {
			if err := a.AppendRow(row...); err != nil {
				return errors.Join(err, a.Close())
			}
			n++
		}
		return a.Close()
	})
	return n, err
}

func readerRows(t testing.TB, file string) iter.Seq[[]driver.Value] {
	return func(yield func([]driver.Value) bool) {
		book, err := workbook.Open(context.Background(), file, workbook.Limits{TwoCores: true}) // as a file of that size is
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		sheet := book.Sheets()[1]
		row, texts := make([]driver.Value, 15), make([]string, 15)
		err = book.Read(context.Background(), sheet.Index, func(r pipeline.Row) error {
			clear(row)
			for _, c := range r.Cells {
				texts[c.Col-1] = c.Text
				if c.Kind != pipeline.TextCell {
					texts[c.Col-1] = c.Display()
				}
				row[c.Col-1] = &texts[c.Col-1]
			}
			if !yield(row) {
				return os.ErrClosed
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func excelizeRows(t testing.TB, file string) iter.Seq[[]driver.Value] {
	return func(yield func([]driver.Value) bool) {
		book, err := excelize.OpenFile(file, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		rows, err := book.Rows(book.GetSheetList()[1])
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		row := make([]driver.Value, 15)
		for rows.Next() {
			cells, err := rows.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			clear(row)
			for i, c := range cells {
				if c != "" {
					row[i] = c
				}
			}
			if !yield(row) {
				return
			}
		}
	}
}
