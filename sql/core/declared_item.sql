/*
description: >
  Declared totals of indicators that have lists behind them, one per member,
  structure, region and period, and whether each may stand in for a list. Detail
  beats total: provinces over their region, regions over the nation, the sexes over
  a smaller total; but a year's own figure stands over its quarters (over the last
  one, for a rate). ND takes what
  the sexes leave of a total, so that T = F + H + ND. listed: the member's own
  lists cover it (any institution's, for a committee). redundant: a committee
  compiling what an institution also declared.
*/
with
indicator as (
    select code, calcul = 'compte' as counted
    from stg_indicator
    where not declaree
),

cell as (
    select
        d.code,
        i.counted,
        d.member,
        d.role,
        d.structure_key,
        d.annee,
        d.trimestre,
        d.region,
        d.province,
        d.sexe,
        case when i.counted then sum(d.valeur) else avg(d.valeur) end as valeur
    from declared_row as d
    join indicator as i using (code)
    group by d.code, i.counted, d.member, d.role, d.structure_key, d.annee, d.trimestre, d.region, d.province, d.sexe
),

by_sex as (
    select
        * exclude (sexe, valeur),
        max(valeur) filter (where sexe = 'F') as f,
        max(valeur) filter (where sexe = 'H') as h,
        max(valeur) filter (where sexe = 'ND') as nd,
        max(valeur) filter (where sexe = 'T') as t
    from cell
    group by all
),

balanced as (
    select
        * exclude (nd, t),
        case
            when not counted then nd
            else greatest(coalesce(t, 0), coalesce(f, 0) + coalesce(h, 0) + coalesce(nd, 0)) - coalesce(f, 0) - coalesce(h, 0)
        end as nd,
        case
            when not counted then t
            else greatest(coalesce(t, 0), coalesce(f, 0) + coalesce(h, 0) + coalesce(nd, 0))
        end as t
    from by_sex
),

detail as (
    select *
    from balanced
    qualify province is not null
        or count(province) over (partition by code, member, structure_key, annee, trimestre, region) = 0
),

regional as (
    select
        code,
        counted,
        member,
        role,
        structure_key,
        annee,
        trimestre,
        region,
        case when counted then sum(f) else avg(f) end as f,
        case when counted then sum(h) else avg(h) end as h,
        case when counted then sum(nd) else avg(nd) end as nd,
        case when counted then sum(t) else avg(t) end as t
    from detail
    group by code, counted, member, role, structure_key, annee, trimestre, region
),

placed as (
    select *
    from regional
    qualify region is not null
        or count(region) over (partition by code, member, structure_key, annee, trimestre) = 0
),

of_year as (
    select
        *,
        case
            when trimestre is null then true
            when count(*) filter (where trimestre is null) over source > 0 then false
            when counted then true
            else trimestre = max(trimestre) over source
        end as in_year
    from placed
    window source as (partition by code, member, structure_key, annee, region)
),

-- Who has lists, of what: a few rows, however many files.
list_of as (
    select distinct c.code, c.member, a.role, c.annee, c.trimestre, c.region
    from indicators as c
    join accepted as a using (submission_id)
    where c.role = 'C'
),

listed as (
    select distinct d.code, d.member, d.structure_key, d.annee, d.trimestre, d.region
    from of_year as d
    join list_of as l
        on l.code = d.code and l.annee = d.annee
        and (l.trimestre = d.trimestre or l.trimestre is null or d.trimestre is null)
        and (l.region = d.region or l.region is null or d.region is null)
    where l.member = d.member or (d.role = 'committee' and l.role <> 'committee')
),

declared_by_others as (
    select distinct code, annee, trimestre, region
    from of_year
    where role <> 'committee'
),

redundant as (
    select distinct d.code, d.member, d.structure_key, d.annee, d.trimestre, d.region
    from of_year as d
    join declared_by_others as o
        on o.code = d.code and o.annee = d.annee
        and (o.trimestre = d.trimestre or o.trimestre is null or d.trimestre is null)
        and (o.region = d.region or o.region is null or d.region is null)
    where d.role = 'committee'
),

final as (
    select
        d.*,
        l.code is not null as listed,
        r.code is not null as redundant
    from of_year as d
    left join listed as l
        on l.code = d.code and l.member = d.member and l.structure_key is not distinct from d.structure_key
        and l.annee = d.annee and l.trimestre is not distinct from d.trimestre and l.region is not distinct from d.region
    left join redundant as r
        on r.code = d.code and r.member = d.member and r.structure_key is not distinct from d.structure_key
        and r.annee = d.annee and r.trimestre is not distinct from d.trimestre and r.region is not distinct from d.region
)

select * from final
