/*
description: >
  The rows of declared totals that stand in for lists: what opens a declared value,
  as indicators opens a value counted from lists.
*/
with
used as (
    select *
    from declared_item
    where not listed and not redundant
),

final as (
    select distinct
        d.code,
        d.annee,
        d.trimestre,
        d.region,
        d.sexe,
        d.member,
        d.submission_id,
        d.sheet,
        d.row,
        d.cell,
        d.valeur,
        u.in_year
    from declared_row as d
    join used as u
        on u.code = d.code and u.member = d.member and u.annee = d.annee
        and u.structure_key is not distinct from d.structure_key
        and u.trimestre is not distinct from d.trimestre
        and u.region is not distinct from d.region
)

select * from final
