/*
description: Le total déclaré d'une région n'est pas la somme de ses provinces.
description_ar: المجموع المصرح به لجهة لا يساوي مجموع أقاليمها.
severity: warning
*/
with
cell as (
    select
        d.member,
        d.submission_id,
        d.sheet,
        d.code,
        d.annee,
        d.trimestre,
        d.region,
        d.sexe,
        min(d.cell) filter (where d.province is null) as cell,
        sum(d.valeur) filter (where d.province is null) as total,
        sum(d.valeur) filter (where d.province is not null) as parts
    from declared_row as d
    join stg_indicator as i using (code)
    where i.calcul = 'compte'
    group by all
)

select member, submission_id, sheet, cell, code, annee, trimestre, region
from cell
where total <> parts
