/*
description: Une personne inscrite en formation aurait moins de 15 ans.
description_ar: شخص مسجل في التكوين قد يقل سنه عن 15 سنة.
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
where e.service = 'FP_INSCRIPTION' and e.annee - m.birth_year < 15
