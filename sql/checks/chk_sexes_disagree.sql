/*
description: La même personne est donnée femme dans une ligne et homme dans une autre.
description_ar: الشخص نفسه ورد أنثى في سطر وذكرا في سطر آخر.
severity: warning
*/
with
mention as (
    select p.person_id, a.member, m.submission_id, m.sheet, m.row, m.sexe, a.annee, a.region
    from stg_mention as m
    join stg_person_mention as p using (mention_id)
    join accepted as a using (submission_id)
    where m.sexe <> 'ND'
)

-- The rows that differ from the sex kept for the person.
select
    m.member,
    m.submission_id,
    m.sheet,
    m.row || ':' || m.row as cell,
    cast(null as varchar) as code,
    m.annee,
    cast(null as integer) as trimestre,
    m.region
from mention as m
join person as p using (person_id)
where m.sexe <> p.sexe
