/*
description: Un total déclaré n'est pas celui de la liste nominative, une fois les doublons retirés.
description_ar: مجموع مصرح به يخالف اللائحة الاسمية بعد حذف المكرر.
severity: warning
*/
select
    membre as member,
    cast(null as varchar) as submission_id,
    cast(null as varchar) as sheet,
    cast(null as varchar) as cell,
    code,
    cast(left(periode, 4) as integer) as annee,
    cast(nullif(substr(periode, 7, 1), '') as integer) as trimestre,
    cast(null as varchar) as region
from rapprochements
where sexe = 'T' and ecart <> 0
