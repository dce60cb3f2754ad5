/*
description: >
  What the contributions of every indicator add up to, by year and quarter,
  nation and region, sex and total. A row exists only where something is covered.
  A unit has one weight a quarter, and counts once in a cell with its latest. outside counts the units
  of the numerator that aren't in the denominator; quarters, the quarters of a
  year that are covered, NULL when quarters mean nothing for the indicator.
grain: [code, annee, trimestre, region, sexe]
*/
with
contribution as (
    select * from indicators
),

indicator as (
    select code, case when mesure = 'personnes' then ['F', 'H', 'ND', 'T'] else ['T'] end as sexes
    from stg_indicator
),

covered as (
    select code, annee, trimestre, region, nullif(count(distinct trimestre), 0) as quarters
    from contribution
    where role = 'C'
    group by code, annee, cube (trimestre, region)
    having (grouping(trimestre) = 1 or trimestre is not null)
        and (grouping(region) = 1 or region is not null)
),

-- What is no person has no sex.
unit as (
    select
        code,
        annee,
        trimestre,
        region,
        unit,
        arg_max(weight, coalesce(trimestre, 5)) filter (where role = 'N') as n,
        arg_max(weight, coalesce(trimestre, 5)) filter (where role = 'D') as d
    from contribution
    where role in ('N', 'D') and sexe = 'T'
    group by code, annee, unit, cube (trimestre, region)
    having (grouping(trimestre) = 1 or trimestre is not null)
        and (grouping(region) = 1 or region is not null)
),

total as (
    select code, annee, trimestre, region, sexe, n, d, outside
    from summed
    union all
    select
        code,
        annee,
        trimestre,
        region,
        'T',
        sum(n),
        sum(d),
        count(*) filter (where n is not null and d is null)
    from unit
    group by code, annee, trimestre, region
),

divided as (
    select code, annee
    from counted_year
    where role = 'D'
),

final as (
    select
        cell.code,
        cell.annee,
        cell.trimestre,
        cell.region,
        cell.sexe,
        round(coalesce(t.n, 0), 6) as numerateur,
        case when d.code is not null then round(coalesce(t.d, 0), 6) end as denominateur,
        coalesce(t.outside, 0) as outside,
        cell.quarters
    from (select c.*, unnest(i.sexes) as sexe from covered as c join indicator as i using (code)) as cell
    left join total as t
        on t.code = cell.code and t.annee = cell.annee and t.sexe = cell.sexe
        and t.trimestre is not distinct from cell.trimestre
        and t.region is not distinct from cell.region
    left join divided as d on d.code = cell.code and d.annee = cell.annee
)

select * from final
