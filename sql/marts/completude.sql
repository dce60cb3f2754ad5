/*
description: >
  Ce qui est attendu de chaque membre et ce qui est arrivé, au jour de l'édition. Un envoi refusé ne compte pas ; un
  envoi corrigé depuis garde la date du premier. Un envoi annuel répond pour chaque trimestre.
description_ar: >
  ما يُنتظر من كل عضو وما وصل إلى يوم الإصدار. الإرسال المرفوض لا يُحتسب، والإرسال المصحَّح يحتفظ بتاريخ أول إرسال،
  والإرسال السنوي يغني عن كل فصل.
grain: [membre, structure, periode]
columns:
  - {name: membre, type: VARCHAR, fr: "Membre", ar: "العضو"}
  - {name: structure, type: VARCHAR, fr: "Structure attendue ; vide : le membre entier", ar: "البنية المنتظرة؛ فارغ: العضو كله"}
  - {name: periode, type: VARCHAR, fr: "Année (2020) ou trimestre (2020-T1)", ar: "السنة (2020) أو الفصل (2020-T1)"}
  - {name: attendu_le, type: DATE, fr: "Date limite", ar: "آخر أجل"}
  - {name: recu_le, type: DATE, fr: "Date du premier envoi accepté", ar: "تاريخ أول إرسال مقبول"}
  - {name: statut, type: VARCHAR, fr: "a_temps, en_retard, manquant (la date limite est passée), attendu (elle ne l'est pas)", ar: "a_temps في الأجل، en_retard متأخر، manquant غائب بعد الأجل، attendu منتظر قبل الأجل"}
checks:
  - not_null: [membre, periode, attendu_le, statut]
  - accepted: {column: statut, values: [a_temps, en_retard, manquant, attendu]}
  - refers: {column: membre, to: stg_member.membre}
*/
with
-- The key of a label, as readings have it: no case, accent, apostrophe or
-- punctuation.
expected as (
    select
        *,
        trim(regexp_replace(
            regexp_replace(lower(strip_accents(structure)), '[''’]', '', 'g'),
            '[^\p{L}\p{N}]+', ' ', 'g'
        )) as structure_key
    from stg_expected
),

received as (
    select member, structure, structure_key, annee, trimestre, received_on
    from stg_submission
    where status in ('acceptee', 'reserves', 'remplacee')
),

today as (
    select cast(max(value) as date) as as_of
    from stg_setting
    where key = 'as_of'
),

final as (
    select
        e.member as membre,
        e.structure,
        e.periode,
        e.due as attendu_le,
        min(r.received_on) as recu_le,
        case
            when min(r.received_on) <= e.due then 'a_temps'
            when min(r.received_on) is not null then 'en_retard'
            when any_value(today.as_of) > e.due then 'manquant'
            else 'attendu'
        end as statut
    from expected as e
    cross join today
    left join received as r
        on r.member = e.member and r.annee = e.annee
        and (r.trimestre is null or r.trimestre = e.trimestre)
        and (e.structure is null or r.structure = e.structure or r.structure_key = e.structure_key)
    group by e.member, e.structure, e.periode, e.due
)

select * from final
order by membre, structure nulls first, periode
