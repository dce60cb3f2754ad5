/*
description: >
  Persons who completed a training in the year, over the cohort: persons enrolled
  the year before, wherever that year is covered. The cohort is whole in every
  quarter.
by: unit
of: submission_id
watches: [base_year]
*/
with
numerator as (
    select *
    from event
    where service = 'FP_REUSSITE'
),

cohort as (
    select * replace (annee + 1 as annee, unnest([1, 2, 3, 4]) as trimestre)
    from event
    where service = 'FP_INSCRIPTION'
        and annee in (select annee from base_year where code = '1.5')
),

coverage as (
    select *
    from covered
    where topic = 'FP_REUSSITE'
        and annee - 1 in (select annee from base_year where code = '1.5')
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'D', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from cohort
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '1.5' as code, * from final
