/*
description: >
  Persons who completed a training.
by: unit
of: submission_id
*/
with
numerator as (
    select *
    from event
    where service = 'FP_REUSSITE'
),

coverage as (
    select *
    from covered
    where topic = 'FP_REUSSITE'
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '1.7' as code, * from final
