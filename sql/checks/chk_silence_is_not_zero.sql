/*
description: Une valeur a une origine ; une valeur tirée de listes est couverte par au moins un envoi en vigueur, et sans origine il n'y a pas de valeur.
description_ar: لكل قيمة مصدر؛ والقيمة المستخرجة من لوائح يغطيها إرسال ساري واحد على الأقل، ولا قيمة بلا مصدر.
severity: error
*/
with
covered as (
    select distinct code, annee, unnest([null, trimestre]) as trimestre, region
    from (select code, annee, trimestre, unnest([null, region]) as region from indicators where role = 'C')
)

select v.code, v.annee, v.trimestre, v.region, v.sexe, v.valeur, v.origine
from valeurs as v
left join covered as c
    on c.code = v.code and c.annee = v.annee
    and c.trimestre is not distinct from v.trimestre and c.region is not distinct from v.region
where (v.valeur is not null and v.origine is null)
    or (v.origine = 'nominative' and c.code is null)
