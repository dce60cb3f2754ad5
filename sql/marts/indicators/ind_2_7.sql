/*
description: >
  Companies that recruited a migrant, over the companies approached. Where no row
  says whether its company recruited, nothing is covered: no value, rather than 0.
*/
with
approached as (
    select *
    from contact
),

numerator as (
    select *
    from contact
    where has_recruited
),

coverage as (
    select *
    from covered
    where topic = 'companies.recruited'
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

select '2.7' as code, * from final
