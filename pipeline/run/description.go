package run

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/fold"
	"cp3/pipeline/store"
)

// A *description* is what one row says of who a person is. Rows move when a file is
// sent again and files take each other's place, so that what is to be remembered
// of a row (the id its person went under, what a human decided) is remembered
// under what it says, as keyed hashes:
//
//   - exact: all it says of the person. The same words in another row, or in
//     another file, are the same description.
//   - core: names in any order, sex, birth date, paper. A telephone or a
//     nationality corrected leaves it as it is. Only for a description with a
//     birthday or a paper: less is not enough to be recognised by.
//   - placed: all it says, in which report of which structure, with which
//     services. For a description too thin to be one person's (a name, a year), or
//     shared by two persons.
//
// A row never says anything else, so that its description is made once and kept in
// a table until the row is read again.
type description struct {
	mention             string
	exact, core, placed string
	thin                bool
	was                 string // the id the mention goes under in the edition before; "" for none
	made                bool   // tonight: the row is new, or was read again
}

// keyDigits are the digits of each hash of a description.
const keyDigits = 32

// descriptions are what each standing mention says, in the mentions' order; purged
// ones say no more.
func (r *runner) descriptions(ctx context.Context, db *store.DB) ([]description, error) {
	all, err := r.describeAll(ctx, db, func([]description) error { return nil })
	if err != nil {
		return nil, fmt.Errorf("read mentions: %w", err)
	}
	return all, nil
}

// keepDescriptions are the same; those that were made for it are kept.
func (r *runner) keepDescriptions(ctx context.Context) ([]description, error) {
	all, err := r.describeAll(ctx, r.db, func(made []description) error {
		_, err := r.db.Append(ctx, "description", nil, func(yield func([]driver.Value) bool) {
			for _, d := range made {
				if !yield([]driver.Value{submissionOf(d.mention), d.mention, d.exact + d.placed + d.core, d.thin}) {
					return
				}
			}
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read mentions: %w", err)
	}
	return all, nil
}

// describeAll gathers the descriptions there are and makes those that are missing,
// part after part.
func (r *runner) describeAll(ctx context.Context, db *store.DB, keep func(made []description) error) ([]description, error) {
	secret, err := r.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	p := describer{runner: r, db: db, mac: hmac.New(sha256.New, secret), ids: map[string]string{}}
	there, missing, err := p.submissions(ctx)
	if err != nil {
		return nil, err
	}
	var all, made []description
	for _, part := range there {
		if all, err = p.read(ctx, all, part); err != nil {
			return nil, err
		}
	}
	for _, part := range missing {
		n := len(made)
		if made, err = p.describe(ctx, made, part); err != nil {
			return nil, err
		}
		if err := keep(made[n:]); err != nil {
			return nil, err
		}
	}
	return merged(all, made), nil
}

// merged are descriptions in the mentions' order, of which all are in it already: a
// night makes few.
func merged(all, made []description) []description {
	inOrder := func(a, b description) int { return strings.Compare(a.mention, b.mention) }
	slices.SortFunc(made, inOrder)
	both := make([]description, 0, len(all)+len(made))
	for _, d := range made {
		before, _ := slices.BinarySearchFunc(all, d, inOrder)
		both = append(append(both, all[:before]...), d)
		all = all[before:]
	}
	return append(both, all...)
}

// describer makes descriptions.
type describer struct {
	*runner
	db   *store.DB
	mac  hash.Hash
	ids  map[string]string // person ids: one string for all of a person's mentions
	text []byte
	sum  []byte
}

// describedAtOnce is about how many mentions are read in one part: DuckDB holds all of
// a result in memory.
const describedAtOnce = 100_000

// kept are submissions of whose mentions there are descriptions: from one id to
// another, with so many rows.
type kept struct {
	first, last string
	rows        int
}

// submissions are those that stand, in parts: those of which there are descriptions,
// and lists of those of which there are none.
func (p *describer) submissions(ctx context.Context) (there []kept, missing []string, err error) {
	known := "select null::varchar"
	// A warehouse of an earlier version, looked at before the first run, has no table.
	if made, _, err := scalar[bool](ctx, p.db, "select count(*) > 0 from duckdb_tables() where table_name = 'description' and database_name = current_database()"); err != nil {
		return nil, nil, err
	} else if made {
		known = "select distinct submission_id from description"
	}
	rows := 0 // of the last list of missing ones
	err = p.db.Fetch(ctx, `select submission_id, rows_read, submission_id in (`+known+`) is true from submission
		where status in ('acceptee', 'reserves') order by submission_id`, func(row pipeline.QueryRow) error {
		text, _ := row.Text(0)
		id, n := strings.Clone(text), int(row.Int(1))
		switch {
		case p.buried(id):
		case row.Bool(2):
			if len(there) == 0 || there[len(there)-1].rows+n > describedAtOnce {
				there = append(there, kept{first: id})
			}
			part := &there[len(there)-1]
			part.last, part.rows = id, part.rows+n
		case len(missing) > 0 && rows+n <= describedAtOnce:
			missing[len(missing)-1], rows = missing[len(missing)-1]+", "+store.Quote(id), rows+n
		default:
			missing, rows = append(missing, store.Quote(id)), n
		}
		return nil
	})
	return there, missing, err
}

// read adds the descriptions kept of the submissions from one id to another, in the
// mentions' order.
func (p *describer) read(ctx context.Context, all []description, part kept) ([]description, error) {
	all = slices.Grow(all, part.rows)
	err := p.db.Fetch(ctx, fmt.Sprintf(`select d.mention_id, d.keys, d.thin, coalesce(p.person_id, '')
		from description d semi join (from submission where status in ('acceptee', 'reserves')) using (submission_id)
		left join person_mention p using (mention_id)
		where d.submission_id between %s and %s order by d.mention_id`, store.Quote(part.first), store.Quote(part.last)),
		func(row pipeline.QueryRow) error {
			mention, _ := row.Text(0)
			keys, _ := row.Text(1)
			was, _ := row.Text(3)
			all = append(all, keptDescription(mention, keys, row.Bool(2), p.one(was)))
			return nil
		})
	return all, err
}

// keptDescription is a description as it was kept; mention and keys are lent.
func keptDescription(mention, keys string, thin bool, was string) description {
	both := mention + keys
	mention, keys = both[:len(mention)], both[len(mention):]
	return description{mention: mention, exact: keys[:keyDigits], placed: keys[keyDigits : 2*keyDigits], core: keys[2*keyDigits:], thin: thin, was: was}
}

// one is an id in a string of its own, the same for all that have it; id is lent.
func (p *describer) one(id string) string {
	known, ok := p.ids[id]
	if !ok {
		known = strings.Clone(id)
		p.ids[known] = known
	}
	return known
}

// saidBy selects what the mentions of some submissions say, with the report they are
// in and the services.
const saidBy = `
	with said as (
		select mention_id, concat_ws('|', service, date::varchar, date_precision, region, place, stream, level, toward) as words,
			service, date, region, place, stream, level, toward
		from service where submission_id in (%[1]s)
	),
	many as (select mention_id from said group by mention_id having count(*) > 1),
	did as ( -- most rows say one service: ordering is for the others
		select mention_id, md5(any_value(words)) as services from said anti join many using (mention_id) group by mention_id
		union all
		select mention_id, md5(string_agg(words, ';' order by service, date, region, place, stream, level, toward))
		from said semi join many using (mention_id) group by mention_id
	)
	select m.mention_id, coalesce(p.person_id, ''), coalesce(m.family_name, ''), coalesce(m.given_name, ''), coalesce(m.full_name, ''), m.sex,
		coalesce(m.birth_date::varchar, ''), coalesce(m.birth_precision, ''), coalesce(m.nationality, ''), coalesce(m.doc_type, ''),
		coalesce(m.doc_number, ''), coalesce(m.phone, ''),
		concat_ws('|', s.member, coalesce(s.structure_key, ''), coalesce(s.year, 0), coalesce(s.quarter, 0), coalesce(s.template, ''), m.sheet,
			coalesce(d.services, ''))
	from mention m join submission s using (submission_id) left join did d using (mention_id) left join person_mention p using (mention_id)
	where m.submission_id in (%[1]s)`

// describe adds descriptions of the mentions of some submissions.
func (p *describer) describe(ctx context.Context, all []description, submissions string) ([]description, error) {
	found, err := p.db.QueryContext(ctx, fmt.Sprintf(saidBy, submissions))
	if err != nil {
		return nil, err
	}
	defer found.Close()
	d := description{made: true}
	var was, place string
	fields := make([]string, 10)
	into := []any{&d.mention, &was}
	for i := range fields {
		into = append(into, &fields[i])
	}
	into = append(into, &place)
	for found.Next() {
		if err := found.Scan(into...); err != nil {
			return nil, err
		}
		d.was = p.one(was)
		p.key(&d, fields, place)
		all = append(all, d)
	}
	return all, found.Err()
}

// key hashes what a row says: family, given and full name, sex, birth date and
// precision, nationality, paper type and number, telephone; and its place.
func (p *describer) key(d *description, fields []string, place string) {
	sex, birth, precision, number, phone := fields[3], fields[4], fields[5], fields[8], fields[9]
	folded := make([]string, len(fields))
	for i, f := range fields {
		folded[i] = fold.Key(f)
	}
	d.exact = p.keyed("identity", folded...)
	d.placed = p.keyed("placed", d.exact, place)
	d.thin = number == "" && phone == "" && precision != "jour"
	d.core = ""
	if number != "" || precision == "jour" {
		names := strings.Fields(fold.Key(strings.Join(fields[:3], " ")))
		slices.Sort(names)
		d.core = p.keyed("core", strings.Join(names, " "), sex, birth, precision, fold.Key(number))
	}
}

// keyed is the keyed hash of some lines, as the function of that name makes it.
func (p *describer) keyed(what string, lines ...string) string {
	p.text = append(p.text[:0], what...)
	for _, l := range lines {
		p.text = append(append(p.text, '\n'), l...)
	}
	p.mac.Reset()
	p.mac.Write(p.text)
	p.sum = p.mac.Sum(p.sum[:0])
	return hex.EncodeToString(p.sum[:keyDigits/2])
}

// submissionOf is the submission whose mention it is.
func submissionOf(mention string) string {
	id, _, _ := strings.Cut(mention, "/")
	return id
}
