/*
description: Un service serait rendu avant la naissance de la personne.
description_ar: خدمة مقدمة قبل ميلاد الشخص.
severity: warning
*/
select distinct
    e.member,
    e.submission_id,
    e.sheet,
    e.row || ':' || e.row as cell,
    cast(null as varchar) as code,
    e.annee,
    cast(null as integer) as trimestre,
    e.region
from event as e
join stg_mention as m using (submission_id, sheet, row)
where year(e.date_last) < m.birth_year
