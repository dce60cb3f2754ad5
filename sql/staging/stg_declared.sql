/*
description: Totals declared by members, without the persons behind them.
*/
select
    submission_id,
    sheet,
    row,
    cell,
    code,
    year as annee,
    quarter as trimestre,
    region,
    province,
    sex as sexe,
    value as valeur
from declared
