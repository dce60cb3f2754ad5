/*
description: >
  Persons trained at EN and referred by it to ANAPEC (in the year or before),
  supported by ANAPEC in the year, over persons who completed a training at EN in
  the year. The numerator isn't a part of the denominator.
by: unit
of: submission_id
watches: [base_year]
*/
with
trained as (
    select unit, min(annee) as since
    from event
    where member = 'EN' and service in ('FP_INSCRIPTION', 'FP_REUSSITE', 'FP_ABANDON')
    group by unit
),

referred as (
    select unit, min(annee) as since
    from event
    where member = 'EN' and service = 'REFERENCEMENT' and toward = 'ANAPEC'
    group by unit
),

numerator as (
    select event.*
    from event
    join trained using (unit)
    join referred using (unit)
    where event.member = 'ANAPEC' and event.service in ('ACC_EMPLOI', 'ACC_AUTOEMPLOI')
        and event.annee >= trained.since and event.annee >= referred.since
),

denominator as (
    select *
    from event
    where member = 'EN' and service = 'FP_REUSSITE'
),

coverage as (
    select *
    from covered
    where member = 'ANAPEC' and topic in ('ACC_EMPLOI', 'ACC_AUTOEMPLOI')
        and annee in (select annee from base_year where code = 'OS2')
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

select 'OS2' as code, * from final
