/*
description: >
  L'activité des membres : les services rendus, au plus fin. personnes s'additionne : une personne est comptée une
  seule fois par service et par année, là où elle a été servie en premier. personnes_servies compte toutes celles que
  la cellule a servies, et ne s'additionne pas. Le service ENTREPRISE_APPROCHEE compte des entreprises, dans
  prestations, chacune une fois par année.
description_ar: >
  نشاط الأعضاء: الخدمات المقدمة بأدق تفصيل. عمود personnes قابل للجمع: يُحتسب كل شخص مرة واحدة لكل خدمة وكل سنة، حيث
  استفاد أول مرة. وعمود personnes_servies يحتسب كل المستفيدين في الخانة ولا يُجمع. والخدمة ENTREPRISE_APPROCHEE تحتسب
  المقاولات، في عمود prestations، كل واحدة مرة في السنة.
temporary: true
grain: [membre, service, region, province, annee, trimestre, sexe, nationalite, tranche_age, statut_administratif]
columns:
  - {name: membre, type: VARCHAR, fr: "Membre qui a rapporté le service", ar: "العضو الذي أبلغ عن الخدمة"}
  - {name: service, type: VARCHAR, fr: "Code du service rendu", ar: "رمز الخدمة المقدمة"}
  - {name: region, type: VARCHAR, fr: "Code HCP de la région où il a été rendu", ar: "رمز الجهة التي قُدمت فيها الخدمة"}
  - {name: province, type: VARCHAR, fr: "Code HCP de la province ou préfecture", ar: "رمز الإقليم أو العمالة"}
  - {name: annee, type: INTEGER, fr: "Année du service", ar: "سنة الخدمة"}
  - {name: trimestre, type: INTEGER, fr: "Trimestre du service ; vide : inconnu", ar: "فصل الخدمة؛ فارغ: غير معروف"}
  - {name: sexe, type: VARCHAR, fr: "F femmes, H hommes, ND non déclaré ; vide pour les entreprises", ar: "F نساء، H رجال، ND غير مصرح به؛ فارغ للمقاولات"}
  - {name: nationalite, type: VARCHAR, fr: "Nationalité, code ISO 3166-1 à trois lettres", ar: "الجنسية، رمز إيزو 3166-1 بثلاثة أحرف"}
  - {name: tranche_age, type: VARCHAR, fr: "Âge atteint dans l'année : 0-14, 15-17, 18-24, 25-34, 35-44, 45-59, 60+", ar: "السن المبلوغ خلال السنة: 0-14، 15-17، 18-24، 25-34، 35-44، 45-59، 60+"}
  - {name: statut_administratif, type: VARCHAR, fr: "Statut administratif de la personne", ar: "الوضعية الإدارية للشخص"}
  - {name: personnes, type: BIGINT, fr: "Personnes distinctes, chacune comptée là où ce service l'a d'abord servie dans l'année", ar: "أشخاص مختلفون، يُحتسب كل منهم حيث استفاد أول مرة من هذه الخدمة خلال السنة"}
  - {name: personnes_servies, type: BIGINT, fr: "Personnes distinctes servies dans la cellule", ar: "أشخاص مختلفون استفادوا في الخانة"}
  - {name: prestations, type: BIGINT, fr: "Prestations rendues (un même jour répété dans plusieurs fichiers compte une fois) ; entreprises pour ENTREPRISE_APPROCHEE", ar: "الخدمات المقدمة (اليوم نفسه المكرر في عدة ملفات يُحتسب مرة واحدة)؛ والمقاولات في ENTREPRISE_APPROCHEE"}
checks:
  - not_null: [membre, service, annee, prestations]
  - accepted: {column: sexe, values: [F, H, ND]}
  - accepted: {column: tranche_age, values: ["0-14", "15-17", "18-24", "25-34", "35-44", "45-59", "60+"]}
  - refers: {column: region, to: stg_region.code}
  - refers: {column: province, to: stg_province.code}
  - refers: {column: membre, to: stg_member.membre}
*/
with
first_contact as (
    select *
    from contact
    qualify row_number() over (
        partition by annee, unit
        order by trimestre nulls last, member, region, province, submission_id, sheet, row
    ) = 1
),

companies as (
    select
        member as membre,
        'ENTREPRISE_APPROCHEE' as service,
        region,
        province,
        annee,
        trimestre,
        count(*) as prestations
    from first_contact
    group by all
),

final as (
    select * from activity
    union all by name
    select * from companies
)

select * from final
order by membre, service, region, province, annee, trimestre, sexe, nationalite, tranche_age, statut_administratif
