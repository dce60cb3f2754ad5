// Package model derives tables from tables: it loads a folder of SQL, works out
// what reads what, and runs it.
//
// A *model* is one file holding one SELECT; its table (a view, for staging) has
// the file's name. What a model reads is found in its SQL, never declared, so the
// order of derivation can't go stale. A *layer* is the folder a model lives in:
// staging only renames and casts what others laid down, core says what the words
// mean, marts are published. A folder inside marts is a *family*: files with the
// same columns, whose union is the table named after the folder; adding a file is
// adding a member to the family, and nothing else changes.
//
// A *check* selects the rows that break a claim; none is a pass. A check of
// severity error stops the edition. One of severity warning is a quality rule:
// its rows are themselves a table, and all of them a family named [Warnings] that
// a mart can publish. The *header*, a YAML comment at the top of each file, says
// what the file is, its grain, its columns and the simple claims about them; it
// is the documentation, and it is compared with what the query really gives.
//
// Headers also say how far a model can be brought up to date when it is known whose
// rows changed (update.go).
//
// The package knows no table by name, and DuckDB only as a database/sql
// connection.
package model

import (
	"context"
	"database/sql"
)

// DB is what the package needs of a database: *sql.Conn has it. It must be a
// single connection, since derivation happens inside the caller's transaction.
type DB interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Warnings is the family of the checks of severity warning.
const Warnings = "warnings"
