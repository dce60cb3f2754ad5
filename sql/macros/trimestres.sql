/*
description: "Les valeurs nationales d'une année par trimestre, un indicateur par ligne. Une personne vue dans deux trimestres compte dans chacun et une seule fois dans l'année. Exemple : from trimestres(2020)."
description_ar: "القيم الوطنية لسنة حسب الفصول، مؤشر في كل سطر. من ظهر في فصلين يُحتسب في كل منهما ومرة واحدة في السنة. مثال: from trimestres(2020)."
*/
create macro trimestres(an) as table
select
    v.code,
    i.libelle,
    max(v.valeur) filter (v.trimestre = 1) as t1,
    max(v.valeur) filter (v.trimestre = 2) as t2,
    max(v.valeur) filter (v.trimestre = 3) as t3,
    max(v.valeur) filter (v.trimestre = 4) as t4,
    max(v.valeur) filter (v.trimestre is null) as annee_entiere
from valeurs as v
join indicateurs as i using (code)
where v.annee = an and v.region is null and v.sexe = 'T'
group by i.ordre, v.code, i.libelle
order by i.ordre
