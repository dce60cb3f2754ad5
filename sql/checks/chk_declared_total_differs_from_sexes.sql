/*
description: Un total déclaré n'est pas la somme des femmes et des hommes déclarés.
description_ar: مجموع مصرح به لا يساوي مجموع النساء والرجال المصرح بهم.
severity: warning
*/
with
indicator as (
    select code from stg_indicator where calcul = 'compte'
),

cell as (
    select
        member,
        submission_id,
        sheet,
        row,
        code,
        annee,
        trimestre,
        region,
        min(cell) filter (where sexe = 'T') as cell,
        sum(valeur) filter (where sexe = 'T') as total,
        sum(valeur) filter (where sexe <> 'T') as sexes,
        count(distinct sexe) filter (where sexe in ('F', 'H')) as given
    from declared_row
    join indicator using (code)
    group by all
)

select member, submission_id, sheet, cell, code, annee, trimestre, region
from cell
where given = 2 and total <> sexes
