/*
description: >
  Persons supported towards employment or self-employment.
by: unit
of: submission_id
*/
with
numerator as (
    select *
    from event
    where service in ('ACC_EMPLOI', 'ACC_AUTOEMPLOI')
),

coverage as (
    select *
    from covered
    where topic in ('ACC_EMPLOI', 'ACC_AUTOEMPLOI')
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '2.2' as code, * from final
