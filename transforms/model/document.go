package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// layDocumentation makes tables of what the headers say.
func (p *Project) layDocumentation(ctx context.Context, db DB) error {
	var tables, columns, checks [][]string
	for _, t := range p.Published() {
		tables = append(tables, []string{t.Name, t.Description, t.DescriptionAR, t.Grain})
		for i, c := range t.Columns {
			columns = append(columns, []string{t.Name, strconv.Itoa(i + 1), c.Name, c.Type, c.FR, c.AR})
		}
	}
	for _, q := range slices.Concat(p.models, p.claims) {
		if h := q.header; h.Severity != "" {
			checks = append(checks, []string{q.name, string(h.Severity), h.Description, h.DescriptionAR})
		}
	}
	return errors.Join(
		layValues(ctx, db, "doc_table", []string{"name", "fr", "ar", "grain"}, tables),
		layValues(ctx, db, "doc_column", []string{"table_name", "n", "column_name", "type", "fr", "ar"}, columns),
		layValues(ctx, db, "doc_check", []string{"name", "severity", "fr", "ar"}, checks),
	)
}

// shape is a table's columns, as names and types.
type shape struct{ Name, Type string }

// describe reads the columns of every table and view.
func describe(ctx context.Context, db DB) (map[string][]shape, error) {
	const query = `select table_name, column_name, data_type from duckdb_columns()
		where not internal and (database_name = current_database() and schema_name = current_schema() or database_name = 'temp')
		order by table_name, column_index`
	found := map[string][]shape{}
	err := scan(ctx, db, query, func(row []string) {
		found[row[0]] = append(found[row[0]], shape{row[1], row[2]})
	})
	return found, err
}

// columnsOf lists the columns of one table.
func columnsOf(ctx context.Context, db DB, table string) (columns []shape, err error) {
	err = scan(ctx, db, "select name, type from pragma_table_info("+literal(table)+")", func(row []string) {
		columns = append(columns, shape{row[0], row[1]})
	})
	return columns, err
}

// compareHeaders holds every header that lists columns to what its query gives.
func (p *Project) compareHeaders(ctx context.Context, db DB) error {
	shapes, err := describe(ctx, db)
	if err != nil {
		return err
	}
	var faults []error
	for _, q := range p.models {
		var want []shape
		for _, c := range q.header.Columns {
			want = append(want, shape{c.Name, c.Type})
		}
		if got := shapes[q.name]; len(want) > 0 && !slices.Equal(got, want) {
			faults = append(faults, fmt.Errorf("%s: the header says %s; the query gives %s", q.path, shapeText(want), shapeText(got)))
		}
	}
	return errors.Join(faults...)
}

func shapeText(columns []shape) string {
	texts := make([]string, len(columns))
	for i, c := range columns {
		texts[i] = c.Name + " " + c.Type
	}
	return strings.Join(texts, ", ")
}
