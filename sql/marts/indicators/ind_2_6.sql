/*
description: >
  Companies that asked for an aided contract, over the companies approached.
*/
with
approached as (
    select *
    from contact
),

numerator as (
    select *
    from contact
    where asked_contract
),

coverage as (
    select *
    from covered
    where topic = 'companies.asked'
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'D', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from approached
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '2.6' as code, * from final
