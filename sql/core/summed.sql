/*
description: >
  What the contributions of persons add up to, by year and quarter, nation and
  region, sex and total. A unit has one weight a quarter, and counts once in a cell
  with its latest. units are the persons behind a cell; outside, those of the
  numerator that aren't in the denominator.
adds_up: [units, n, d, outside]
*/
with
-- A unit has one sex, so that what it is in a cell of its sex it is in the total.
unit as (
    select
        code,
        annee,
        trimestre,
        region,
        sexe,
        unit,
        arg_max(weight, coalesce(trimestre, 5)) filter (where role = 'N') as n,
        arg_max(weight, coalesce(trimestre, 5)) filter (where role = 'D') as d
    from indicators
    where role in ('N', 'D') and sexe <> 'T'
    group by code, annee, unit, sexe, cube (trimestre, region)
    having (grouping(trimestre) = 1 or trimestre is not null)
        and (grouping(region) = 1 or region is not null)
),

final as (
    select
        code,
        annee,
        trimestre,
        region,
        coalesce(sexe, 'T') as sexe,
        count(*) as units,
        coalesce(sum(n), 0) as n,
        coalesce(sum(d), 0) as d,
        count(*) filter (where n is not null and d is null) as outside
    from unit
    group by code, annee, trimestre, region, rollup (sexe)
)

select * from final
