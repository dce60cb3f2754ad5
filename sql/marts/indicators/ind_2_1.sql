/*
description: >
  Persons registered at a pilot agency of ANAPEC. A sheet that says of no agency
  whether it is a pilot one covers nothing.
by: unit
of: submission_id
*/
with
numerator as (
    select *
    from event
    where member = 'ANAPEC' and service = 'ANAPEC_INSCRIPTION' and pilot
),

coverage as (
    select *
    from covered
    where member = 'ANAPEC' and topic = 'ANAPEC_INSCRIPTION'
        and says_pilot
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '2.1' as code, * from final
