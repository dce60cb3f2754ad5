/*
description: >
  Le tableau de suivi tel que le comité le présente : pour chaque indicateur et chaque année, la valeur nationale à
  côté de la base, de l'année précédente et des cibles. Les sexes n'ont ni base ni cible : le cadre de résultats n'en
  fixe que pour le total.
description_ar: >
  جدول التتبع كما تعرضه اللجنة: لكل مؤشر وكل سنة، القيمة الوطنية إلى جانب القيمة الأساسية وقيمة السنة السابقة والأهداف.
  ليس للجنسين قيمة أساسية ولا هدف، فإطار النتائج لا يحددهما إلا للمجموع.
grain: [code, annee, sexe]
columns:
  - {name: code, type: VARCHAR, fr: "Code de l'indicateur", ar: "رمز المؤشر"}
  - {name: libelle, type: VARCHAR, fr: "Libellé", ar: "التسمية"}
  - {name: unite, type: VARCHAR, fr: "nombre ou pourcentage", ar: "عدد (nombre) أو نسبة مئوية (pourcentage)"}
  - {name: annee, type: INTEGER, fr: "Année", ar: "السنة"}
  - {name: sexe, type: VARCHAR, fr: "F femmes, H hommes, ND non déclaré, T total", ar: "F نساء، H رجال، ND غير مصرح به، T المجموع"}
  - {name: valeur_base, type: DOUBLE, fr: "Valeur de base du projet", ar: "القيمة الأساسية للمشروع"}
  - {name: valeur_annee_precedente, type: DOUBLE, fr: "Valeur de l'année précédente", ar: "قيمة السنة السابقة"}
  - {name: valeur_annee, type: DOUBLE, fr: "Valeur de l'année ; vide : non rapportée", ar: "قيمة السنة؛ فارغة: غير مبلغ عنها"}
  - {name: cible_annee, type: DOUBLE, fr: "Cible de l'année", ar: "هدف السنة"}
  - {name: cible_finale, type: DOUBLE, fr: "Cible à la fin du projet", ar: "الهدف عند نهاية المشروع"}
  - {name: taux_realisation, type: DOUBLE, fr: "100 x valeur de l'année / cible de l'année, arrondi à 0,1 ; vide sans cible ou si elle vaut 0", ar: "100 × قيمة السنة / هدف السنة، مقربة إلى 0,1؛ فارغ في غياب الهدف أو إذا كان 0"}
  - {name: statut, type: VARCHAR, fr: "atteint (la cible de l'année), proche (75 % au moins), insuffisant, sans_cible, non_renseigne ; vide pour les sexes", ar: "atteint بلغ الهدف، proche قريب (75 % على الأقل)، insuffisant غير كاف، sans_cible بلا هدف، non_renseigne غير مبلغ عنه؛ فارغ للجنسين"}
  - {name: origine, type: VARCHAR, fr: "D'où vient la valeur de l'année : nominative, declaree, reference", ar: "مصدر قيمة السنة: nominative لوائح، declaree تصريح، reference مرجع"}
  - {name: drapeaux, type: VARCHAR, fr: "Réserves sur la valeur de l'année (voir valeurs)", ar: "تحفظات على قيمة السنة (انظر valeurs)"}
checks:
  - accepted: {column: sexe, values: [F, H, ND, T]}
  - accepted: {column: statut, values: [atteint, proche, insuffisant, sans_cible, non_renseigne]}
  - refers: {column: code, to: indicateurs.code}
*/
with
indicator as (
    select * from indicateurs
),

value_of_year as (
    select *
    from valeurs
    where trimestre is null and region is null
),

joined as (
    select
        i.ordre,
        i.code,
        i.libelle,
        i.unite,
        v.annee,
        v.sexe,
        if(v.sexe = 'T', i.valeur_base, null) as valeur_base,
        p.valeur as valeur_annee_precedente,
        v.valeur as valeur_annee,
        t.cible as cible_annee,
        if(v.sexe = 'T', i.cible_finale, null) as cible_finale,
        v.origine,
        v.drapeaux
    from value_of_year as v
    join indicator as i using (code)
    left join value_of_year as p on p.code = v.code and p.annee = v.annee - 1 and p.sexe = v.sexe
    left join cibles as t on t.code = v.code and t.annee = v.annee and v.sexe = 'T'
    where v.sexe = 'T' or i.desagrege_sexe
),

final as (
    select
        ordre,
        code,
        libelle,
        unite,
        annee,
        sexe,
        valeur_base,
        valeur_annee_precedente,
        valeur_annee,
        cible_annee,
        cible_finale,
        round(100 * valeur_annee / nullif(cible_annee, 0), 1) as taux_realisation,
        case
            when sexe <> 'T' then null
            when valeur_annee is null then 'non_renseigne'
            when cible_annee is null then 'sans_cible'
            when valeur_annee >= cible_annee then 'atteint'
            when valeur_annee >= 0.75 * cible_annee then 'proche'
            else 'insuffisant'
        end as statut,
        origine,
        drapeaux
    from joined
)

select * exclude (ordre)
from final
order by annee, ordre, sexe
