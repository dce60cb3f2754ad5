/*
description: "Un indicateur, année par année, pour la nation : femmes, hommes, sexe non déclaré, total, part des femmes. Exemple : from serie('1.8')."
description_ar: "مؤشر سنة بسنة على المستوى الوطني: نساء، رجال، غير مصرح به، مجموع، حصة النساء. مثال: from serie('1.8')."
*/
create macro serie(indicateur) as table
select
    v.annee,
    max(v.valeur) filter (v.sexe = 'F') as femmes,
    max(v.valeur) filter (v.sexe = 'H') as hommes,
    max(v.valeur) filter (v.sexe = 'ND') as non_declare,
    max(v.valeur) filter (v.sexe = 'T') as total,
    -- Of a rate, women and total are two rates: one is no part of the other.
    if(any_value(i.unite) = 'nombre', round(100 * femmes / nullif(total, 0), 1), null) as part_des_femmes
from valeurs as v
join indicateurs as i using (code)
where v.code = indicateur and v.trimestre is null and v.region is null
group by v.annee
order by v.annee
