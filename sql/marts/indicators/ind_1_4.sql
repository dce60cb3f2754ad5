/*
description: >
  Persons EN referred to ANAPEC.
by: unit
of: submission_id
*/
with
numerator as (
    select *
    from event
    where member = 'EN' and service = 'REFERENCEMENT' and toward = 'ANAPEC'
),

coverage as (
    select *
    from covered
    where member = 'EN' and topic = 'REFERENCEMENT'
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '1.4' as code, * from final
