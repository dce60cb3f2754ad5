/*
description: >
  Declared rates as contributions to a mean (1 for 100 %): each source of a total
  adds its rate to the numerator and 1 to the denominator. A unit counts with its
  latest weight, so a year has the last quarter each source declared.
*/
with
declared as (
    select * replace (avg(valeur) over (partition by code, unit, annee, trimestre) / 100 as weight)
    from declared_row
    where sexe = 'T'
),

sources as (
    select * replace (cast(1 as double) as weight)
    from declared
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row, code
    from declared
    union all
    select 'D', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row, code
    from sources
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row, code
    from declared
)

select * from final
