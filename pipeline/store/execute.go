package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// The driver has the calling thread of a statement ask without a pause whether the
// threads that work are done, which takes a processor away from them. Statements that
// return nothing are executed here instead: the calling thread does its part of the
// work and sleeps when there is none for it.

// Exec runs statements that return nothing.
func (d *DB) Exec(ctx context.Context, query string, args ...any) error {
	_, err := d.ExecContext(ctx, query, args...)
	return err
}

// ExecContext runs statements and says how many rows the last one changed. With
// QueryContext, which asks, it makes of a DB what packages that know none need of it.
func (d *DB) ExecContext(ctx context.Context, query string, args ...any) (result sql.Result, err error) {
	if len(args) > 0 {
		return d.conn.ExecContext(ctx, query, args...)
	}
	byDriver := false
	err = d.conn.Raw(func(c any) error {
		conn, ok := connection(c)
		if byDriver = !ok; byDriver {
			return nil
		}
		return execute(ctx, conn, query, func(r mapping.Result) error {
			result = driver.RowsAffected(mapping.RowsChanged(&r))
			return nil
		})
	})
	if byDriver && err == nil {
		return d.conn.ExecContext(ctx, query)
	}
	return result, err
}

// QueryContext asks a query.
func (d *DB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return d.conn.QueryContext(ctx, query, args...)
}

// execute runs statements, one after the other, and has what each gives taken. The end
// of ctx interrupts them.
func execute(ctx context.Context, conn mapping.Connection, query string, take func(mapping.Result) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	interrupted := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(interrupted)
		mapping.Interrupt(conn)
	})
	defer func() {
		if !stop() {
			<-interrupted // or it would be what comes next
		}
	}()
	var statements mapping.ExtractedStatements
	n := mapping.ExtractStatements(conn, query, &statements)
	defer mapping.DestroyExtracted(&statements)
	if n == 0 {
		return failure(cmp.Or(mapping.ExtractStatementsError(statements), "no statement"))
	}
	for i := range n {
		if err := executeOne(ctx, conn, statements, i, take); err != nil {
			return errors.Join(ctx.Err(), err)
		}
	}
	return nil
}

func executeOne(ctx context.Context, conn mapping.Connection, statements mapping.ExtractedStatements, i mapping.IdxT, take func(mapping.Result) error) error {
	var prepared mapping.PreparedStatement
	defer mapping.DestroyPrepare(&prepared)
	if mapping.PrepareExtractedStatement(conn, statements, i, &prepared) == mapping.StateError {
		return failure(mapping.PrepareError(prepared))
	}
	var pending mapping.PendingResult
	defer mapping.DestroyPending(&pending)
	if mapping.PendingPrepared(prepared, &pending) == mapping.StateError {
		return failure(mapping.PendingError(pending))
	}
	if err := ctx.Err(); err != nil { // an interruption before this one is forgotten by DuckDB
		return err
	}
	if !work(pending) {
		return failure(mapping.PendingError(pending)) // asked for a result, it would say that there is none
	}
	var result mapping.Result
	defer mapping.DestroyResult(&result)
	if mapping.ExecutePending(pending, &result) == mapping.StateError {
		return failure(mapping.ResultError(&result))
	}
	return take(result)
}

// work does the calling thread's part of a statement until there is a result; false
// when there is an error instead. A pause is as long as all those before it together,
// so that waiting takes twice the time it must at most.
func work(pending mapping.PendingResult) bool {
	const shortest, longest = 20 * time.Microsecond, 500 * time.Microsecond
	for pause := shortest; ; {
		switch mapping.PendingExecuteTask(pending) {
		case mapping.PendingStateResultNotReady:
			pause = shortest
		case mapping.PendingStateNoTasksAvailable:
			time.Sleep(pause)
			pause = min(2*pause, longest)
		case mapping.PendingStateError:
			return false
		default:
			return true
		}
	}
}

// failure is an error of DuckDB's. Its kind is told by how the message begins.
func failure(message string) error {
	e := &duckdb.Error{Type: duckdb.ErrorTypeInvalid, Msg: message}
	if strings.HasPrefix(message, "Out of Memory Error") {
		e.Type = duckdb.ErrorTypeOutOfMemory
	}
	return e
}
