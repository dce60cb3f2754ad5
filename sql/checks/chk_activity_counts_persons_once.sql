/*
description: Dans activites, la somme des personnes d'un service et d'une année est le nombre de personnes distinctes.
description_ar: في جدول activites، مجموع الأشخاص في خدمة وسنة هو عدد الأشخاص المختلفين.
severity: error
*/
with
published as (
    select service, annee, sum(personnes) as persons
    from activites
    where personnes is not null
    group by all
),

distinct_persons as (
    select service, annee, count(distinct unit) as persons
    from event
    group by all
)

select service, annee, p.persons as published, d.persons as distinct_persons
from published as p
full join distinct_persons as d using (service, annee)
where p.persons is distinct from d.persons
