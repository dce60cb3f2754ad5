package receipt

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// BenchmarkWrite answers a list of 500 rows of 20 columns, ten cells marked: one
// of the thousand answers of a first night.
func BenchmarkWrite(b *testing.B) {
	for _, rows := range []int{500, 20000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "list.xlsx")
			f := excelize.NewFile()
			w, err := f.NewStreamWriter("Sheet1")
			if err != nil {
				b.Fatal(err)
			}
			values := make([]any, 20)
			for i := range values {
				values[i] = "valeur de cellule"
			}
			for r := 1; r <= rows; r++ {
				if err := w.SetRow(pipeline.Ref(1, r), values); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Flush(); err != nil {
				b.Fatal(err)
			}
			if err := f.SaveAs(path); err != nil {
				b.Fatal(err)
			}
			a := sample("fr")
			for n := range 10 {
				a.Reading.Issues = append(a.Reading.Issues, pipeline.Issue{
					Finding: pipeline.Finding{Code: "date.unreadable", Severity: pipeline.Error}, Sheet: "Sheet1", Cell: pipeline.Ref(3, rows/10*n+2), Value: "x"})
			}
			b.ReportAllocs()
			for b.Loop() {
				var out bytes.Buffer
				if err := Write(context.Background(), &out, path, a, Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
