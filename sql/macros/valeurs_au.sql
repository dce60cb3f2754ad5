/*
description: "Les valeurs telles qu'elles étaient publiées un jour passé ; aucune ligne avant la première édition. Exemple : from valeurs_au('2020-12-31') where code = '1.5'."
description_ar: "القيم كما كانت منشورة في يوم مضى؛ لا سطر قبل أول إصدار. مثال: from valeurs_au('2020-12-31') where code = '1.5'."
*/
create macro valeurs_au(jour_voulu) as table
with
-- What a later edition changed had, until then, the value it changed.
defait as (
    select
        code,
        annee,
        trimestre,
        region,
        sexe,
        arg_min_null(valeur_avant, edition) as valeur
    from revisions
    where publie_le > cast(jour_voulu as date)
    group by all
)

select
    coalesce(v.code, d.code) as code,
    coalesce(v.annee, d.annee) as annee,
    coalesce(v.trimestre, d.trimestre) as trimestre,
    coalesce(v.region, d.region) as region,
    coalesce(v.sexe, d.sexe) as sexe,
    if(d.code is null, v.valeur, d.valeur) as valeur
from valeurs as v
full join defait as d
    on d.code = v.code and d.annee = v.annee and d.sexe = v.sexe
    and d.trimestre is not distinct from v.trimestre and d.region is not distinct from v.region
where cast(jour_voulu as date) >= (select min(jour) from executions)
order by all
