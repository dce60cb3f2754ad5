/*
description: "L'histoire d'une valeur nationale, d'édition en édition, avec les fichiers qui l'ont changée. Exemple : from revisions_de('1.5', 2020)."
description_ar: "تاريخ قيمة وطنية من إصدار إلى إصدار، مع الملفات التي غيرتها. مثال: from revisions_de('1.5', 2020)."
*/
create macro revisions_de(indicateur, an) as table
select
    r.edition,
    r.publie_le,
    r.valeur_avant,
    r.valeur_apres,
    coalesce(string_agg(s.nom_fichier, ', ' order by s.nom_fichier), 'règles ou configuration') as cause
from revisions as r
left join soumissions as s on list_contains(string_split(r.cause, ','), s.soumission)
where r.code = indicateur and r.annee = an and r.trimestre is null and r.region is null and r.sexe = 'T'
group by r.edition, r.publie_le, r.valeur_avant, r.valeur_apres
order by r.edition
