/*
description: "Un indicateur dans chaque région, une année, à côté de la nation. Une personne servie dans deux régions compte dans chacune : la somme peut dépasser la nation. Exemple : from par_region('1.1', 2020)."
description_ar: "مؤشر في كل جهة خلال سنة، إلى جانب المستوى الوطني. من استفاد في جهتين يُحتسب في كل منهما. مثال: from par_region('1.1', 2020)."
*/
create macro par_region(indicateur, an) as table
select
    v.region,
    nom_region(v.region) as nom,
    max(v.valeur) filter (v.sexe = 'F') as femmes,
    max(v.valeur) filter (v.sexe = 'H') as hommes,
    max(v.valeur) filter (v.sexe = 'ND') as non_declare,
    max(v.valeur) filter (v.sexe = 'T') as total
from valeurs as v
where v.code = indicateur and v.annee = an and v.trimestre is null
group by v.region
order by v.region nulls first
