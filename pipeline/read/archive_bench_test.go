package read_test

import (
	"context"
	"path/filepath"
	"testing"

	"cp3/connectors/example"
	"cp3/pipeline"
	"cp3/pipeline/read"
)

// BenchmarkUnderstand reads one workbook of each member of an archive, from bytes
// to records.
func BenchmarkUnderstand(b *testing.B) {
	for _, member := range []pipeline.Member{"EN", "ANAPEC", "ARTISANAT", "AMAPPE"} {
		b.Run(string(member), func(b *testing.B) {
			dir := b.TempDir()
			v := example.Volume{Books: 1, Rows: 500, Member: member}
			if err := v.Write(context.Background(), dir); err != nil {
				b.Fatal(err)
			}
			files, _ := filepath.Glob(filepath.Join(dir, "*", "*", "*.xlsx"))
			reader := newReader(b)
			b.ReportAllocs()
			for b.Loop() {
				got, err := reader.Read(context.Background(), read.Source{Path: files[0], Name: filepath.Base(files[0]), Member: member, Today: pipeline.Date{Year: 2021, Month: 6, Day: 30}})
				if err != nil || got.RowsRead != v.Rows {
					b.Fatal(got.RowsRead, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(v.Rows), "ns/row")
		})
	}
}
