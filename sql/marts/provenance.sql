/*
description: >
  D'où vient chaque valeur : combien de lignes de chaque feuille de chaque fichier y contribuent. Une ligne qui répète
  une personne déjà comptée y figure aussi.
description_ar: >
  مصدر كل قيمة: عدد الأسطر المساهمة فيها من كل ورقة من كل ملف. ويدخل فيها أيضا السطر الذي يكرر شخصا سبق احتسابه.
temporary: true
grain: [code, annee, trimestre, region, sexe, soumission, feuille]
columns:
  - {name: code, type: VARCHAR, fr: "Code de l'indicateur", ar: "رمز المؤشر"}
  - {name: annee, type: INTEGER, fr: "Année", ar: "السنة"}
  - {name: trimestre, type: INTEGER, fr: "Trimestre ; vide : l'année entière", ar: "الفصل؛ فارغ: السنة كاملة"}
  - {name: region, type: VARCHAR, fr: "Région ; vide : la nation", ar: "الجهة؛ فارغ: المستوى الوطني"}
  - {name: sexe, type: VARCHAR, fr: "F, H, ND, T", ar: "F نساء، H رجال، ND غير مصرح به، T المجموع"}
  - {name: soumission, type: VARCHAR, fr: "Identifiant de la soumission", ar: "معرف الإرسال"}
  - {name: feuille, type: VARCHAR, fr: "Feuille", ar: "الورقة"}
  - {name: lignes, type: BIGINT, fr: "Lignes distinctes, numérateur et dénominateur ensemble", ar: "الأسطر المختلفة، في البسط والمقام معا"}
  - {name: lignes_numerateur, type: BIGINT, fr: "Dont lignes du numérateur (ou du total déclaré)", ar: "منها أسطر البسط (أو المجموع المصرح به)"}
  - {name: lignes_denominateur, type: BIGINT, fr: "Dont lignes du dénominateur", ar: "منها أسطر المقام"}
checks:
  - not_null: [soumission, feuille, lignes]
  - refers: {column: soumission, to: soumissions.soumission}
  - refers: {column: code, to: indicateurs.code}
*/
with
row_used as (
    select code, role, annee, trimestre, true as in_year, region, sexe, submission_id, sheet, row
    from indicators
    where role in ('N', 'D') and sexe = 'T' -- those of persons are traced already
    union all
    select code, 'N', annee, trimestre, in_year, region, sexe, submission_id, sheet, row
    from declared_used
),

-- A row counts in its quarter and in the year; not in the year when the year's
-- own declared figure took the place of the quarters'.
dated as (
    select
        * exclude (trimestre, in_year),
        unnest(case
            when trimestre is null then [null]
            when in_year then [null, trimestre]
            else [trimestre]
        end) as trimestre
    from row_used
),

placed as (
    select * exclude (region), unnest(if(region is null, [null], [null, region])) as region
    from dated
),

-- A row counts once in a cell, whatever it says several times.
once as (
    select
        code,
        annee,
        trimestre,
        region,
        sexe,
        submission_id,
        sheet,
        row,
        bool_or(role = 'N') as n,
        bool_or(role = 'D') as d
    from placed
    group by all
),

other as (
    select
        code,
        annee,
        trimestre,
        region,
        coalesce(sexe, 'T') as sexe,
        submission_id,
        sheet,
        count(*) as lignes,
        count(*) filter (where n) as lignes_numerateur,
        count(*) filter (where d) as lignes_denominateur
    from once
    group by code, annee, trimestre, region, submission_id, sheet, rollup (sexe)
    having grouping(sexe) = 1 or sexe <> 'T'
),

-- What both speak of, few if any, adds up.
cell as (
    select
        coalesce(t.code, o.code) as code,
        coalesce(t.annee, o.annee) as annee,
        coalesce(t.trimestre, o.trimestre) as trimestre,
        coalesce(t.region, o.region) as region,
        coalesce(t.sexe, o.sexe) as sexe,
        coalesce(t.submission_id, o.submission_id) as submission_id,
        coalesce(t.sheet, o.sheet) as sheet,
        coalesce(t.lignes, 0) + coalesce(o.lignes, 0) as lignes,
        coalesce(t.lignes_numerateur, 0) + coalesce(o.lignes_numerateur, 0) as lignes_numerateur,
        coalesce(t.lignes_denominateur, 0) + coalesce(o.lignes_denominateur, 0) as lignes_denominateur
    from traced as t
    full join other as o
        on o.code = t.code and o.annee = t.annee and o.sexe = t.sexe and o.submission_id = t.submission_id and o.sheet = t.sheet
        and o.trimestre is not distinct from t.trimestre and o.region is not distinct from t.region
),

-- In the order in which values are published: one number is sorted by sooner than
-- five columns.
valued as (
    select
        v.code,
        v.annee,
        v.trimestre,
        v.region,
        v.sexe,
        row_number() over (order by i.ordre, v.annee, v.trimestre nulls first, v.region nulls first, v.sexe) as n
    from valeurs as v
    join stg_indicator as i using (code)
    where v.origine in ('nominative', 'declaree')
),

final as (
    select
        v.n,
        c.code,
        c.annee,
        c.trimestre,
        c.region,
        c.sexe,
        c.submission_id as soumission,
        c.sheet as feuille,
        c.lignes,
        c.lignes_numerateur,
        c.lignes_denominateur
    from cell as c
    join valued as v
        on v.code = c.code and v.annee = c.annee and v.sexe = c.sexe
        and v.trimestre is not distinct from c.trimestre and v.region is not distinct from c.region
)

select * exclude (n)
from final
order by n, soumission, feuille
