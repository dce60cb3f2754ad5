/*
description: >
  Declared totals by cell of the published values: declare is what members
  declared; retenu is the part that stands in for lists nobody sent. Counts of
  persons and companies add up; institutions, which several members may name,
  take the largest figure; rates are averaged. partial: lists cover the cell too
  for members, or regions, that declared nothing, so that declare and the value
  don't speak of the same thing.
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

-- Whose lists speak of what, by period; a national list speaks of no region.
listed as (
    select distinct i.code, i.annee, unnest([null, i.trimestre]) as trimestre, i.region, i.member
    from indicators as i
    where i.role = 'C' and i.code in (select code from item)
),

declaring as (
    select distinct code, annee, trimestre, region, member, role
    from dated
),

undeclared as (
    select *
    from listed as l
    where not exists (
        from declaring as d
        where d.code = l.code and d.annee = l.annee and d.trimestre is not distinct from l.trimestre
            and (d.member = l.member or d.role = 'committee')
            and (d.region = l.region or d.region is null or l.region is null)
    )
),

partial as (
    select code, annee, trimestre, region
    from undeclared
    group by code, annee, trimestre, rollup (region)
    having grouping(region) = 1 or region is not null
),

final as (
    select
        s.code,
        s.annee,
        s.trimestre,
        s.region,
        s.sexe,
        round(s.declare, 6) as declare,
        round(s.retenu, 6) as retenu,
        p.code is not null as partial
    from summed as s
    left join partial as p
        on p.code = s.code and p.annee = s.annee
        and p.trimestre is not distinct from s.trimestre and p.region is not distinct from s.region
)

select * from final
