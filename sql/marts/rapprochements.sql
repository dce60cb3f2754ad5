/*
description: >
  Ce qu'un membre déclare à côté de ce que montre la liste dédoublonnée, pour les indicateurs qui comptent. Pour une
  institution ou une association, la liste est celle de ses structures qui ont déclaré ; pour un comité, ce sont celles
  de tous les membres dans sa région.
description_ar: >
  ما يصرح به العضو إلى جانب ما تبينه اللائحة بعد حذف المكرر، للمؤشرات العددية. بالنسبة لمؤسسة أو جمعية فاللائحة
  لائحة بنياتها التي صرحت؛ وبالنسبة للجنة فهي لوائح جميع الأعضاء في جهتها.
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

unit as (
    select member, code, annee, trimestre, sexe, unit, count(*) as lignes
    from (select distinct * exclude (role) from matched where role = 'N')
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
        cast(sum(lignes) as bigint) as lignes
    from unit
    group by member, code, annee, trimestre, rollup (sexe)
    having grouping(sexe) = 1 or sexe <> 'T'
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
        if(l.code is not null, coalesce(c.lignes, 0), null) as lignes
    from declared as d
    join stg_indicator as i using (code)
    left join listed as l
        on l.member = d.member and l.code = d.code and l.annee = d.annee and l.trimestre is not distinct from d.trimestre
    left join counted as c
        on c.member = d.member and c.code = d.code and c.annee = d.annee and c.sexe = d.sexe
        and c.trimestre is not distinct from d.trimestre
)

select * exclude (ordre)
from final
order by membre, ordre, periode, sexe
