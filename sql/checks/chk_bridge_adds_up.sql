/*
description: Dans rapprochements, les pas de la liste au chiffre publié s'additionnent exactement, et, pour l'année et la nation, les membres font ensemble le numérateur publié quand chacun a déclaré.
description_ar: في جدول rapprochements، تتجمع الخطوات من اللائحة إلى الرقم المنشور بالضبط، ويساوي مجموع الأعضاء البسط المنشور للسنة على الصعيد الوطني إذا صرح كل منهم.
severity: error
*/
with
member as (
    select membre as member from stg_member where role <> 'committee'
),

listing as (
    select distinct i.code, i.annee, i.member
    from indicators as i
    where i.role = 'N'
),

total as (
    select r.code, cast(r.periode as integer) as annee, sum(r.publie) as publie, count(*) as members
    from rapprochements as r
    join member as m on m.member = r.membre
    where r.sexe = 'T' and length(r.periode) = 4
    group by all
),

-- Members whose structures all declared: their lists are whole here.
whole as (
    select t.code, t.annee, t.publie
    from total as t
    where t.members = (select count(*) from listing as l where l.code = t.code and l.annee = t.annee)
)

select membre, code, periode, sexe, cast(lignes as double) as gives, nominatif as should_be
from rapprochements
where lignes - doublons_fichier - doublons_entre_fichiers <> nominatif or nominatif - deja_comptees <> publie
    or doublons_fichier < 0 or doublons_entre_fichiers < 0 or publie < 0
union all
select null, w.code, cast(w.annee as varchar), 'T', w.publie, v.numerateur
from whole as w
join valeurs as v on v.code = w.code and v.annee = w.annee and v.trimestre is null and v.region is null and v.sexe = 'T'
join stg_indicator as i on i.code = w.code
where v.origine = 'nominative' and i.calcul = 'compte' and w.publie > v.numerateur
