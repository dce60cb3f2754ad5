package run

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"

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
func (r *runner) descriptions(ctx context.Context, db querier) ([]description, error) {
	all, err := r.describeAll(ctx, db, func([]description) error { return nil })
	if err != nil {
		return nil, fmt.Errorf("read mentions: %w", err)
	}
	return all, nil
}

// keepDescriptions are the same; those that were made for it are kept.
func (r *runner) keepDescriptions(ctx context.Context) ([]description, error) {
	all, err := r.describeAll(ctx, r.db.Conn(), func(made []description) error {
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
func (r *runner) describeAll(ctx context.Context, db querier, keep func(made []description) error) ([]description, error) {
	secret, err := r.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	p := describer{runner: r, db: db, mac: hmac.New(sha256.New, secret), ids: map[string]string{}}
	kept, missing, err := p.submissions(ctx)
	if err != nil {
		return nil, err
	}
	var all []description
	for _, part := range kept {
		if all, err = p.read(ctx, all, part[0], part[1]); err != nil {
			return nil, err
		}
	}
	for _, part := range missing {
		n := len(all)
		if all, err = p.describe(ctx, all, part); err != nil {
			return nil, err
		}
		if err := keep(all[n:]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b description) int { return strings.Compare(a.mention, b.mention) })
	return all, nil
}

// describer makes descriptions.
type describer struct {
	*runner
	db   querier
	mac  hash.Hash
	ids  map[string]string // person ids: one string for all of a person's mentions
	text []byte
	sum  []byte
}

// describedAtOnce is about how many mentions are read in one part: DuckDB holds all of
// a result in memory.
const describedAtOnce = 100_000

// submissions are those that stand, in parts: between which ids there are those of
// which there are descriptions, and lists of those of which there are none.
func (p *describer) submissions(ctx context.Context) (kept [][2]string, missing []string, err error) {
	known := "select null::varchar"
	// A warehouse of an earlier version, looked at before the first run, has no table.
	if there, _, err := scalar[bool](ctx, p.db, "select count(*) > 0 from duckdb_tables() where table_name = 'description' and database_name = current_database()"); err != nil {
		return nil, nil, err
	} else if there {
		known = "select distinct submission_id from description"
	}
	found, err := p.db.QueryContext(ctx, `select submission_id, rows_read, submission_id in (`+known+`) is true from submission
		where status in ('acceptee', 'reserves') order by submission_id`)
	if err != nil {
		return nil, nil, err
	}
	defer found.Close()
	keptRows, missingRows := 0, 0
	for found.Next() {
		var id string
		var rows int
		var there bool
		if err := found.Scan(&id, &rows, &there); err != nil {
			return nil, nil, err
		}
		switch {
		case p.buried(id):
		case there && len(kept) > 0 && keptRows+rows <= describedAtOnce:
			kept[len(kept)-1][1], keptRows = id, keptRows+rows
		case there:
			kept, keptRows = append(kept, [2]string{id, id}), rows
		case len(missing) > 0 && missingRows+rows <= describedAtOnce:
			missing[len(missing)-1], missingRows = missing[len(missing)-1]+", "+store.Quote(id), missingRows+rows
		default:
			missing, missingRows = append(missing, store.Quote(id)), rows
		}
	}
	return kept, missing, found.Err()
}

// read adds the descriptions kept of the submissions from one id to another. A
// submission's come as one text, of which they are parts: asking for each value of each
// would take most of the time.
func (p *describer) read(ctx context.Context, all []description, from, to string) ([]description, error) {
	found, err := p.db.QueryContext(ctx, `select string_agg(concat(
			lpad(strlen(d.mention_id)::varchar, 5, '0'), lpad(strlen(d.keys)::varchar, 2, '0'), lpad(strlen(coalesce(p.person_id, ''))::varchar, 2, '0'),
			if(d.thin, 1, 0), d.mention_id, d.keys, p.person_id), '')
		from description d semi join (from submission where status in ('acceptee', 'reserves')) using (submission_id)
		left join person_mention p using (mention_id)
		where d.submission_id between ? and ? group by d.submission_id`, from, to)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var rows string
		if err := found.Scan(&rows); err != nil {
			return nil, err
		}
		for rows != "" {
			var d description
			if d, rows, err = p.first(rows); err != nil {
				return nil, err
			}
			all = append(all, d)
		}
	}
	return all, found.Err()
}

// first takes the first description off a text: the lengths of its three parts, in
// five, two and two digits, whether it is thin, and the parts.
func (p *describer) first(rows string) (d description, rest string, err error) {
	const lengths = 5 + 2 + 2
	mention, err1 := strconv.Atoi(rows[:5])
	keys, err2 := strconv.Atoi(rows[5:7])
	id, err3 := strconv.Atoi(rows[7:lengths])
	if err := errors.Join(err1, err2, err3); err != nil {
		return d, "", fmt.Errorf("description: %w", err)
	}
	d.thin = rows[lengths] == '1'
	rows = rows[lengths+1:]
	d.mention, rows = rows[:mention], rows[mention:]
	d.exact, d.placed, d.core, rows = rows[:keyDigits], rows[keyDigits:2*keyDigits], rows[2*keyDigits:keys], rows[keys:]
	d.was = p.one(rows[:id])
	return d, rows[id:], nil
}

func (p *describer) one(id string) string {
	known, ok := p.ids[id]
	if !ok {
		p.ids[id], known = id, id
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
