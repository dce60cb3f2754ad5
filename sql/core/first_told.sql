/*
description: >
  Which file spoke first of a unit of an indicator's numerator, in a year and in
  each of its quarters: there it counts, and those after it tell of it again.
grain: [code, annee, trimestre, unit]
by: unit
*/
with
told as (
    select i.code, i.annee, unnest([null, i.trimestre]) as trimestre, i.unit, a.member, i.submission_id, a.recency
    from indicators as i
    join accepted as a using (submission_id)
    where i.role = 'N'
),

final as (
    select code, annee, trimestre, unit, arg_min(member, recency) as member, arg_min(submission_id, recency) as submission_id
    from told
    group by all
)

select * from final
