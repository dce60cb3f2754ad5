/*
description: >
  Declared totals in force. When several files of one structure declare the same
  total (last quarter's file with this quarter's column filled), the one of the
  latest file stands. The first columns are those of a contribution: unit is the
  source of a total (a member's structure, in a place), weight its value.
*/
with
declared as (
    select d.* exclude (region), a.member, a.role, a.structure_key, coalesce(d.region, a.region) as region, a.recency
    from stg_declared as d
    join accepted as a using (submission_id)
),

final as (
    select
        concat_ws('/', member, structure_key, region, province) as unit,
        valeur as weight,
        annee,
        trimestre,
        region,
        sexe,
        member,
        submission_id,
        sheet,
        row,
        cell,
        code,
        valeur,
        province,
        role,
        structure_key
    from declared
    qualify recency = max(recency) over (
        partition by member, structure_key, code, annee, trimestre, region, province
    )
)

select * from final
