/*
description: >
  State institutions present at a training session of the committees.
*/
with
present as (
    select unnest(institutions) as institution, *
    from training
),

numerator as (
    select p.* replace (i.code as unit), cast(1 as double) as weight
    from present as p
    join stg_institution as i on i.code = p.institution
    where i.state
),

coverage as (
    select *
    from covered
    where topic = 'sessions'
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '3.3' as code, * from final
