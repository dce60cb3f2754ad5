/*
description: >
  Services received, one row per service a row of a sheet declares. A date is
  known to the day, the month or the year; it is between date_first and
  date_last.
*/
select
    submission_id,
    sheet,
    row,
    mention_id,
    service,
    date as date_first,
    case date_precision
        when 'annee' then cast(date + interval 1 year - interval 1 day as date)
        when 'mois' then last_day(date)
        else date
    end as date_last,
    date_precision,
    region,
    province,
    targeted,
    pilot,
    technical,
    toward,
    prestations
from service
