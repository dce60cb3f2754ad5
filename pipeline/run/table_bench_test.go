package run_test

import (
	"context"
	"database/sql/driver"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cp3/connectors/example"
	"cp3/connectors/workbook"
	"cp3/pipeline"
	"cp3/pipeline/store"

	"github.com/xuri/excelize/v2"
)

// BenchmarkToTable brings a list of 15 columns (200,000 rows when CP3_BENCH_LONG
// doesn't say otherwise) into a table of DuckDB as it stands, with cp3's reader and
// with excelize's Rows, and reports the processor time of both and how many times
// the one takes the other. With -tags duckdb_arrow rows cross as Arrow records.
func BenchmarkToTable(b *testing.B) {
	v := example.Volume{Books: 1, Rows: fromEnv("CP3_BENCH_LONG", 200_000), Member: "AMAPPE"}
	dir := b.TempDir()
	if err := v.Write(b.Context(), dir); err != nil {
		b.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*", "*.xlsx"))
	used := map[string]time.Duration{}
	for b.Loop() {
		for name, rows := range map[string]func(testing.TB, string) iter.Seq[[]driver.Value]{"cp3": readerRows, "excelize": excelizeRows} {
			start := cpuTime()
			db, err := store.Open(b.Context(), "", store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			if err := db.Exec(b.Context(), `create table cells (a varchar, b varchar, c varchar, d varchar, e varchar, f varchar, g varchar, h varchar,
				i varchar, j varchar, k varchar, l varchar, m varchar, n varchar, o varchar)`); err != nil {
				b.Fatal(err)
			}
			n, err := db.Append(b.Context(), "cells", nil, rows(b, files[0]))
			if err != nil || n != v.Rows+1 {
				b.Fatal(n, err)
			}
			if err := db.Close(); err != nil {
				b.Fatal(err)
			}
			if d := cpuTime() - start; used[name] == 0 || d < used[name] {
				used[name] = d
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(used["cp3"].Seconds(), "cp3-cpu-s")
	b.ReportMetric(used["excelize"].Seconds(), "excelize-cpu-s")
	b.ReportMetric(used["excelize"].Seconds()/used["cp3"].Seconds(), "excelize/cp3")
}

func readerRows(t testing.TB, file string) iter.Seq[[]driver.Value] {
	return func(yield func([]driver.Value) bool) {
		book, err := workbook.Open(context.Background(), file, workbook.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		sheet := book.Sheets()[1]
		row := make([]driver.Value, 15)
		err = book.Read(context.Background(), sheet.Index, func(r pipeline.Row) error {
			clear(row)
			for _, c := range r.Cells {
				if c.Kind == pipeline.TextCell {
					row[c.Col-1] = c.Text
				} else {
					row[c.Col-1] = c.Display()
				}
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
