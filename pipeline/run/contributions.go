package run

import (
	"context"

	"cp3/connectors/receipt"
	"cp3/pipeline"
)

// answerContributions tells what will be published from this file: for each
// indicator it speaks of, what its own rows come to over the file's year. Persons
// counted through other members too are counted here as well: the bridge, not
// this list, leads to the published figure.
func (r *runner) answerContributions(ctx context.Context, a *receipt.Answer) error {
	if a.Status != pipeline.Accepted && a.Status != pipeline.Reserved {
		return nil
	}
	found, err := r.db.Conn().QueryContext(ctx, `
		with unit as (
			select code, unit, coalesce(sexe, 'T') as sexe,
				max(weight) filter (where role = 'N') as n, max(weight) filter (where role = 'D') as d
			from indicators
			where submission_id = ? and annee = ? and role in ('N', 'D')
			group by code, unit, coalesce(sexe, 'T')
		),
		summed as (
			select code, sexe, sum(n) as n, sum(d) as d from unit where sexe <> 'T' group by code, sexe
			union all
			select code, 'T', sum(n), sum(d) from unit group by code
		),
		valued as (
			select s.code, s.sexe, i.ordre, i.libelle, i.libelle_ar, i.unite, i.mesure = 'personnes' and i.calcul = 'compte' as persons,
				case when i.calcul = 'compte' then coalesce(s.n, 0)
				     when i.calcul = 'taux' then round(100 * s.n / nullif(s.d, 0), 1)
				     else round(s.n / nullif(s.d, 0), 1) end as value
			from summed s join stg_indicator i using (code)
		)
		select code, any_value(libelle), any_value(libelle_ar), any_value(unite),
			case when bool_or(persons) then coalesce(max(value) filter (where sexe = 'F'), 0) end,
			case when bool_or(persons) then coalesce(max(value) filter (where sexe = 'H'), 0) end,
			case when bool_or(persons) then coalesce(max(value) filter (where sexe = 'ND'), 0) end,
			max(value) filter (where sexe = 'T')
		from valued
		group by code
		having max(value) filter (where sexe = 'T') is not null
		order by any_value(ordre)`, a.Received.ID, a.Reading.Period.Year)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var c receipt.Contribution
		if err := found.Scan(&c.Code, &c.Label.FR, &c.Label.AR, &c.Unit, &c.Women, &c.Men, &c.NotDeclared, &c.Total); err != nil {
			return err
		}
		a.Contributions = append(a.Contributions, c)
	}
	return found.Err()
}

// answerChanges compares with the submission this one took the place of: rows by
// what they say, wherever they stand.
func (r *runner) answerChanges(ctx context.Context, a *receipt.Answer) error {
	previous, ok, err := scalar[string](ctx, r.db.Conn(), `select submission_id from submission where replaced_by = ? and status = 'remplacee'
		order by seq desc limit 1`, a.Received.ID)
	if err != nil || !ok {
		return err
	}
	other := r.other(previous)
	if other == nil {
		return nil
	}
	a.Replaces = other
	c := &receipt.Changes{Since: *other}
	err = r.db.Conn().QueryRowContext(ctx, `
		with said as (
			select submission_id, sheet, row,
				concat_ws('|', sheet, lower(coalesce(full_name, concat_ws(' ', family_name, given_name)))) as who,
				md5(concat_ws('|', sheet, family_name, given_name, full_name, sex, birth_date::varchar, birth_precision, nationality, status,
					doc_type, doc_number, phone, email, locality, member_ref)) as person
			from mention where submission_id in (?, ?)
		),
		did as (
			select submission_id, sheet, row, md5(string_agg(concat_ws('|', service, date::varchar, date_precision, region, place, targeted::varchar,
				pilot::varchar, technical::varchar, stream, level, toward), ';' order by service, date)) as services
			from service where submission_id in (?, ?) group by all
		),
		content as (
			select s.submission_id, s.who, s.person || coalesce(d.services, '') as content,
				row_number() over (partition by s.submission_id, s.who order by s.person || coalesce(d.services, '')) as n
			from said s left join did d using (submission_id, sheet, row)
		),
		paired as (
			select o.content as before, n.content as after
			from (select * from content where submission_id = ?) o
			full join (select * from content where submission_id = ?) n on o.who = n.who and o.n = n.n
		)
		select count(*) filter (where before is null), count(*) filter (where after is null), count(*) filter (where before <> after) from paired`,
		previous, a.Received.ID, previous, a.Received.ID, previous, a.Received.ID).Scan(&c.Added, &c.Removed, &c.Changed)
	if err != nil {
		return err
	}
	if err := r.effects(ctx, a.Received.ID, c); err != nil {
		return err
	}
	a.Changes = c
	return nil
}

// effects are the national figures of the year that moved since the edition
// before, among those this file feeds.
func (r *runner) effects(ctx context.Context, id string, c *receipt.Changes) error {
	found, err := r.db.Conn().QueryContext(ctx, `
		select v.code, i.libelle, i.libelle_ar, i.unite, p.value, v.valeur
		from valeurs v
		join previous_value p on p.code = v.code and p.year = v.annee and p.sex = v.sexe and p.quarter is null and p.region is null
		join stg_indicator i on i.code = v.code
		where v.trimestre is null and v.region is null and v.sexe = 'T' and v.valeur is distinct from p.value
		  and v.annee = (select year from submission where submission_id = ?)
		  and v.code in (select code from indicators where submission_id = ?)
		order by i.ordre`, id, id)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var e receipt.Effect
		if err := found.Scan(&e.Code, &e.Label.FR, &e.Label.AR, &e.Unit, &e.Before, &e.After); err != nil {
			return err
		}
		c.Effects = append(c.Effects, e)
	}
	return found.Err()
}
