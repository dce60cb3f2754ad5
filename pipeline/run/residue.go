package run

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/store"
)

// A residue is a DuckDB file that holds, of each reading table, the rows of the
// purged submissions without what is personal, and table pseudonym.

// nothingPersonal says what of a table's columns stays: what isn't named stays as
// it is. Companies are kept apart by keyed hashes of what they were known by: some
// are one person.
func (r *runner) nothingPersonal() (map[string]string, error) {
	secret, err := r.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	key := keyed(secret, "company", 64) // not the secret itself: an error could quote the statement
	hashed := func(column string) string {
		return fmt.Sprintf("left(sha256(%s || %s), 32) as %s", store.Quote(key), column, column)
	}
	return map[string]string{
		"mention": `replace (null::varchar as family_name, null::varchar as given_name, null::varchar as full_name, null::varchar as doc_type,
			null::varchar as doc_number, null::varchar as phone, null::varchar as email, null::varchar as locality, null::varchar as member_ref,
			make_date(year(birth_date), 1, 1) as birth_date, case when birth_date is not null then 'annee' end as birth_precision)`,
		"company": `replace (null::varchar as name, null::varchar as locality, null::varchar as "by", ` + hashed("name_key") + `, ` + hashed("ice") + `)`,
		"issue":   `replace (null::varchar as value, null::varchar as args)`,
	}, nil
}

// writeResidue writes the residue of submissions into the archive and returns its
// hash. Before it is there, the warehouse has learned the pseudonyms of persons
// who go on: they stay the same persons.
func (r *runner) writeResidue(ctx context.Context, ids []string) (string, error) {
	columns, err := r.nothingPersonal()
	if err != nil {
		return "", err
	}
	if err := r.layIDs(ctx, "expired", ids); err != nil {
		return "", err
	}
	if err := r.drawPseudonyms(ctx); err != nil {
		return "", err
	}
	file, err := r.archive.Temp("residue")
	if err != nil {
		return "", err
	}
	if err := r.db.Exec(ctx, "attach "+store.Quote(file)+" as residue"); err != nil {
		return "", err
	}
	for _, table := range readingTables {
		err := r.db.Exec(ctx, fmt.Sprintf("create table residue.main.%[1]s as select * %[2]s from %[1]s where submission_id in (from expired) order by rowid",
			store.Ident(table), columns[table]))
		if err != nil {
			return "", err
		}
	}
	if err := r.db.Exec(ctx, `create table residue.main.pseudonym as
		select p.mention_id, max(g.identity_key) as pseudonym
		from person_mention p join mention m using (mention_id) join person_registry g using (person_id)
		where m.submission_id in (from expired) and g.identity_key like '`+pseudonymPrefix+`%' group by p.mention_id order by p.mention_id`); err != nil {
		return "", err
	}
	if err := r.db.Exec(ctx, "detach residue"); err != nil {
		return "", err
	}
	return r.archive.Adopt(ctx, file)
}

// pseudonymPrefix tells pseudonyms from identity keys, which are hexadecimal.
const pseudonymPrefix = "q"

// drawPseudonyms gives each person of the submissions in table expired a
// pseudonym, unless an earlier purge did. The registry learns it like one more
// description of that person.
func (r *runner) drawPseudonyms(ctx context.Context) error {
	persons, err := column[string](ctx, r.db.Conn(), `select distinct p.person_id from person_mention p join mention m using (mention_id)
		where m.submission_id in (from expired) and p.person_id not like '`+pseudonymPrefix+`%'
			and p.person_id not in (select person_id from person_registry where identity_key like '`+pseudonymPrefix+`%') order by 1`)
	if err != nil {
		return err
	}
	learn := make([]newRow, len(persons))
	for i, person := range persons {
		q, err := r.draw()
		if err != nil {
			return err
		}
		learn[i] = newRow{q, person}
	}
	return r.learnIDs(ctx, learn)
}

// draw is a new pseudonym: chance alone, so that nothing leads back.
func (r *runner) draw() (string, error) {
	entropy := r.Entropy
	if entropy == nil {
		entropy = rand.Reader
	}
	b := make([]byte, 10)
	if _, err := io.ReadFull(entropy, b); err != nil {
		return "", fmt.Errorf("pseudonym: %w", err)
	}
	return pseudonymPrefix + hex.EncodeToString(b), nil
}

// layIDs makes a temporary table of submission ids.
func (r *runner) layIDs(ctx context.Context, table string, ids []string) error {
	if err := r.db.Exec(ctx, "create or replace temp table "+table+" (submission_id varchar)"); err != nil || len(ids) == 0 {
		return err
	}
	values := make([]string, len(ids))
	for i, id := range ids {
		values[i] = "(" + store.Quote(id) + ")"
	}
	return r.db.Exec(ctx, "insert into "+table+" values "+strings.Join(values, ", "))
}

// loadResidues adds what purged submissions left to a warehouse that lacks it.
func (r *runner) loadResidues(ctx context.Context) error {
	for _, t := range r.tombs {
		if err := r.loadResidue(ctx, t); err != nil {
			return fmt.Errorf("residue of purged submissions: %w", err)
		}
	}
	return nil
}

func (r *runner) loadResidue(ctx context.Context, t tombstone) error {
	if err := r.layIDs(ctx, "wanted", t.Submissions); err != nil {
		return err
	}
	held, _, err := scalar[int64](ctx, r.db.Conn(), "select count(*) from submission where submission_id in (from wanted)")
	if err != nil || held > 0 {
		return err
	}
	if err := r.attachResidue(ctx, t); err != nil {
		return err
	}
	err = r.db.Tx(ctx, func() error {
		for _, table := range readingTables {
			if err := r.db.Exec(ctx, fmt.Sprintf("insert into %[1]s by name select * from residue.main.%[1]s order by rowid", store.Ident(table))); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, r.db.Exec(ctx, "detach residue"))
}

func (r *runner) attachResidue(ctx context.Context, t tombstone) error {
	file := r.archive.Path(t.Residue)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is missing: what was published of the years before %d can't be derived without it: restore prive/archive from a backup",
			filepath.Base(file), t.Before)
	}
	return r.db.Exec(ctx, "attach "+store.Quote(file)+" as residue (read_only)")
}

// hasColumn reports whether a table has a column.
func hasColumn(t pipeline.Table, name string) bool {
	for _, c := range t.Columns {
		if c.Name == name {
			return true
		}
	}
	return false
}

// columnList are a table's columns, for a select.
func columnList(t pipeline.Table) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = store.Ident(c.Name)
	}
	return strings.Join(names, ", ")
}

// qualified quotes a relation that may name its schema.
func qualified(relation string) string {
	parts := strings.Split(relation, ".")
	for i, p := range parts {
		parts[i] = store.Ident(p)
	}
	return strings.Join(parts, ".")
}
