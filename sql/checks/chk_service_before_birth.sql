/*
description: Un service serait rendu avant la naissance de la personne.
description_ar: خدمة مقدمة قبل ميلاد الشخص.
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
where kind = 'unborn'
