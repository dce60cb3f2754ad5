/*
description: Un pourcentage tiré de listes vaut 100 x numérateur / dénominateur, arrondi à 0,1 ; il est vide quand le dénominateur est vide ou nul.
description_ar: كل نسبة مستخرجة من لوائح تساوي 100 × البسط / المقام مقربة إلى 0,1؛ وتكون فارغة إذا كان المقام فارغا أو صفرا.
severity: error
*/
select v.code, v.annee, v.trimestre, v.region, v.sexe, v.valeur, v.numerateur, v.denominateur
from valeurs as v
join indicateurs as i using (code)
where i.unite = 'pourcentage'
    and (v.origine = 'nominative' or v.numerateur is not null or v.denominateur is not null)
    and v.valeur is distinct from round(100 * v.numerateur / nullif(v.denominateur, 0), 1)
