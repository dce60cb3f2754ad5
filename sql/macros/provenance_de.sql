/*
description: "D'où vient une valeur nationale : membre, structure, fichier, feuille, et lignes qui y contribuent. Exemple : from provenance_de('1.4', 2020)."
description_ar: "مصدر قيمة وطنية: العضو والبنية والملف والورقة والأسطر المساهمة. مثال: from provenance_de('1.4', 2020)."
*/
create macro provenance_de(indicateur, an, sexe_voulu := 'T') as table
select s.membre, s.structure, s.periode, s.nom_fichier, p.feuille, p.lignes, p.lignes_numerateur, p.lignes_denominateur, s.soumission
from provenance as p
join soumissions as s using (soumission)
where p.code = indicateur and p.annee = an and p.trimestre is null and p.region is null and p.sexe = sexe_voulu
order by s.membre, s.structure, s.periode, s.nom_fichier, p.feuille
