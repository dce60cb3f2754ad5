/*
description: The mean of a rate members declare.
*/
with
final as (
    select role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from declared_rate
    where code = '2.4'
)

select '2.4' as code, * from final
