package suivi

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"cp3/pipeline"
)

// files is a Source over testdata/<table>.csv, typed by the names of the columns.
type files struct {
	edit func(table string, row map[string]string)
}

func published(t *testing.T) []pipeline.Table {
	t.Helper()
	names, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(names) == 0 {
		t.Fatalf("no table in testdata: %v", err)
	}
	var tables []pipeline.Table
	for _, name := range names {
		table := pipeline.Table{Name: strings.TrimSuffix(filepath.Base(name), ".csv")}
		for _, c := range readCSV(table.Name)[0] {
			table.Columns = append(table.Columns, pipeline.Column{Name: c})
		}
		tables = append(tables, table)
	}
	return tables
}

func readCSV(table string) [][]string {
	b, err := os.ReadFile(filepath.Join("testdata", table+".csv"))
	if err != nil {
		panic(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		panic(err)
	}
	return rows
}

func (s files) Rows(_ context.Context, relation string, columns []string) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rows := readCSV(relation)
		out := make([]any, len(columns))
		for _, line := range rows[1:] {
			named := map[string]string{}
			for i, c := range rows[0] {
				named[c] = line[i]
			}
			if s.edit != nil {
				s.edit(relation, named)
			}
			for i, c := range columns {
				v, err := typed(c, named[c])
				if err != nil {
					yield(nil, err)
					return
				}
				out[i] = v
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}

func typed(column, s string) (any, error) {
	switch {
	case s == "":
		return nil, nil
	case column == "annee" || column == "trimestre" || column == "edition" || strings.HasPrefix(column, "lignes_"):
		return strconv.ParseInt(s, 10, 64)
	case strings.HasSuffix(column, "_le"):
		return time.Parse(time.DateOnly, s)
	case strings.HasPrefix(column, "valeur"), strings.HasPrefix(column, "cible"), column == "taux_realisation",
		column == "declare", column == "nominatif", column == "ecart":
		return strconv.ParseFloat(s, 64)
	case column == "desagrege_sexe":
		return strconv.ParseBool(s)
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && (column == "numerateur" || column == "denominateur") {
		return n, nil
	}
	return s, nil
}

var testEdition = Edition{Number: 12, Day: pipeline.Date{Year: 2021, Month: 2, Day: 15}, Version: "1.0.0"}

func writeBook(t *testing.T, src Source, year int) []byte {
	t.Helper()
	d, err := Read(t.Context(), src, published(t))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, d, year, testEdition); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSameBytes(t *testing.T) {
	first := writeBook(t, files{}, 2020)
	for range 3 {
		if !bytes.Equal(first, writeBook(t, files{}, 2020)) {
			t.Fatal("the same data give other bytes")
		}
	}
	// CP3_KEEP=file keeps the workbook, to be looked at.
	if path := os.Getenv("CP3_KEEP"); path != "" {
		if err := errors.Join(os.WriteFile(path, first, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}
