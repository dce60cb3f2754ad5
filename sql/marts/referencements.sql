/*
description: >
  Les personnes qu'un membre en réfère à un autre, et celles que celui-ci a ensuite servies. Même découpage que les
  valeurs : année et trimestre, nation et région de celui qui réfère, sexe et total ; T = F + H + ND.
description_ar: >
  الأشخاص الذين يحيلهم عضو على آخر، ومن استفادوا بعد ذلك لدى هذا الأخير. التقسيم نفسه كما في القيم: السنة والفصل،
  والوطن وجهة العضو المُحيل، والجنس والمجموع.
temporary: true
grain: [membre_origine, membre_destination, annee, trimestre, region, sexe]
columns:
  - {name: membre_origine, type: VARCHAR, fr: "Membre qui réfère", ar: "العضو المُحيل"}
  - {name: membre_destination, type: VARCHAR, fr: "Membre à qui la personne est référée", ar: "العضو المُحال عليه"}
  - {name: annee, type: INTEGER, fr: "Année de la première référence", ar: "سنة الإحالة"}
  - {name: trimestre, type: INTEGER, fr: "Trimestre ; vide : l'année entière", ar: "الفصل؛ فارغ: السنة كاملة"}
  - {name: region, type: VARCHAR, fr: "Région ; vide : la nation", ar: "الجهة؛ فارغ: المستوى الوطني"}
  - {name: sexe, type: VARCHAR, fr: "F, H, ND, T", ar: "F نساء، H رجال، ND غير مصرح به، T المجموع"}
  - {name: referees, type: BIGINT, fr: "Personnes distinctes référées", ar: "أشخاص مختلفون محالون"}
  - {name: prises_en_charge, type: BIGINT, fr: "Dont servies ensuite par le membre destinataire ; vide : il n'a rien rapporté depuis", ar: "منهم من استفادوا بعد ذلك لدى العضو المحال عليه؛ فارغ: لم يبلغ هذا العضو عن شيء منذئذ"}
  - {name: delai_median_jours, type: DOUBLE, fr: "Délai médian, en jours, entre la référence et le premier service ; sur les dates connues au jour", ar: "الأجل الوسيط بالأيام بين الإحالة وأول خدمة؛ للتواريخ المعروفة باليوم"}
checks:
  - not_null: [referees]
  - accepted: {column: sexe, values: [F, H, ND, T]}
  - refers: {column: region, to: stg_region.code}
*/
with
referral as (
    select distinct unit, member as membre_origine, toward as membre_destination, annee, trimestre, region, sexe, date_first, by_day
    from event
    where service = 'REFERENCEMENT' and toward is not null and toward <> member
),

-- An inner join first: its dates are compared row by row, which a left join would
-- do against every row.
taken as (
    select
        r.unit,
        r.membre_origine,
        r.membre_destination,
        r.annee,
        r.date_first,
        min(e.date_first - r.date_first) filter (where r.by_day and e.by_day) as days
    from referral as r
    join event as e on e.unit = r.unit and e.member = r.membre_destination
    where e.date_last >= r.date_first and (e.date_first >= r.date_first or not e.by_day)
    group by all
),

followed as (
    select r.*, t.unit is not null as taken, t.days
    from referral as r
    left join taken as t using (unit, membre_origine, membre_destination, annee, date_first)
),

person as (
    select
        membre_origine,
        membre_destination,
        annee,
        trimestre,
        region,
        coalesce(sexe, 'T') as sexe,
        unit,
        bool_or(taken) as taken,
        min(days) as days
    from followed
    group by membre_origine, membre_destination, annee, unit, cube (trimestre, region, sexe)
    having (grouping(trimestre) = 1 or trimestre is not null)
        and (grouping(region) = 1 or region is not null)
),

counted as (
    select
        membre_origine,
        membre_destination,
        annee,
        trimestre,
        region,
        sexe,
        count(*) as referees,
        count(*) filter (where taken) as taken,
        cast(median(days) as double) as delai_median_jours
    from person
    group by all
),

heard as (
    select member, max(annee) as annee
    from covered
    group by member
),

-- Each cell that has a total has its sexes, were they 0.
cells as (
    select c.* exclude (sexe, referees, taken, delai_median_jours), unnest(['F', 'H', 'ND', 'T']) as sexe
    from counted as c
    where c.sexe = 'T'
),

final as (
    select
        cells.membre_origine,
        cells.membre_destination,
        cells.annee,
        cells.trimestre,
        cells.region,
        cells.sexe,
        coalesce(c.referees, 0) as referees,
        if(heard.member is not null, coalesce(c.taken, 0), null) as prises_en_charge,
        c.delai_median_jours
    from cells
    left join counted as c
        on c.membre_origine = cells.membre_origine and c.membre_destination = cells.membre_destination
        and c.annee = cells.annee and c.sexe = cells.sexe
        and c.trimestre is not distinct from cells.trimestre and c.region is not distinct from cells.region
    left join heard on heard.member = cells.membre_destination and heard.annee >= cells.annee
)

select * from final
order by membre_origine, membre_destination, annee, trimestre nulls first, region nulls first, sexe
