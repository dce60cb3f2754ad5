/*
description: Une formation se termine avant d'avoir commencé.
description_ar: تكوين ينتهي قبل أن يبدأ.
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
where kind = 'backwards'
