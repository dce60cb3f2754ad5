/*
description: Companies approached, one row per row of a sheet.
*/
select
    submission_id,
    sheet,
    row,
    nullif(name_key, '') as name_key,
    nullif(ice, '') as ice,
    province,
    region,
    date,
    date_precision,
    "by" as approached_by,
    asked_contract,
    recruited_women is not null or recruited_men is not null as says_recruited,
    coalesce(recruited_women, 0) + coalesce(recruited_men, 0) > 0 as has_recruited
from company
