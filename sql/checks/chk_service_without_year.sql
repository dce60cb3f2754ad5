/*
description: Un service n'a pas de date, et son fichier n'a pas de période ; il n'est compté nulle part.
description_ar: خدمة بلا تاريخ في ملف بلا فترة؛ لا تُحتسب في أي مكان.
severity: warning
*/
select distinct
    a.member,
    a.submission_id,
    s.sheet,
    s.row || ':' || s.row as cell,
    cast(null as varchar) as code,
    cast(null as integer) as annee,
    cast(null as integer) as trimestre,
    s.region
from stg_service as s
join accepted as a using (submission_id)
where s.date_first is null and a.annee is null
