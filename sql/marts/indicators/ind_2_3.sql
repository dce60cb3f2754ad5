/*
description: >
  Persons who obtained an aided contract.
by: unit
of: submission_id
*/
with
numerator as (
    select *
    from event
    where service = 'CONTRAT_AIDE'
),

coverage as (
    select *
    from covered
    where topic = 'CONTRAT_AIDE'
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '2.3' as code, * from final
