/*
description: >
  Persons who completed a training, then, later and in the year, were placed or
  created their activity. Dates known to the month or the year count as later
  when they can be.
by: unit
of: submission_id
watches: [base_year]
*/
with
completed as (
    select unit, min(date_first) as since
    from event
    where service = 'FP_REUSSITE'
    group by unit
),

numerator as (
    select event.*
    from event
    join completed using (unit)
    where service in ('CONTRAT_AIDE', 'INSERTION_SALARIEE', 'CREATION_AE', 'CREATION_COOP', 'CREATION_SARL')
        and completed.since < event.date_last
),

coverage as (
    select *
    from covered
    where topic in ('CONTRAT_AIDE', 'INSERTION_SALARIEE', 'CREATION_AE', 'CREATION_COOP', 'CREATION_SARL')
        and annee >= (select annee from base_year where code = 'OS1')
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select 'OS1' as code, * from final
