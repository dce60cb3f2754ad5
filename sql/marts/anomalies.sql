/*
description: >
  Ce qui ne va pas dans les envois en vigueur ou refusés : les problèmes relevés à la lecture, puis ceux des règles de
  qualité (quality.*), qui comparent les chiffres entre eux. Aucune valeur lue n'y figure.
description_ar: >
  ما يعتري الإرسالات السارية أو المرفوضة: المشاكل المسجلة عند القراءة، ثم ما كشفته قواعد الجودة (quality.*) التي تقارن
  الأرقام فيما بينها. ولا ترد فيها أي قيمة مقروءة.
temporary: true
grain: [numero]
columns:
  - {name: numero, type: BIGINT, fr: "Rang dans cette table", ar: "الترتيب في هذا الجدول"}
  - {name: regle, type: VARCHAR, fr: "Code de la règle", ar: "رمز القاعدة"}
  - {name: gravite, type: VARCHAR, fr: "bloquant, erreur, avertissement", ar: "bloquant مانع، erreur خطأ، avertissement تنبيه"}
  - {name: membre, type: VARCHAR, fr: "Membre ; vide quand plusieurs sont en cause", ar: "العضو؛ فارغ إذا تعدد المعنيون"}
  - {name: soumission, type: VARCHAR, fr: "Identifiant de la soumission", ar: "معرف الإرسال"}
  - {name: feuille, type: VARCHAR, fr: "Feuille", ar: "الورقة"}
  - {name: cellule, type: VARCHAR, fr: "Cellule (C14) ou ligne (14:14)", ar: "الخانة (C14) أو السطر (14:14)"}
  - {name: code, type: VARCHAR, fr: "Indicateur en cause, s'il y en a un", ar: "المؤشر المعني إن وجد"}
  - {name: periode, type: VARCHAR, fr: "Année ou trimestre en cause", ar: "السنة أو الفصل المعني"}
  - {name: region, type: VARCHAR, fr: "Région en cause", ar: "الجهة المعنية"}
  - {name: message, type: VARCHAR, fr: "La règle, en une phrase", ar: "القاعدة في جملة، بالفرنسية"}
  - {name: message_ar, type: VARCHAR, fr: "La règle, en arabe", ar: "القاعدة في جملة، بالعربية"}
checks:
  - not_null: [regle, gravite, message]
  - accepted: {column: gravite, values: [bloquant, erreur, avertissement]}
  - refers: {column: soumission, to: soumissions.soumission}
*/
with
issue as (
    select
        i.regle,
        i.gravite,
        s.member as membre,
        s.submission_id as soumission,
        i.sheet as feuille,
        i.cell as cellule,
        cast(null as varchar) as code,
        s.periode,
        cast(null as varchar) as region,
        i.n
    from stg_issue as i
    join stg_submission as s using (submission_id)
    where s.status in ('acceptee', 'reserves', 'rejetee')
),

quality as (
    select
        'quality.' || substr(w.source, 5) as regle,
        'avertissement' as gravite,
        w.member as membre,
        w.submission_id as soumission,
        w.sheet as feuille,
        w.cell as cellule,
        w.code,
        w.annee || coalesce('-T' || w.trimestre, '') as periode,
        w.region,
        cast(null as integer) as n
    from warnings as w
),

word as (
    select regle, title_fr as fr, title_ar as ar
    from stg_rule
    where not starts_with(regle, 'quality.')
    union all
    select 'quality.' || substr(name, 5), fr, ar
    from doc_check
    where severity = 'warning'
),

numbered as (
    select
        row_number() over (
            order by n is null, membre nulls first, soumission nulls first, n, regle, code, periode, region nulls first, feuille, cellule
        ) as numero,
        * exclude (n)
    from (from issue union all from quality)
),

final as (
    select i.*, coalesce(w.fr, i.regle) as message, coalesce(w.ar, i.regle) as message_ar
    from numbered as i
    left join word as w using (regle)
)

select * from final
order by numero
