/*
description: >
  Persons, with what their mentions say of them: for each attribute the value
  most mentions give and, among equals, the one given last. A person no mention
  gives a sex is ND; other attributes stay NULL.
grain: [person_id]
by: person_id
checks:
  - accepted: {column: sexe, values: [F, H, ND]}
*/
with
mention as (
    select m.*, p.person_id, row_number() over (order by a.recency, m.sheet, m.row) as turn
    from stg_mention as m
    join stg_person_mention as p using (mention_id)
    join accepted as a using (submission_id)
),

said as (
    unpivot (
        select
            person_id,
            turn,
            nullif(sexe, 'ND') as sexe,
            cast(birth_year as varchar) as birth_year,
            nationalite,
            statut_administratif
        from mention
    )
    on sexe, birth_year, nationalite, statut_administratif
    into name attribute value value
),

votes as (
    select person_id, attribute, value, count(*) as votes, max(turn) as latest
    from said
    group by all
),

-- The most votes, then the latest turn, as one number.
chosen as (
    select person_id, attribute, arg_max(value, (votes << 40) + latest) as value
    from votes
    group by all
),

attributes as (
    select
        person_id,
        max(value) filter (where attribute = 'sexe') as sexe,
        max(value) filter (where attribute = 'birth_year') as birth_year,
        max(value) filter (where attribute = 'nationalite') as nationalite,
        max(value) filter (where attribute = 'statut_administratif') as statut_administratif
    from chosen
    group by person_id
),

final as (
    select
        p.person_id,
        coalesce(a.sexe, 'ND') as sexe,
        cast(a.birth_year as integer) as birth_year,
        a.nationalite,
        a.statut_administratif
    from (select distinct person_id from mention) as p
    left join attributes as a using (person_id)
)

select * from final
