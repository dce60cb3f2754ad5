/*
description: Les valeurs qui ont changé d'une édition à la suivante, et l'envoi qui en est la cause.
description_ar: القيم التي تغيرت من إصدار إلى الذي يليه، والإرسال المتسبب في ذلك.
grain: [edition, code, annee, trimestre, region, sexe]
columns:
  - {name: code, type: VARCHAR, fr: "Code de l'indicateur", ar: "رمز المؤشر"}
  - {name: annee, type: INTEGER, fr: "Année", ar: "السنة"}
  - {name: trimestre, type: INTEGER, fr: "Trimestre ; vide : l'année entière", ar: "الفصل؛ فارغ: السنة كاملة"}
  - {name: region, type: VARCHAR, fr: "Région ; vide : la nation", ar: "الجهة؛ فارغ: المستوى الوطني"}
  - {name: sexe, type: VARCHAR, fr: "F, H, ND, T", ar: "F نساء، H رجال، ND غير مصرح به، T المجموع"}
  - {name: publie_le, type: DATE, fr: "Date de l'édition qui a changé la valeur", ar: "تاريخ الإصدار الذي غير القيمة"}
  - {name: edition, type: INTEGER, fr: "Numéro de cette édition", ar: "رقم هذا الإصدار"}
  - {name: valeur_avant, type: DOUBLE, fr: "Valeur de l'édition précédente ; vide : aucune", ar: "القيمة في الإصدار السابق؛ فارغ: لا قيمة"}
  - {name: valeur_apres, type: DOUBLE, fr: "Nouvelle valeur ; vide : retirée", ar: "القيمة الجديدة؛ فارغ: سُحبت"}
  - {name: cause, type: VARCHAR, fr: "Soumissions à l'origine du changement, séparées par des virgules ; vide : la configuration ou les règles", ar: "الإرسال المتسبب في التغيير"}
checks:
  - not_null: [publie_le]
*/
with
setting as (
    select
        max(value) filter (where key = 'as_of') as as_of,
        cast(max(value) filter (where key = 'edition') as integer) as edition,
        cast(max(value) filter (where key = 'previous_seq') as integer) as previous_seq
    from stg_setting
),

past as (
    select code, annee, trimestre, region, sexe, published_on as publie_le, edition, valeur_avant, valeur_apres, cause
    from stg_revision
),

previous as (
    select * from stg_previous_value
),

-- What arrived since the edition before, and what it feeds.
arrived as (
    select i.code, i.annee, string_agg(distinct i.submission_id, ',' order by i.submission_id) as cause
    from (
        select code, annee, submission_id from indicators
        union
        select code, annee, submission_id from declared_row
    ) as i
    join stg_submission as s using (submission_id)
    where s.seq > (select previous_seq from setting)
    group by all
),

compared as (
    select
        coalesce(n.code, p.code) as code,
        coalesce(n.annee, p.annee) as annee,
        coalesce(n.trimestre, p.trimestre) as trimestre,
        coalesce(n.region, p.region) as region,
        coalesce(n.sexe, p.sexe) as sexe,
        p.valeur as valeur_avant,
        n.valeur as valeur_apres
    from previous as p
    full join valeurs as n
        on n.code = p.code and n.annee = p.annee and n.sexe = p.sexe
        and n.trimestre is not distinct from p.trimestre and n.region is not distinct from p.region
    where p.valeur is distinct from n.valeur
        and exists (from previous) -- the first edition revises nothing
),

present as (
    select
        c.code,
        c.annee,
        c.trimestre,
        c.region,
        c.sexe,
        cast(s.as_of as date) as publie_le,
        s.edition,
        c.valeur_avant,
        c.valeur_apres,
        a.cause
    from compared as c
    cross join setting as s
    left join arrived as a on a.code = c.code and a.annee = c.annee
),

final as (
    from past
    union all
    from present
)

select * from final
order by edition, code, annee, trimestre nulls first, region nulls first, sexe
