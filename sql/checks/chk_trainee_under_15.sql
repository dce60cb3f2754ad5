/*
description: Une personne inscrite en formation aurait moins de 15 ans.
description_ar: شخص مسجل في التكوين قد يقل سنه عن 15 سنة.
severity: warning
*/
select
    member,
    submission_id,
    sheet,
    row || ':' || row as cell,
    cast(null as varchar) as code,
    annee,
    cast(null as integer) as trimestre,
    region
from doubtful_row
where kind = 'child'
