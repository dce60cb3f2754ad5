package model

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
)

// A migration is one file of schema/: statements that make or change durable
// tables. Its number orders it; once released it is never edited, a later one
// corrects it.
type migration struct {
	path   string
	sql    string
	sha256 string
}

var migrationName = regexp.MustCompile(`^\d{4}_[a-z_]+\.sql$`)

func loadMigrations(fsys fs.FS) ([]migration, error) {
	var found []migration
	var faults []error
	taken := map[string]string{}
	err := walk(fsys, "schema", ".sql", func(file string, text []byte) {
		base := path.Base(file)
		if !migrationName.MatchString(base) {
			faults = append(faults, fmt.Errorf("%s: a migration is named NNNN_verb.sql", file))
			return
		}
		if first, twice := taken[base[:4]]; twice {
			faults = append(faults, fmt.Errorf("%s: %s already has number %s", file, first, base[:4]))
		}
		taken[base[:4]] = file
		sum := sha256.Sum256(text)
		found = append(found, migration{path: file, sql: string(text), sha256: hex.EncodeToString(sum[:])})
	})
	return found, errors.Join(append(faults, err)...)
}

// Schema applies the migrations a database hasn't had yet, in order, each in a
// transaction of its own, so it must be called outside any. What was applied is
// recorded in table schema_migration; a migration that was edited after it was
// applied is an error, and so is one the program doesn't know.
func (p *Project) Schema(ctx context.Context, db DB) error {
	if err := p.migrate(ctx, db); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	return nil
}

func (p *Project) migrate(ctx context.Context, db DB) error {
	const record = "create table if not exists schema_migration (path varchar primary key, sha256 varchar not null)"
	if _, err := db.ExecContext(ctx, record); err != nil {
		return err
	}
	applied := map[string]string{}
	err := scan(ctx, db, "select path, sha256 from schema_migration", func(row []string) {
		applied[row[0]] = row[1]
	})
	if err != nil {
		return err
	}
	for _, m := range p.migrations {
		sum, done := applied[m.path]
		delete(applied, m.path)
		switch {
		case done && sum != m.sha256:
			return fmt.Errorf("%s was edited after this warehouse was made with it: put the change in a new file, or rebuild the warehouse", m.path)
		case done:
			continue
		}
		if err := m.apply(ctx, db); err != nil {
			return fmt.Errorf("%s: %w", m.path, err)
		}
	}
	for unknown := range applied {
		return fmt.Errorf("the warehouse was made by a newer version of this program (%s): install that version, or rebuild the warehouse", unknown)
	}
	return nil
}

func (m migration) apply(ctx context.Context, db DB) error {
	if _, err := db.ExecContext(ctx, "begin transaction"); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, m.sql)
	if err == nil {
		_, err = db.ExecContext(ctx, "insert into schema_migration values (?, ?)", m.path, m.sha256)
	}
	if err != nil {
		_, undo := db.ExecContext(context.WithoutCancel(ctx), "rollback")
		return errors.Join(err, undo)
	}
	_, err = db.ExecContext(ctx, "commit")
	return err
}
