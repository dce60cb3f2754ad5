package run

import (
	"context"

	"cp3/connectors/receipt"
	"cp3/pipeline"
)

// answerBridge leads, for each total a file's structure declares beside its own
// lists, from what was declared to what the file brings to the published figure of
// its period. Every row is in one step only. A refused row has no sex and could have
// spoken of any indicator of its sheet: it stands in the total's line of each. A unit
// counts with the first file that told of it; of a later one only that it is so is
// said, never which file or whose.
func (r *runner) answerBridge(ctx context.Context, as *answers) error {
	return r.rows(ctx, func(scan func(...any) error) error {
		var id, sex string
		var b receipt.Bridge
		if err := scan(&id, &b.Code, &b.Label.FR, &b.Label.AR, &sex, &b.Declared, &b.Rows, &b.Refused, &b.OutOfPeriod, &b.Duplicates,
			&b.Elsewhere, &b.Published); err != nil {
			return err
		}
		b.Sex = pipeline.Sex(sex)
		a := as.of[id]
		a.Bridge = append(a.Bridge, b)
		return nil
	}, `with mine as (
			select submission_id, member, structure_key, annee, trimestre from accepted semi join answering using (submission_id)
		),
		declared as (
			unpivot (
				select m.submission_id, d.code, sum(d.f) as f, sum(d.h) as h, sum(d.t) as t
				from mine m join declared_item d on d.member = m.member and d.structure_key is not distinct from m.structure_key
					and d.annee = m.annee and d.trimestre is not distinct from m.trimestre
				where d.counted group by all
			) on f as 'F', h as 'H', t as 'T' into name sex value declared
		),
		told as ( -- by these files, whatever the period
			select i.submission_id, i.code, i.role, i.sheet, i.row, i.unit, i.sexe,
				i.annee = m.annee and (m.trimestre is null or i.trimestre = m.trimestre) as due, m.annee, m.trimestre
			from indicators i join mine m using (submission_id)
			where i.role in ('N', 'C') and i.code in (select code from declared)
		),
		refused as (
			select s.submission_id, s.code, count(distinct (e.sheet, e.row)) as n
			from (select distinct submission_id, code, sheet from told) s
			join issue e on e.submission_id = s.submission_id and e.sheet = s.sheet and e.severity = 'erreur' and e.row is not null
			group by all
		),
		unit as (
			select t.submission_id, t.code, coalesce(t.sexe, 'T') as sexe, t.unit, count(distinct (t.sheet, t.row)) filter (where t.due) as due,
				count(distinct (t.sheet, t.row)) filter (where not t.due) as undue, any_value(f.submission_id) <> t.submission_id as elsewhere
			from told t left join first_told f on f.code = t.code and f.unit = t.unit and f.annee = t.annee and f.trimestre is not distinct from t.trimestre
			where t.role = 'N'
			group by t.submission_id, t.code, coalesce(t.sexe, 'T'), t.unit
		),
		summed as (
			select submission_id, code, coalesce(sexe, 'T') as sex, sum(due + undue)::bigint as rows, sum(undue)::bigint as out_of_period,
				(sum(due - 1) filter (where due > 0))::bigint as duplicates, count(*) filter (where due > 0 and elsewhere) as elsewhere,
				count(*) filter (where due > 0 and not elsewhere) as published
			from unit group by submission_id, code, rollup (sexe) having grouping(sexe) = 1 or sexe <> 'T'
		)
		select d.submission_id, d.code, i.libelle, i.libelle_ar, d.sex, d.declared, coalesce(s.rows, 0) + if(d.sex = 'T', coalesce(x.n, 0), 0),
			if(d.sex = 'T', coalesce(x.n, 0), 0), coalesce(s.out_of_period, 0), coalesce(s.duplicates, 0), coalesce(s.elsewhere, 0),
			coalesce(s.published, 0)
		from declared d
		join stg_indicator i using (code)
		semi join told c on c.submission_id = d.submission_id and c.code = d.code and c.role = 'C'
		left join summed s on s.submission_id = d.submission_id and s.code = d.code and s.sex = d.sex
		left join refused x on x.submission_id = d.submission_id and x.code = d.code
		where d.declared <> 0 or s.rows > 0 or x.n > 0
		order by d.submission_id, i.ordre, d.sex`)
}
