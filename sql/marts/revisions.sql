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
past as (
    select edition, published_on, code, annee, trimestre, region, sexe, valeur_avant, valeur_apres, cause
    from stg_revision
),

setting as (
    select
        max(cast(value as integer)) filter (where key = 'edition') as edition,
        max(cast(value as date)) filter (where key = 'as_of') as published_on,
        max(cast(value as integer)) filter (where key = 'previous_seq') as previous_seq
    from stg_setting
),

-- What arrived since the edition in place and speaks of the indicator that year;
-- a submission that took another's place stands for both.
cause as (
    select i.code, i.annee, string_agg(distinct s.submission_id, ',' order by s.submission_id) as cause
    from indicators as i
    join stg_submission as s using (submission_id)
    cross join setting
    where s.seq > setting.previous_seq
    group by i.code, i.annee
),

present as (
    select setting.edition, setting.published_on, c.*, cause.cause
    from (
        select
            coalesce(v.code, p.code) as code,
            coalesce(v.annee, p.annee) as annee,
            coalesce(v.trimestre, p.trimestre) as trimestre,
            coalesce(v.region, p.region) as region,
            coalesce(v.sexe, p.sexe) as sexe,
            p.valeur as valeur_avant,
            v.valeur as valeur_apres
        from valeurs as v
        full join stg_previous_value as p
            on v.code = p.code and v.annee = p.annee and v.sexe = p.sexe
            and v.trimestre is not distinct from p.trimestre and v.region is not distinct from p.region
        where v.valeur is distinct from p.valeur
    ) as c
    cross join setting
    left join cause on cause.code = c.code and cause.annee = c.annee
    where exists (select 1 from stg_previous_value)
),

final as (
    select * from past
    union all by name
    select * from present
)

select
    code,
    annee,
    trimestre,
    region,
    sexe,
    published_on as publie_le,
    edition,
    valeur_avant,
    valeur_apres,
    cause
from final
order by edition, code, annee, trimestre nulls first, region nulls first, sexe
