/*
description: The mean of a degree members declare.
*/
with
final as (
    select role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from declared_rate
    where code = '1.6'
)

select '1.6' as code, * from final
