/*
description: Chaque année publiée a une ligne nationale pour chacun des indicateurs, même vide.
description_ar: لكل سنة منشورة سطر وطني لكل مؤشر من المؤشرات، ولو كان فارغا.
severity: error
*/
with
expected as (
    select i.code, y.annee
    from indicateurs as i
    cross join (select distinct annee from valeurs) as y
)

select e.code, e.annee
from expected as e
anti join (
    select code, annee
    from valeurs
    where trimestre is null and region is null and sexe = 'T'
) as v using (code, annee)
