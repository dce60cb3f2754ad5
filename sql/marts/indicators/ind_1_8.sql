/*
description: >
  Persons who received a training grant.
by: unit
of: submission_id
*/
with
numerator as (
    select *
    from event
    where service = 'BOURSE'
),

coverage as (
    select *
    from covered
    where topic = 'BOURSE'
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '1.8' as code, * from final
