/*
description: >
  D'où vient chaque valeur : combien de lignes de chaque feuille de chaque fichier y contribuent. Une ligne qui répète
  une personne déjà comptée y figure aussi.
description_ar: >
  مصدر كل قيمة: عدد الأسطر المساهمة فيها من كل ورقة من كل ملف. ويدخل فيها أيضا السطر الذي يكرر شخصا سبق احتسابه.
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
listed as (
    select code, role, annee, trimestre, region, sexe, submission_id, sheet, row
    from indicators
    where role in ('N', 'D')
),

-- The rows of declared totals that stand in for lists.
declared as (
    select distinct
        d.code,
        'N' as role,
        d.annee,
        if(i.in_year, d.trimestre, null) as trimestre,
        d.region,
        d.sexe,
        d.submission_id,
        d.sheet,
        d.row
    from declared_row as d
    join declared_item as i
        on i.code = d.code and i.member = d.member and i.annee = d.annee
        and i.structure_key is not distinct from d.structure_key
        and i.trimestre is not distinct from d.trimestre
        and i.region is not distinct from d.region
    where not i.listed and not i.redundant
),

cell as (
    select
        code,
        annee,
        trimestre,
        region,
        coalesce(sexe, 'T') as sexe,
        submission_id,
        sheet,
        count(distinct row) as lignes,
        count(distinct row) filter (where role = 'N') as lignes_numerateur,
        count(distinct row) filter (where role = 'D') as lignes_denominateur
    from (from listed union all from declared)
    group by code, annee, submission_id, sheet, cube (trimestre, region, sexe)
    having (grouping(trimestre) = 1 or trimestre is not null)
        and (grouping(region) = 1 or region is not null)
        and (grouping(sexe) = 1 or sexe <> 'T')
),

final as (
    select
        i.ordre,
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
    join stg_indicator as i using (code)
    join valeurs as v
        on v.code = c.code and v.annee = c.annee and v.sexe = c.sexe
        and v.trimestre is not distinct from c.trimestre and v.region is not distinct from c.region
    where v.origine in ('nominative', 'declaree')
)

select * exclude (ordre)
from final
order by ordre, annee, trimestre nulls first, region nulls first, sexe, soumission, feuille
