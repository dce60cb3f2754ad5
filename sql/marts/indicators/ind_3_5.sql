/*
description: >
  Satisfied participants over those who answered. Where no session asked them
  nothing is covered.
*/
with
asked as (
    select *, cast(respondents as double) as weight
    from training
    where respondents is not null and satisfied is not null
),

content as (
    select * replace (cast(satisfied as double) as weight)
    from asked
),

coverage as (
    select *
    from covered
    where topic = 'sessions'
        and (submission_id, sheet) in (select (submission_id, sheet) from asked)
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from content
    union all
    select 'D', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from asked
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '3.5' as code, * from final
