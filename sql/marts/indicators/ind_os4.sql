/*
description: >
  Persons financed for their activity, then found viable at twelve months in the
  year.
by: unit
of: submission_id
*/
with
financed as (
    select unit, min(date_first) as since
    from event
    where service = 'FINANCEMENT_AE'
    group by unit
),

numerator as (
    select event.*
    from event
    join financed using (unit)
    where service = 'VIABILITE_12M'
        and financed.since <= event.date_last
),

coverage as (
    select *
    from covered
    where topic = 'VIABILITE_12M'
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select 'OS4' as code, * from final
