/*
description: Pour tout indicateur qui compte des personnes, T = F + H + ND, au numérateur et au dénominateur comme dans la valeur.
description_ar: في كل مؤشر يحتسب أشخاصا، T = F + H + ND في البسط والمقام كما في القيمة.
severity: error
*/
with
value as (
    select v.*, i.calcul
    from valeurs as v
    join indicateurs as i using (code)
    where i.mesure = 'personnes'
),

cell as (
    select
        code,
        annee,
        trimestre,
        region,
        any_value(calcul) as calcul,
        max(valeur) filter (where sexe = 'T') as total,
        sum(valeur) filter (where sexe <> 'T') as sexes,
        max(numerateur) filter (where sexe = 'T') as n_total,
        sum(numerateur) filter (where sexe <> 'T') as n_sexes,
        max(denominateur) filter (where sexe = 'T') as d_total,
        sum(denominateur) filter (where sexe <> 'T') as d_sexes
    from value
    group by code, annee, trimestre, region
)

select code, annee, trimestre, region, total, sexes, n_total, n_sexes, d_total, d_sexes
from cell
where (calcul = 'compte' and total is distinct from sexes)
    or n_total is distinct from n_sexes
    or d_total is distinct from d_sexes
