/*
description: Le total déclaré pour l'année n'est pas la somme des quatre trimestres déclarés.
description_ar: المجموع المصرح به للسنة لا يساوي مجموع الفصول الأربعة المصرح بها.
severity: warning
*/
with
item as (
    select code, member, structure_key, annee, region,
        max(t) filter (where trimestre is null) as of_year,
        sum(t) filter (where trimestre is not null) as of_quarters,
        count(trimestre) as quarters
    from declared_item
    where counted
    group by all
)

select
    member,
    cast(null as varchar) as submission_id,
    cast(null as varchar) as sheet,
    cast(null as varchar) as cell,
    code,
    annee,
    cast(null as integer) as trimestre,
    region
from item
where quarters = 4 and of_year <> of_quarters
