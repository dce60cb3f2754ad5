/*
description: >
  La valeur de chaque indicateur, par année et trimestre, nation et région, sexe et total. Une valeur vide
  (NULL) n'a été rapportée par personne ; un 0 a été constaté. Les personnes sont comptées une seule fois par
  cellule : les régions, ou les trimestres, peuvent donc totaliser plus que la nation, ou que l'année. T = F + H + ND.
description_ar: >
  قيمة كل مؤشر حسب السنة والفصل، والوطن والجهة، والجنس والمجموع. القيمة الفارغة لم يُبلِّغ عنها أحد، أما الصفر فقد تمت
  معاينته. يُحتسب كل شخص مرة واحدة في كل خانة، ولذلك قد يتجاوز مجموع الجهات أو الفصول قيمة الوطن أو السنة.
grain: [code, annee, trimestre, region, sexe]
columns:
  - {name: code, type: VARCHAR, fr: "Code de l'indicateur", ar: "رمز المؤشر"}
  - {name: annee, type: INTEGER, fr: "Année", ar: "السنة"}
  - {name: trimestre, type: INTEGER, fr: "Trimestre, de 1 à 4 ; vide : l'année entière", ar: "الفصل من 1 إلى 4؛ فارغ: السنة كاملة"}
  - {name: region, type: VARCHAR, fr: "Code HCP de la région ; vide : la nation", ar: "رمز الجهة لدى المندوبية السامية للتخطيط؛ فارغ: المستوى الوطني"}
  - {name: sexe, type: VARCHAR, fr: "F femmes, H hommes, ND non déclaré, T total", ar: "F نساء، H رجال، ND غير مصرح به، T المجموع"}
  - {name: valeur, type: DOUBLE, fr: "Valeur : un nombre, ou un pourcentage arrondi à 0,1 ; vide : non rapportée", ar: "القيمة: عدد، أو نسبة مئوية مقربة إلى 0,1؛ فارغة: غير مبلغ عنها"}
  - {name: numerateur, type: DOUBLE, fr: "Numérateur tiré des listes ; vide quand il n'y a pas de liste", ar: "البسط المستخرج من اللوائح؛ فارغ في غياب لائحة"}
  - {name: denominateur, type: DOUBLE, fr: "Dénominateur d'un pourcentage ou d'une moyenne ; vide quand il n'y a pas de liste", ar: "مقام النسبة أو المتوسط؛ فارغ في غياب لائحة"}
  - {name: valeur_declaree, type: DOUBLE, fr: "Total déclaré par les membres pour la même cellule", ar: "المجموع المصرح به من طرف الأعضاء للخانة نفسها"}
  - {name: ecart, type: DOUBLE, fr: "Valeur déclarée moins valeur publiée", ar: "القيمة المصرح بها ناقص القيمة المنشورة"}
  - {name: origine, type: VARCHAR, fr: "D'où vient la valeur : nominative (listes), declaree (totaux des membres), reference (rapport du projet) ; vide : personne n'a rien rapporté", ar: "مصدر القيمة: nominative (اللوائح)، declaree (مجاميع الأعضاء)، reference (تقرير المشروع)؛ فارغ: لم يبلغ أحد"}
  - {name: drapeaux, type: VARCHAR, fr: "Réserves, séparées par des virgules : plus_de_100, numerateur_hors_denominateur, mixte (listes et totaux déclarés), couverture_partielle (certains trimestres seulement), regions_non_additives, ecart_declare, declaration_partielle (tous les membres n'ont pas déclaré : l'écart n'en est pas un), reference_contredite", ar: "تحفظات مفصولة بفواصل: plus_de_100 أكثر من 100 %، numerateur_hors_denominateur البسط ليس من المقام، mixte لوائح ومجاميع مصرح بها، couverture_partielle بعض الفصول فقط، regions_non_additives مجموع الجهات يخالف الوطن، ecart_declare فارق مع المصرح به، declaration_partielle لم يصرح كل الأعضاء فلا معنى للفارق، reference_contredite يخالف القيمة المرجعية"}
checks:
  - not_null: [code, annee, sexe]
  - accepted: {column: trimestre, values: [1, 2, 3, 4]}
  - accepted: {column: sexe, values: [F, H, ND, T]}
  - accepted: {column: origine, values: [nominative, declaree, reference]}
  - refers: {column: code, to: indicateurs.code}
  - refers: {column: region, to: stg_region.code}
*/
with
indicator as (
    select ordre, code, calcul, declaree, mesure, if(mesure = 'personnes', ['F', 'H', 'ND', 'T'], ['T']) as sexes
    from stg_indicator
),

reference as (
    select code, annee, sexe, valeur from stg_reference
    union all
    -- What the sexes leave of a counted total has no declared sex.
    select code, annee, 'ND', 2 * max(valeur) filter (where sexe = 'T') - sum(valeur)
    from stg_reference
    join indicator using (code)
    where calcul = 'compte' and mesure = 'personnes'
    group by code, annee
),

years as (
    select annee from measure
    union
    select annee from declared_cell
    union
    select annee from reference
    union
    select annee from stg_target
),

-- Every indicator has a national row every year, were it empty.
cells as (
    select code, annee, cast(null as integer) as trimestre, cast(null as varchar) as region from indicator cross join years
    union
    select code, annee, trimestre, region from measure
    union
    select code, annee, trimestre, region from declared_cell
),

gathered as (
    select
        c.*,
        s.sexe,
        i.ordre,
        i.calcul,
        i.declaree,
        i.mesure,
        m.code is not null as covered,
        m.numerateur,
        m.denominateur,
        m.outside,
        m.quarters,
        case i.calcul
            when 'compte' then m.numerateur
            when 'taux' then round(100 * m.numerateur / nullif(m.denominateur, 0), 1)
            else round(m.numerateur / nullif(m.denominateur, 0), 1)
        end as listed,
        case when i.calcul = 'compte' then d.retenu else round(d.retenu, 1) end as retenu,
        case when i.calcul = 'compte' then d.declare else round(d.declare, 1) end as declare,
        d.partial,
        r.valeur as reference
    from cells as c
    join indicator as i using (code)
    cross join unnest(i.sexes) as s(sexe)
    left join measure as m
        on m.code = c.code and m.annee = c.annee and m.sexe = s.sexe
        and m.trimestre is not distinct from c.trimestre and m.region is not distinct from c.region
    left join declared_cell as d
        on d.code = c.code and d.annee = c.annee and d.sexe = s.sexe
        and d.trimestre is not distinct from c.trimestre and d.region is not distinct from c.region
    left join reference as r
        on r.code = c.code and r.annee = c.annee and r.sexe = s.sexe
        and c.trimestre is null and c.region is null
),

-- One origin for a cell, decided on its total and true of its sexes: lists, then
-- declared totals, then the reference.
decided as (
    select
        *,
        case
            when covered and declaree then 'declaree'
            when covered and (calcul = 'compte' or total_listed is not null) then 'nominative'
            when total_retenu is not null then 'declaree'
            when total_reference is not null then 'reference'
            when covered then 'nominative'
        end as origine
    from (
        select
            *,
            max(listed) filter (where sexe = 'T') over cell as total_listed,
            max(retenu) filter (where sexe = 'T') over cell as total_retenu,
            max(reference) filter (where sexe = 'T') over cell as total_reference
        from gathered
        window cell as (partition by code, annee, trimestre, region)
    )
),

valued as (
    select
        *,
        origine = 'nominative' and calcul = 'compte' and total_retenu > 0 as mixed,
        case
            when origine = 'nominative' and calcul = 'compte' then listed + coalesce(retenu, 0)
            when origine = 'reference' then reference
            when origine = 'nominative' or (declaree and covered) then listed
            when origine = 'declaree' then retenu
        end as valeur
    from decided
),

compared as (
    select
        *,
        covered and (declaree or origine = 'nominative') as from_lists,
        case when not declaree then declare when covered then valeur end as valeur_declaree,
        sum(valeur) filter (where region is not null) over (partition by code, annee, trimestre, sexe) as regions
    from valued
),

final as (
    select
        ordre,
        code,
        annee,
        trimestre,
        region,
        sexe,
        valeur,
        if(from_lists, numerateur, null) as numerateur,
        if(from_lists, denominateur, null) as denominateur,
        valeur_declaree,
        round(valeur_declaree - valeur, 6) as ecart,
        origine,
        nullif(concat_ws(',',
            if(calcul = 'taux' and valeur > 100, 'plus_de_100', null),
            if(calcul = 'taux' and mesure in ('personnes', 'entreprises') and outside > 0, 'numerateur_hors_denominateur', null),
            if(mixed, 'mixte', null),
            if(trimestre is null and quarters < 4 and origine = 'nominative', 'couverture_partielle', null),
            if(region is null and calcul = 'compte' and regions <> valeur, 'regions_non_additives', null),
            if(partial, 'declaration_partielle', if(valeur_declaree <> valeur, 'ecart_declare', null)),
            if(origine <> 'reference' and reference <> valeur, 'reference_contredite', null)
        ), '') as drapeaux
    from compared
)

select * exclude (ordre)
from final
order by ordre, annee, trimestre nulls first, region nulls first, sexe
