// Package store keeps what is private: the archive of submissions, the ledger of
// what came when, and the warehouse, a DuckDB file. It is the only package that
// knows DuckDB's driver.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// DB is one DuckDB database, used through one connection: temporary tables,
// transactions and appenders all see the same state. It is not safe for
// concurrent use; DuckDB itself works on several threads.
type DB struct {
	pool *sql.DB
	conn *sql.Conn
	feed *feed  // of the append under way
	temp string // Options.Temp
}

// Options of a database.
type Options struct {
	Threads  int    // 0: as many as cores
	Memory   string // "2GB"; "": DuckDB's default, 80 % of the machine
	Temp     string // folder to spill to; "" beside the file
	ReadOnly bool
}

// Methods of compression that aren't used. The unsteady ones leave bytes of memory in
// the file (see openMaker). FSST takes a third of the time of a checkpoint, and makes a
// warehouse a hundredth smaller, an edition not at all.
const (
	unsteady   = "alp,alprd,chimp,patas,bitpacking"
	passedOver = "fsst"
)

// Open opens the database file at path, making it when absent; "" is a database
// in memory. Extensions are neither loaded nor fetched.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	var settings []string
	set := func(k, v string) { settings = append(settings, k+"="+v) }
	set("autoinstall_known_extensions", "false")
	set("autoload_known_extensions", "false")
	if o.Threads > 0 {
		set("threads", fmt.Sprint(o.Threads))
	}
	if o.Memory != "" {
		set("memory_limit", o.Memory)
	}
	if o.ReadOnly {
		set("access_mode", "READ_ONLY")
	}
	if strings.ContainsAny(path, "?#%") {
		// The driver reads a path as a URL: options after these would be lost, READ_ONLY too.
		return nil, fmt.Errorf("open database %s: a path can't hold ?, # or %%", path)
	}
	connector, err := duckdb.NewConnector(path+"?"+strings.Join(settings, "&"), nil)
	if err != nil {
		return nil, heldBy(err, path)
	}
	pool := sql.OpenDB(connector)
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(heldBy(err, path), pool.Close())
	}
	d := &DB{pool: pool, conn: conn, temp: o.Temp}
	if !o.ReadOnly { // DuckDB appends to nothing of a database that is only read
		if err := d.registerFeed(); err != nil {
			return nil, errors.Join(fmt.Errorf("open warehouse %s: %w", path, err), d.Close())
		}
		if err := d.Exec(ctx, "set disabled_compression_methods = "+Quote(passedOver)); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	if o.Temp != "" {
		if err := d.Exec(ctx, "set temp_directory = "+Quote(o.Temp)); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	return d, nil
}

// Held says that another process has the database open in a way that excludes this
// one: a writer excludes everybody, a reader excludes writers. Readers of ours are
// done in moments.
type Held struct {
	Path string
	Err  error
}

func (e *Held) Error() string {
	return fmt.Sprintf("open warehouse %s: another process has it open: close what reads it and try again: %v", e.Path, e.Err)
}

func (e *Held) Unwrap() error { return e.Err }

// heldBy is the error of a database that doesn't open. DuckDB tells a lock as text,
// with the system's own on Windows.
func heldBy(err error, path string) error {
	for _, said := range []string{"Could not set lock on file", "Conflicting lock", "being used by another process"} {
		if strings.Contains(err.Error(), said) {
			return &Held{path, err}
		}
	}
	return fmt.Errorf("open warehouse %s: %w", path, err)
}

// Settle has what the log holds put into the file while the database is asked other
// things, by a connection of its own; wait waits until that is over. What it doesn't come
// to, as when rows are being written, is put there when the database is closed.
func (d *DB) Settle(ctx context.Context) (wait func()) {
	over := make(chan struct{})
	go func() {
		defer close(over)
		conn, err := d.pool.Conn(ctx)
		if err != nil {
			return
		}
		defer conn.Close()
		_ = (&DB{pool: d.pool, conn: conn}).Exec(ctx, "checkpoint")
	}()
	return func() { <-over }
}

// Close releases the database.
func (d *DB) Close() error { return errors.Join(d.conn.Close(), d.pool.Close()) }

// Conn is the one connection everything goes through.
func (d *DB) Conn() *sql.Conn { return d.conn }

// Tx runs f in a transaction: all of what it did, or nothing.
func (d *DB) Tx(ctx context.Context, f func() error) error {
	if err := d.Exec(ctx, "begin transaction"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := f(); err != nil {
		// The context may be what failed: roll back regardless of it.
		return errors.Join(err, d.Exec(context.WithoutCancel(ctx), "rollback"))
	}
	if err := d.Exec(ctx, "commit"); err != nil {
		return errors.Join(fmt.Errorf("commit: %w", err), d.Exec(context.WithoutCancel(ctx), "rollback"))
	}
	return nil
}

// Quote makes a SQL string literal.
func Quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Ident makes a quoted SQL identifier.
func Ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// OutOfMemory reports whether DuckDB had not enough memory for something.
func OutOfMemory(err error) bool {
	var failed *duckdb.Error
	return errors.As(err, &failed) && failed.Type == duckdb.ErrorTypeOutOfMemory
}
