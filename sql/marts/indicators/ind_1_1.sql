/*
description: >
  Persons received at EN.
by: unit
of: submission_id
*/
with
numerator as (
    select *
    from event
    where member = 'EN' and service = 'ACCUEIL'
),

coverage as (
    select *
    from covered
    where member = 'EN' and topic = 'ACCUEIL'
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '1.1' as code, * from final
