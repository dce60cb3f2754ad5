package run

import (
	"context"
	"database/sql/driver"
	"slices"

	"cp3/connectors/receipt"
)

// answerContributions tells what will be published from each file: for each
// indicator it speaks of, what its own rows come to over the file's year. Persons
// counted through other members too are counted here as well: the bridge, not
// this list, leads to the published figure.
func (r *runner) answerContributions(ctx context.Context, as *answers) error {
	return r.rows(ctx, func(scan func(...any) error) error {
		var id string
		var c receipt.Contribution
		if err := scan(&id, &c.Code, &c.Label.FR, &c.Label.AR, &c.Unit, &c.Women, &c.Men, &c.NotDeclared, &c.Total); err != nil {
			return err
		}
		as.of[id].Contributions = append(as.of[id].Contributions, c)
		return nil
	}, `with mine as (
			select submission_id, year from submission semi join answering using (submission_id) where status in ('acceptee', 'reserves')
		),
		unit as (
			select submission_id, code, unit, coalesce(sexe, 'T') as sexe,
				max(weight) filter (where role = 'N') as n, max(weight) filter (where role = 'D') as d
			from indicators join mine using (submission_id)
			where annee = mine.year and role in ('N', 'D')
			group by submission_id, code, unit, coalesce(sexe, 'T')
		),
		summed as (
			select submission_id, code, sexe, sum(n) as n, sum(d) as d from unit where sexe <> 'T' group by submission_id, code, sexe
			union all
			select submission_id, code, 'T', sum(n), sum(d) from unit group by submission_id, code
		),
		valued as (
			select s.submission_id, s.code, s.sexe, i.ordre, i.libelle, i.libelle_ar, i.unite, i.mesure = 'personnes' and i.calcul = 'compte' as persons,
				case when i.calcul = 'compte' then coalesce(s.n, 0)
				     when i.calcul = 'taux' then round(100 * s.n / nullif(s.d, 0), 1)
				     else round(s.n / nullif(s.d, 0), 1) end as value
			from summed s join stg_indicator i using (code)
		)
		select submission_id, code, any_value(libelle), any_value(libelle_ar), any_value(unite),
			case when bool_or(persons) then coalesce(max(value) filter (where sexe = 'F'), 0) end,
			case when bool_or(persons) then coalesce(max(value) filter (where sexe = 'H'), 0) end,
			case when bool_or(persons) then coalesce(max(value) filter (where sexe = 'ND'), 0) end,
			max(value) filter (where sexe = 'T')
		from valued
		group by submission_id, code
		having max(value) filter (where sexe = 'T') is not null
		order by submission_id, any_value(ordre)`)
}

// replacing finds the submission that each took the place of, the last of several,
// among those the ledger knows.
func (r *runner) replacing(ctx context.Context, as *answers) (pairs [][]driver.Value, err error) {
	seen := map[string]bool{}
	err = r.rows(ctx, func(scan func(...any) error) error {
		var id, previous string
		if err := scan(&id, &previous); err != nil {
			return err
		}
		other := r.other(previous)
		if seen[id] || other == nil {
			seen[id] = true
			return nil
		}
		seen[id] = true
		a := as.of[id]
		a.Replaces, a.Changes = other, &receipt.Changes{Since: *other}
		pairs = append(pairs, []driver.Value{id, previous})
		return nil
	}, `select replaced_by, submission_id from submission where status = 'remplacee' and replaced_by in (select submission_id from answering)
		order by replaced_by, seq desc`)
	return pairs, err
}

// answerChanges compares each submission with the one it took the place of: rows by
// what they say, wherever they stand.
func (r *runner) answerChanges(ctx context.Context, as *answers) error {
	pairs, err := r.replacing(ctx, as)
	if err != nil || len(pairs) == 0 {
		return err
	}
	if err := r.db.Exec(ctx, "create or replace temp table replacing (id varchar, previous varchar)"); err != nil {
		return err
	}
	if _, err := r.db.Append(ctx, "replacing", nil, slices.Values(pairs)); err != nil {
		return err
	}
	err = r.rows(ctx, func(scan func(...any) error) error {
		var id string
		var added, removed, changed int
		if err := scan(&id, &added, &removed, &changed); err != nil {
			return err
		}
		c := as.of[id].Changes
		c.Added, c.Removed, c.Changed = added, removed, changed
		return nil
	}, `with side as (
			select id, previous as submission_id, true as old from replacing union all select id, id, false from replacing
		),
		said as (
			select id, old, submission_id, sheet, row,
				concat_ws('|', sheet, lower(coalesce(full_name, concat_ws(' ', family_name, given_name)))) as who,
				md5(concat_ws('|', sheet, family_name, given_name, full_name, sex, birth_date::varchar, birth_precision, nationality, status,
					doc_type, doc_number, phone, email, locality, member_ref)) as person
			from mention join side using (submission_id)
		),
		did as (
			select submission_id, sheet, row, md5(string_agg(concat_ws('|', service, date::varchar, date_precision, region, place, targeted::varchar,
				pilot::varchar, technical::varchar, stream, level, toward), ';' order by service, date)) as services
			from service where submission_id in (select submission_id from side) group by all
		),
		content as (
			select s.id, s.old, s.who, s.person || coalesce(d.services, '') as content,
				row_number() over (partition by s.id, s.old, s.who order by s.person || coalesce(d.services, '')) as n
			from said s left join did d using (submission_id, sheet, row)
		),
		paired as (
			select coalesce(o.id, n.id) as id, o.content as before, n.content as after
			from (from content where old) o full join (from content where not old) n on o.id = n.id and o.who = n.who and o.n = n.n
		)
		select id, count(*) filter (where before is null), count(*) filter (where after is null), count(*) filter (where before <> after)
		from paired group by id`)
	if err != nil {
		return err
	}
	return r.effects(ctx, as)
}

// effects are the national figures of the year that moved since the edition
// before, among those the replacing files feed.
func (r *runner) effects(ctx context.Context, as *answers) error {
	return r.rows(ctx, func(scan func(...any) error) error {
		var id string
		var e receipt.Effect
		if err := scan(&id, &e.Code, &e.Label.FR, &e.Label.AR, &e.Unit, &e.Before, &e.After); err != nil {
			return err
		}
		c := as.of[id].Changes
		c.Effects = append(c.Effects, e)
		return nil
	}, `select f.id, v.code, i.libelle, i.libelle_ar, i.unite, p.value, v.valeur
		from (
			select distinct r.id, s.year, n.code
			from replacing r join submission s on s.submission_id = r.id join indicators n on n.submission_id = r.id
		) f
		join valeurs v on v.code = f.code and v.annee = f.year
		join previous_value p on p.code = v.code and p.year = v.annee and p.sex = v.sexe and p.quarter is null and p.region is null
		join stg_indicator i on i.code = v.code
		where v.trimestre is null and v.region is null and v.sexe = 'T' and v.valeur is distinct from p.value
		order by f.id, i.ordre`)
}
