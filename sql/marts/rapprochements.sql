/*
description: >
  Ce qu'un membre déclare à côté de ce que montre la liste dédoublonnée, pour les indicateurs qui comptent. Pour une
  institution ou une association, la liste est celle de ses structures qui ont déclaré ; pour un comité, ce sont celles
  de tous les membres dans sa région. Chaque pas de la liste au chiffre publié est compté : lignes - doublons_fichier -
  doublons_entre_fichiers = nominatif ; nominatif - deja_comptees = publie.
description_ar: >
  ما يصرح به العضو إلى جانب ما تبينه اللائحة بعد حذف المكرر، للمؤشرات العددية. بالنسبة لمؤسسة أو جمعية فاللائحة
  لائحة بنياتها التي صرحت؛ وبالنسبة للجنة فهي لوائح جميع الأعضاء في جهتها. كل خطوة من اللائحة إلى الرقم المنشور محسوبة: lignes - doublons_fichier -
  doublons_entre_fichiers = nominatif؛ nominatif - deja_comptees = publie.
temporary: true
grain: [membre, code, periode, sexe]
columns:
  - {name: membre, type: VARCHAR, fr: "Membre qui déclare", ar: "العضو المصرح"}
  - {name: code, type: VARCHAR, fr: "Code de l'indicateur", ar: "رمز المؤشر"}
  - {name: periode, type: VARCHAR, fr: "Année (2020) ou trimestre (2020-T1)", ar: "السنة (2020) أو الفصل (2020-T1)"}
  - {name: sexe, type: VARCHAR, fr: "F, H, ND, T", ar: "F نساء، H رجال، ND غير مصرح به، T المجموع"}
  - {name: declare, type: DOUBLE, fr: "Total déclaré", ar: "المجموع المصرح به"}
  - {name: nominatif, type: DOUBLE, fr: "Personnes (ou entreprises, institutions) distinctes de la liste ; vide : il n'y a pas de liste", ar: "الأشخاص (أو المقاولات أو المؤسسات) المختلفون في اللائحة؛ فارغ: لا لائحة"}
  - {name: ecart, type: DOUBLE, fr: "Déclaré moins nominatif", ar: "المصرح به ناقص ما في اللائحة"}
  - {name: lignes, type: BIGINT, fr: "Lignes de la liste derrière le nombre nominatif", ar: "أسطر اللائحة المقابلة للعدد"}
  - {name: doublons_fichier, type: BIGINT, fr: "Dont lignes d'une personne déjà comptée dans le même fichier", ar: "منها أسطر شخص سبق احتسابه في الملف نفسه"}
  - {name: doublons_entre_fichiers, type: BIGINT, fr: "Dont personnes déjà comptées dans un autre fichier de la même liste", ar: "منها أشخاص سبق احتسابهم في ملف آخر من اللائحة نفسها"}
  - {name: deja_comptees, type: BIGINT, fr: "Dont personnes comptées chez un autre membre, qui les a déclarées d'abord ; 0 pour un comité", ar: "منهم أشخاص احتُسبوا لدى عضو آخر صرح بهم أولا؛ 0 بالنسبة للجنة"}
  - {name: publie, type: DOUBLE, fr: "Ce que la liste apporte au chiffre publié", ar: "ما تضيفه اللائحة إلى الرقم المنشور"}
  - {name: hors_periode, type: BIGINT, fr: "Lignes des mêmes fichiers qui comptent dans une autre période, d'après leur date ; au total seulement", ar: "أسطر من الملفات نفسها تُحتسب في فترة أخرى حسب تاريخها؛ في المجموع فقط"}
  - {name: refusees, type: BIGINT, fr: "Lignes refusées sur les feuilles de la liste, qui n'ont compté nulle part ; au total seulement", ar: "أسطر مرفوضة في أوراق اللائحة لم تُحتسب في أي مكان؛ في المجموع فقط"}
checks:
  - not_null: [declare]
  - accepted: {column: sexe, values: [F, H, ND, T]}
  - refers: {column: code, to: indicateurs.code}
  - refers: {column: membre, to: stg_member.membre}
*/
with
item as (
    unpivot (select * from declared_item where counted)
    on f as 'F', h as 'H', nd as 'ND', t as 'T'
    into name sexe value valeur
),

dated as (
    select * exclude (trimestre), cast(null as integer) as trimestre from item where in_year
    union all by name
    select * from item where trimestre is not null
),

declared as (
    select member, code, annee, trimestre, sexe, sum(valeur) as declare
    from dated
    group by all
),

source as (
    select distinct member, role, code, annee, trimestre, region, structure_key
    from dated
),

contribution as (
    select i.*, a.structure_key
    from indicators as i
    semi join source using (code, annee)
    join accepted as a using (submission_id)
    where i.role in ('N', 'C')
),

-- The lists that answer each declaration: those of the same structures, and for a
-- committee those of its region.
matched as (
    select d.member, d.code, d.annee, d.trimestre, c.role, c.unit, c.sexe, c.submission_id, c.sheet, c.row
    from (select distinct * exclude (region) from source where role <> 'committee') as d
    join contribution as c
        on c.code = d.code and c.annee = d.annee and c.member = d.member
        and c.structure_key is not distinct from d.structure_key
        and (d.trimestre is null or c.trimestre = d.trimestre)
    union all
    select d.member, d.code, d.annee, d.trimestre, c.role, c.unit, c.sexe, c.submission_id, c.sheet, c.row
    from (select distinct * exclude (structure_key) from source where role = 'committee') as d
    join contribution as c
        on c.code = d.code and c.annee = d.annee and c.region = d.region
        and (d.trimestre is null or c.trimestre = d.trimestre)
),

row_of as (
    select distinct * exclude (role) from matched where role = 'N'
),

unit as (
    select
        r.member,
        r.code,
        r.annee,
        r.trimestre,
        r.sexe,
        r.unit,
        count(*) as lignes,
        count(distinct r.submission_id) as fichiers,
        any_value(r.member in (select member from source where role <> 'committee') and f.member <> r.member) as ailleurs
    from row_of as r
    join first_told as f on f.code = r.code and f.annee = r.annee and f.unit = r.unit and f.trimestre is not distinct from r.trimestre
    group by all
),

counted as (
    select
        member,
        code,
        annee,
        trimestre,
        coalesce(sexe, 'T') as sexe,
        count(*) as nominatif,
        cast(sum(lignes) as bigint) as lignes,
        cast(sum(lignes - fichiers) as bigint) as doublons_fichier,
        cast(sum(fichiers - 1) as bigint) as doublons_entre_fichiers,
        count(*) filter (where ailleurs) as deja_comptees
    from unit
    group by member, code, annee, trimestre, rollup (sexe)
    having grouping(sexe) = 1 or sexe <> 'T'
),

-- The files behind each declaration, and what else their sheets hold.
file as (
    select distinct member, code, annee, trimestre, submission_id, sheet
    from matched
    where sheet is not null
),

elsewhere as (
    select f.member, f.code, f.annee, f.trimestre, count(distinct (i.submission_id, i.sheet, i.row)) as hors_periode
    from file as f
    join indicators as i on i.role = 'N' and i.code = f.code and i.submission_id = f.submission_id and i.sheet = f.sheet
        and (i.annee <> f.annee or i.trimestre is distinct from coalesce(f.trimestre, i.trimestre))
    group by all
),

refused as (
    select f.member, f.code, f.annee, f.trimestre, count(distinct (e.submission_id, e.sheet, e.row)) as refusees
    from file as f
    join stg_issue as e on e.submission_id = f.submission_id and e.sheet = f.sheet and e.gravite = 'erreur' and e.row is not null
    group by all
),

listed as (
    select distinct member, code, annee, trimestre
    from matched
    where role = 'C'
),

final as (
    select
        i.ordre,
        d.member as membre,
        d.code,
        d.annee || coalesce('-T' || d.trimestre, '') as periode,
        d.sexe,
        d.declare,
        cast(if(l.code is not null, coalesce(c.nominatif, 0), null) as double) as nominatif,
        round(d.declare - if(l.code is not null, coalesce(c.nominatif, 0), null), 6) as ecart,
        if(l.code is not null, coalesce(c.lignes, 0), null) as lignes,
        if(l.code is not null, coalesce(c.doublons_fichier, 0), null) as doublons_fichier,
        if(l.code is not null, coalesce(c.doublons_entre_fichiers, 0), null) as doublons_entre_fichiers,
        if(l.code is not null, coalesce(c.deja_comptees, 0), null) as deja_comptees,
        cast(if(l.code is not null, coalesce(c.nominatif - c.deja_comptees, 0), null) as double) as publie,
        if(l.code is not null and d.sexe = 'T', coalesce(e.hors_periode, 0), null) as hors_periode,
        if(l.code is not null and d.sexe = 'T', coalesce(x.refusees, 0), null) as refusees
    from declared as d
    join stg_indicator as i using (code)
    left join listed as l
        on l.member = d.member and l.code = d.code and l.annee = d.annee and l.trimestre is not distinct from d.trimestre
    left join counted as c
        on c.member = d.member and c.code = d.code and c.annee = d.annee and c.sexe = d.sexe
        and c.trimestre is not distinct from d.trimestre
    left join elsewhere as e
        on e.member = d.member and e.code = d.code and e.annee = d.annee and e.trimestre is not distinct from d.trimestre
    left join refused as x
        on x.member = d.member and x.code = d.code and x.annee = d.annee and x.trimestre is not distinct from d.trimestre
)

select * exclude (ordre)
from final
order by membre, ordre, periode, sexe
