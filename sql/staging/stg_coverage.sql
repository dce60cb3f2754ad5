/*
description: What topics a sheet reports on, over what period.
*/
select
    submission_id,
    sheet,
    topic,
    year as annee,
    quarter as trimestre,
    region
from coverage
