package model

import (
	"context"
	"fmt"
	"strings"
)

// layValues makes a table of texts, or replaces it; an empty text is NULL.
func layValues(ctx context.Context, db DB, table string, columns []string, rows [][]string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "create or replace table %s (", ident(table))
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(ident(c) + " varchar")
	}
	b.WriteString(");")
	for i, row := range rows {
		if i == 0 {
			fmt.Fprintf(&b, "\ninsert into %s values\n", ident(table))
		} else {
			b.WriteString(",\n")
		}
		b.WriteByte('(')
		for j, v := range row {
			if j > 0 {
				b.WriteString(", ")
			}
			b.WriteString(literal(v))
		}
		b.WriteByte(')')
	}
	if _, err := db.ExecContext(ctx, b.String()); err != nil {
		return fmt.Errorf("lay %s: %w", table, err)
	}
	return nil
}

// literal is a SQL string, or null for an empty text.
func literal(s string) string {
	if s == "" {
		return "null"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// ident is a quoted SQL identifier.
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// idents is a list of quoted SQL identifiers.
func idents(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = ident(n)
	}
	return strings.Join(quoted, ", ")
}
