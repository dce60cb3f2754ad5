/*
description: Troubles found in submissions, without the values read.
grain: [submission_id, n]
*/
select
    submission_id,
    n,
    code as regle,
    severity as gravite,
    sheet,
    row,
    cell
from issue
where severity <> 'note' -- what the reader guessed about the layout is no trouble
