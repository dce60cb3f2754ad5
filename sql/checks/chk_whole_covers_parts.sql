/*
description: Des personnes comptées une fois sont au moins aussi nombreuses dans la nation que dans chaque région, et dans l'année que dans chaque trimestre.
description_ar: الأشخاص المحتسبون مرة واحدة ليسوا في الوطن أقل منهم في كل جهة، ولا في السنة أقل منهم في كل فصل.
severity: error
*/
with
counted as (
    select v.*
    from valeurs as v
    join indicateurs as i using (code)
    where i.mesure = 'personnes' and i.calcul = 'compte' and v.origine = 'nominative'
        and not contains(coalesce(v.drapeaux, ''), 'mixte')
)

select part.code, part.annee, part.trimestre, part.region, part.sexe, part.valeur, whole.valeur as whole
from counted as part
join counted as whole
    on whole.code = part.code and whole.annee = part.annee and whole.sexe = part.sexe
    and (
        (whole.region is null and part.region is not null and whole.trimestre is not distinct from part.trimestre)
        or (whole.trimestre is null and part.trimestre is not null and whole.region is not distinct from part.region)
    )
where part.valeur > whole.valeur
