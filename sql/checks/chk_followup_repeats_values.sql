/*
description: Le tableau de suivi reprend les valeurs nationales annuelles, pour chaque indicateur et chaque année.
description_ar: يعيد جدول التتبع القيم الوطنية السنوية لكل مؤشر وكل سنة.
severity: error
*/
select code, annee, t.valeur_annee, v.valeur
from (select * from tableau_de_suivi where sexe = 'T') as t
full join (select * from valeurs where sexe = 'T' and trimestre is null and region is null) as v using (code, annee)
where t.code is null or v.code is null or t.valeur_annee is distinct from v.valeur
