/*
description: What is expected of whom, and by when.
*/
select
    member,
    structure,
    year as annee,
    quarter as trimestre,
    year || coalesce('-T' || quarter, '') as periode,
    due
from expected
