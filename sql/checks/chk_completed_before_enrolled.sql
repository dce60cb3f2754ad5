/*
description: Une formation se termine avant d'avoir commencé.
description_ar: تكوين ينتهي قبل أن يبدأ.
severity: warning
*/
select distinct
    done.member,
    done.submission_id,
    done.sheet,
    done.row || ':' || done.row as cell,
    cast(null as varchar) as code,
    done.annee,
    cast(null as integer) as trimestre,
    done.region
from event as done
join event as enrolled using (submission_id, sheet, row)
where done.service in ('FP_REUSSITE', 'FP_ABANDON') and enrolled.service = 'FP_INSCRIPTION'
    and done.date_last < enrolled.date_first
