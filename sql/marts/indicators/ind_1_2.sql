/*
description: >
  Persons enrolled in a centre the project targets. A sheet that says of no row
  whether its centre is targeted covers nothing.
by: unit
of: submission_id
*/
with
numerator as (
    select *
    from event
    where service = 'FP_INSCRIPTION' and targeted
),

coverage as (
    select *
    from covered
    where topic = 'FP_INSCRIPTION'
        and says_targeted
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '1.2' as code, * from final
