/*
description: >
  Women enrolled in a stream marked technical. A sheet that marks no stream, one
  way or the other, covers nothing.
by: unit
of: submission_id
*/
with
numerator as (
    select *
    from event
    where service = 'FP_INSCRIPTION' and technical and sexe = 'F'
),

coverage as (
    select *
    from covered
    where topic = 'FP_INSCRIPTION'
        and says_technical
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '1.3' as code, * from final
