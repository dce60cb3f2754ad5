/*
description: >
  How many rows of each sheet of each file contribute to each cell, of persons: in
  all, to the numerator, to the denominator. A row counts once in a cell, whatever it
  says several times.
adds_up: [lignes, lignes_numerateur, lignes_denominateur]
*/
with
dated as (
    select
        * exclude (trimestre),
        unnest(if(trimestre is null, [null], [null, trimestre])) as trimestre
    from indicators
    where role in ('N', 'D') and sexe <> 'T'
),

placed as (
    select * exclude (region), unnest(if(region is null, [null], [null, region])) as region
    from dated
),

once as (
    select
        code,
        annee,
        trimestre,
        region,
        sexe,
        submission_id,
        sheet,
        row,
        bool_or(role = 'N') as n,
        bool_or(role = 'D') as d
    from placed
    group by all
),

final as (
    select
        code,
        annee,
        trimestre,
        region,
        coalesce(sexe, 'T') as sexe,
        submission_id,
        sheet,
        count(*) as lignes,
        count(*) filter (where n) as lignes_numerateur,
        count(*) filter (where d) as lignes_denominateur
    from once
    group by code, annee, trimestre, region, submission_id, sheet, rollup (sexe)
)

select * from final
