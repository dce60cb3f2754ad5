package store

import (
	"context"
	"errors"
	"fmt"

	"cp3/pipeline"
)

// storeMacros creates macros, with their comments, in the attached edition. What
// they read is looked up there, so that one that can't work stops the edition.
func (d *DB) storeMacros(ctx context.Context, macros []pipeline.Macro) (err error) {
	if len(macros) == 0 {
		return nil
	}
	back, err := d.enter(ctx, "edition")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back()) }()
	for _, m := range macros {
		kind := "macro "
		if m.Rows {
			kind = "macro table "
		}
		for _, statement := range []string{m.SQL, comment(kind+Ident(m.Name), m.FR)} {
			if err := d.Exec(ctx, statement); err != nil {
				return fmt.Errorf("macro %s: %w", m.Name, err)
			}
		}
	}
	return nil
}

// enter makes an attached database the one that names without a qualifier mean.
func (d *DB) enter(ctx context.Context, database string) (back func() error, err error) {
	var was string
	if err := d.conn.QueryRowContext(ctx, "select current_database()").Scan(&was); err != nil {
		return nil, err
	}
	back = func() error { return d.Exec(context.WithoutCancel(ctx), "use "+Ident(was)) }
	return back, d.Exec(ctx, "use "+Ident(database))
}
