/*
description: "La part des femmes de chaque indicateur en nombre de personnes, une année, sexe non déclaré compris dans le total. Exemple : from part_des_femmes(2020)."
description_ar: "حصة النساء من كل مؤشر يحتسب الأشخاص خلال سنة، والمجموع يشمل غير المصرح بجنسهم. مثال: from part_des_femmes(2020)."
*/
create macro part_des_femmes(an) as table
select
    v.code,
    i.libelle,
    max(v.valeur) filter (v.sexe = 'F') as femmes,
    max(v.valeur) filter (v.sexe = 'T') as total,
    round(100 * femmes / nullif(total, 0), 1) as part_des_femmes
from valeurs as v
join indicateurs as i using (code)
where v.annee = an and v.trimestre is null and v.region is null and i.unite = 'nombre' and i.mesure = 'personnes'
group by i.ordre, v.code, i.libelle
having femmes is not null
order by i.ordre
