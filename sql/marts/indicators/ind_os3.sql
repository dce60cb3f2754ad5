/*
description: >
  Persons placed in a paid job or an aided contract in the year, among those
  supported towards employment in the year, over the latter.
by: unit
of: submission_id
watches: [base_year]
*/
with
denominator as (
    select *
    from event
    where service = 'ACC_EMPLOI'
),

numerator as (
    select *
    from event
    where service in ('INSERTION_SALARIEE', 'CONTRAT_AIDE')
        and (unit, annee) in (select (unit, annee) from denominator)
),

coverage as (
    select *
    from covered
    where topic in ('INSERTION_SALARIEE', 'CONTRAT_AIDE')
        and annee in (select annee from base_year where code = 'OS3')
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'D', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from denominator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select 'OS3' as code, * from final
