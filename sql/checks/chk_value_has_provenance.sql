/*
description: Derrière chaque valeur non nulle tirée de listes ou de déclarations, il y a au moins une ligne d'un fichier.
description_ar: وراء كل قيمة غير صفرية مستخرجة من لوائح أو تصريحات سطر واحد على الأقل من ملف.
severity: error
*/
select v.code, v.annee, v.trimestre, v.region, v.sexe, v.valeur
from valeurs as v
left join (select distinct code, annee, trimestre, region, sexe from provenance) as p
    on p.code = v.code and p.annee = v.annee and p.sexe = v.sexe
    and p.trimestre is not distinct from v.trimestre and p.region is not distinct from v.region
where v.valeur <> 0 and v.sexe = 'T' and v.origine in ('nominative', 'declaree') and p.code is null
