/*
description: Un trimestre ou une année achevée, déjà publiés, changent d'au moins dix et d'au moins la moitié dans cette édition.
description_ar: فصل أو سنة منتهية سبق نشرهما يتغيران في هذا الإصدار بعشرة على الأقل وبالنصف على الأقل.
severity: warning
*/
with
this_edition as (
    select cast(max(value) as integer) as edition from stg_setting where key = 'edition'
)

select
    cast(null as varchar) as member,
    cast(null as varchar) as submission_id,
    cast(null as varchar) as sheet,
    cast(null as varchar) as cell,
    r.code,
    r.annee,
    r.trimestre,
    r.region
from revisions as r
join stg_indicator as i using (code)
join this_edition as e using (edition)
where r.sexe = 'T' and i.calcul = 'compte' and r.valeur_avant > 0
    and (r.trimestre is not null or r.annee < year(r.publie_le)) -- a year under way grows by nature
    and abs(coalesce(r.valeur_apres, 0) - r.valeur_avant) >= greatest(10, r.valeur_avant / 2)
