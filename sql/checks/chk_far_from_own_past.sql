/*
description: Un total annuel est plus de trois fois celui de l'année précédente, ou moins du tiers, d'au moins vingt personnes.
description_ar: مجموع سنوي يفوق ثلاث مرات مجموع السنة السابقة أو يقل عن ثلثه، بعشرين شخصا على الأقل.
severity: warning
*/
select
    cast(null as varchar) as member,
    cast(null as varchar) as submission_id,
    cast(null as varchar) as sheet,
    cast(null as varchar) as cell,
    now.code,
    now.annee,
    cast(null as integer) as trimestre,
    now.region
from valeurs as now
join stg_indicator as i using (code)
join valeurs as past
    on past.code = now.code and past.annee = now.annee - 1 and past.sexe = 'T' and past.trimestre is null
    and past.region is not distinct from now.region
where now.sexe = 'T' and now.trimestre is null and i.calcul = 'compte'
    and now.origine <> 'reference' and past.origine <> 'reference' -- a file compared with a report says nothing
    and abs(now.valeur - past.valeur) >= 20
    and (now.valeur > 3 * past.valeur or 3 * now.valeur < past.valeur)
