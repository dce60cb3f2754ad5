package model

import (
	"context"
	"database/sql"
	"errors"
)

// scan visits the rows of a query as texts; NULL is "". The slice is reused.
func scan(ctx context.Context, db DB, query string, visit func(row []string)) (err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]sql.NullString, len(columns))
	targets := make([]any, len(columns))
	for i := range cells {
		targets[i] = &cells[i]
	}
	texts := make([]string, len(columns))
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, c := range cells {
			texts[i] = c.String
		}
		visit(texts)
	}
	return rows.Err()
}
