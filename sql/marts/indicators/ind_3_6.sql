/*
description: >
  The mean of a rate members declare (1 for 100 %): each source of a total adds its
  rate to the numerator and 1 to the denominator. A unit counts with its latest
  weight, so a year has the last quarter each source declared.
*/
with
declared as (
    select * replace (avg(valeur) over (partition by unit, annee, trimestre) / 100 as weight)
    from declared_row
    where code = '3.6' and sexe = 'T'
),

sources as (
    select * replace (cast(1 as double) as weight)
    from declared
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from declared
    union all
    select 'D', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from sources
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from declared
)

select '3.6' as code, * from final
