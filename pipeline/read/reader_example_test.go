package read_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cp3/connectors/example"
	"cp3/connectors/workbook"
	"cp3/pipeline"
	"cp3/pipeline/read"
)

// The example's workbooks are written by focal points' hands, not by the reader's
// author, and its manifest says what was planted where. Every planted fault must
// be found at its cell, and none invented.
func TestReadsTheExample(t *testing.T) {
	dir := t.TempDir()
	manifest, err := example.Write(context.Background(), dir, example.Options{})
	if err != nil {
		t.Fatal(err)
	}
	reader, err := read.NewReader(workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	truth := map[string]int{}
	for _, row := range manifest.Truth {
		truth[row.Path]++
	}
	for _, f := range manifest.Files {
		if strings.HasPrefix(filepath.Base(f.Path), "~$") {
			continue
		}
		t.Run(f.Path, func(t *testing.T) {
			path := filepath.Join(dir, filepath.FromSlash(f.Path))
			got, err := reader.Read(context.Background(), read.Source{Path: path, Name: filepath.Base(path), Member: f.Member, Today: pipeline.Date{Year: 2021, Month: 6, Day: 30}})
			if err != nil {
				t.Fatal(err)
			}
			if got.Period.String() != f.Period || got.Structure != f.Structure {
				t.Errorf("placed as %q %s, want %q %s", got.Structure, got.Period, f.Structure, f.Period)
			}
			if d := cmp.Diff(planted(manifest, f.Path), found(got)); d != "" {
				t.Errorf("faults (-planted +found):\n%s", d)
			}
			checkAccount(t, path, got)
			if want := truth[f.Path]; want > 0 {
				rows := len(got.Records.Mentions) + repeated(got) + refused(got)
				if rows != want {
					t.Errorf("%d persons' rows: %d kept, %d repeated, %d refused; the file has %d", rows, len(got.Records.Mentions), repeated(got), refused(got), want)
				}
			}
		})
	}
}

// planted lists what the manifest says is wrong in a file: what refuses rows,
// what can't be understood on rows that stay, and totals that are not sums.
func planted(m example.Manifest, path string) []string {
	var out []string
	for _, r := range m.Refused {
		if r.Path == path {
			out = append(out, fmt.Sprintf("erreur %s row %d", r.Sheet, r.Row))
		}
	}
	for _, r := range m.Doubtful {
		if r.Path == path {
			out = append(out, fmt.Sprintf("avertissement %s!%s", r.Sheet, r.Cell))
		}
	}
	for _, b := range m.BadTotals {
		if b.Path == path {
			out = append(out, fmt.Sprintf("total %s!%s", b.Sheet, b.Cell))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// found lists what the reader said, in the same words. Left out: repeated rows,
// counted apart, and dates outside the period, which the example does not list.
func found(r pipeline.Reading) []string {
	var out []string
	for _, i := range r.Issues {
		switch {
		case i.Severity == pipeline.Error:
			out = append(out, fmt.Sprintf("erreur %s row %d", i.Sheet, i.Row))
		case i.Code == "row.duplicate" || i.Code == "rows.copied" || i.Code == "date.outside_period" || i.Code == "value.expected":
		case strings.HasPrefix(i.Code, "total."):
			out = append(out, fmt.Sprintf("total %s!%s", i.Sheet, i.Cell))
		default:
			out = append(out, fmt.Sprintf("%s %s!%s", i.Severity, i.Sheet, i.Cell))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func repeated(r pipeline.Reading) int {
	n := 0
	for _, i := range r.Issues {
		if i.Code == "row.duplicate" {
			n++
		}
	}
	return n
}

func refused(r pipeline.Reading) int {
	rows := map[pipeline.Origin]bool{}
	for _, i := range r.Issues {
		if i.Severity == pipeline.Error {
			rows[pipeline.Origin{Sheet: i.Sheet, Row: i.Row}] = true
		}
	}
	return len(rows)
}
