package run

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cp3/pipeline/fold"
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
type description struct {
	mention, submission string
	exact, core, placed string
	thin                bool
}

// standingMentions selects the mentions that count, with the report they are in: one
// part of them in several, as DuckDB holds all of a result in memory at once.
const standingMentions = `
	with said as (
		select mention_id, concat_ws('|', service, date::varchar, date_precision, region, place, stream, level, toward) as words,
			service, date, region, place, stream, level, toward
		from service where hash(mention_id) % $1 = $2
	),
	many as (select mention_id from said group by mention_id having count(*) > 1),
	did as ( -- most rows say one service: ordering is for the others
		select mention_id, md5(any_value(words)) as services from said anti join many using (mention_id) group by mention_id
		union all
		select mention_id, md5(string_agg(words, ';' order by service, date, region, place, stream, level, toward))
		from said semi join many using (mention_id) group by mention_id
	)
	select m.mention_id, m.submission_id, coalesce(m.family_name, ''), coalesce(m.given_name, ''), coalesce(m.full_name, ''), m.sex,
		coalesce(m.birth_date::varchar, ''), coalesce(m.birth_precision, ''), coalesce(m.nationality, ''), coalesce(m.doc_type, ''),
		coalesce(m.doc_number, ''), coalesce(m.phone, ''),
		concat_ws('|', s.member, coalesce(s.structure_key, ''), coalesce(s.year, 0), coalesce(s.quarter, 0), coalesce(s.template, ''), m.sheet,
			coalesce(d.services, ''))
	from mention m join submission s using (submission_id) left join did d using (mention_id)
	where s.status in ('acceptee', 'reserves') and hash(m.mention_id) % $1 = $2`

// describedAtOnce is about how many mentions are read in one part.
const describedAtOnce = 100_000

// descriptions reads what each standing mention says, in the mentions' order; purged
// ones say no more.
func (r *runner) descriptions(ctx context.Context, db querier) ([]description, error) {
	secret, err := r.Workspace.Secret()
	if err != nil {
		return nil, err
	}
	mentions, _, err := scalar[int64](ctx, db, "select count(*) from mention")
	if err != nil {
		return nil, fmt.Errorf("read mentions: %w", err)
	}
	all := make([]description, 0, mentions)
	parts := mentions/describedAtOnce + 1
	for part := range parts {
		if all, err = r.describePart(ctx, db, secret, all, parts, part); err != nil {
			return nil, fmt.Errorf("read mentions: %w", err)
		}
	}
	slices.SortFunc(all, func(a, b description) int { return strings.Compare(a.mention, b.mention) })
	return all, nil
}

// describePart adds the descriptions of one of several parts.
func (r *runner) describePart(ctx context.Context, db querier, secret []byte, all []description, parts, part int64) ([]description, error) {
	found, err := db.QueryContext(ctx, standingMentions, parts, part)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var d description
		var place string
		fields := make([]string, 10)
		into := []any{&d.mention, &d.submission}
		for i := range fields {
			into = append(into, &fields[i])
		}
		if err := found.Scan(append(into, &place)...); err != nil {
			return nil, err
		}
		if r.buried(d.submission) {
			continue
		}
		if got, ok := r.receivedByID()[d.submission]; ok {
			d.submission = got.ID // one string for all of its rows
		}
		d.key(secret, fields, place)
		all = append(all, d)
	}
	return all, found.Err()
}

// key hashes what a row says: family, given and full name, sex, birth date and
// precision, nationality, paper type and number, telephone; and its place.
func (d *description) key(secret []byte, fields []string, place string) {
	sex, birth, precision, number, phone := fields[3], fields[4], fields[5], fields[8], fields[9]
	d.exact = identityKey(secret, fields...)
	d.placed = keyed(secret, "placed\n"+d.exact+"\n"+place, 32)
	d.thin = number == "" && phone == "" && precision != "jour"
	if number != "" || precision == "jour" {
		names := strings.Fields(fold.Key(strings.Join(fields[:3], " ")))
		slices.Sort(names)
		d.core = keyed(secret, strings.Join([]string{"core", strings.Join(names, " "), sex, birth, precision, fold.Key(number)}, "\n"), 32)
	}
}
