/*
description: >
  Declared totals by cell of the published values: declare is what members
  declared; retenu is the part that stands in for lists nobody sent. Counts of
  persons and companies add up; institutions, which several members may name,
  take the largest figure; rates are averaged.
grain: [code, annee, trimestre, region, sexe]
*/
with
item as (
    select d.*, i.mesure = 'institutions' as overlapping
    from declared_item as d
    join stg_indicator as i using (code)
    where not d.redundant
),

long as (
    unpivot item on f as 'F', h as 'H', nd as 'ND', t as 'T' into name sexe value valeur
),

dated as (
    select * exclude (trimestre), cast(null as integer) as trimestre from long where in_year
    union all by name
    select * from long where trimestre is not null
),

summed as (
    select
        code,
        annee,
        trimestre,
        region,
        sexe,
        case
            when not any_value(counted) then avg(valeur)
            when any_value(overlapping) then max(valeur)
            else sum(valeur)
        end as declare,
        case
            when not any_value(counted) then avg(valeur) filter (where not listed)
            when any_value(overlapping) then max(valeur) filter (where not listed)
            else sum(valeur) filter (where not listed)
        end as retenu
    from dated
    group by code, annee, trimestre, sexe, rollup (region)
    having grouping(region) = 1 or region is not null
),

final as (
    select code, annee, trimestre, region, sexe, round(declare, 6) as declare, round(retenu, 6) as retenu
    from summed
)

select * from final
