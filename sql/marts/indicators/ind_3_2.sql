/*
description: The mean of a rate members declare.
*/
with
final as (
    select role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from declared_rate
    where code = '3.2'
)

select '3.2' as code, * from final
