/*
description: Le total national déclaré n'est pas la somme des régions déclarées.
description_ar: المجموع الوطني المصرح به لا يساوي مجموع الجهات المصرح بها.
severity: warning
*/
with
region as (
    select
        d.member,
        d.submission_id,
        d.sheet,
        d.code,
        d.annee,
        d.trimestre,
        d.region,
        d.sexe,
        -- A region's provinces stand for it.
        coalesce(sum(d.valeur) filter (where d.province is not null), sum(d.valeur)) as total,
        min(d.cell) as cell
    from declared_row as d
    join stg_indicator as i using (code)
    where i.calcul = 'compte' and i.mesure <> 'institutions'
    group by all
),

cell as (
    select
        member,
        submission_id,
        sheet,
        code,
        annee,
        trimestre,
        sexe,
        min(cell) filter (where region is null) as cell,
        sum(total) filter (where region is null) as nation,
        sum(total) filter (where region is not null) as regions
    from region
    group by all
)

select member, submission_id, sheet, cell, code, annee, trimestre, cast(null as varchar) as region
from cell
where nation <> regions
