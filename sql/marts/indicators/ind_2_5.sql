/*
description: >
  The sum of the tools members declare. Each quarter's figure is a unit of its own,
  so a year is the sum of its quarters, unless the year has a figure itself.
*/
with
declared as (
    select * replace (
        unit || coalesce('/T' || trimestre, '') as unit,
        sum(valeur) over (partition by declared_row.unit, annee, trimestre) as weight
    )
    from declared_row
    where code = '2.5' and sexe = 'T'
    qualify trimestre is null
        or count(*) filter (where trimestre is null) over (partition by declared_row.unit, annee) = 0
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from declared
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from declared
)

select '2.5' as code, * from final
