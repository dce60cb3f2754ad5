/*
description: Submissions received, one row each, whatever became of them.
grain: [submission_id]
*/
select
    submission_id,
    seq,
    seq,
    member,
    role,
    structure,
    structure_key,
    region,
    province,
    year as annee,
    quarter as trimestre,
    year || coalesce('-T' || quarter, '') as periode,
    file_name,
    sha256,
    cast(received_at as date) as received_on,
    saved_at,
    status,
    rows_read,
    rows_kept,
    rows_refused
from submission
