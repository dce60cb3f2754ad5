/*
description: >
  Services received, placed in a year, a quarter and a region, and tied to a
  person. The first columns are those of a contribution: unit is the person,
  weight 1. A service without a date, or dated by a year only, falls in its
  file's period when the years agree; else its quarter is unknown.
by: unit
*/
with
service as (
    select s.*, p.person_id, person.sexe, a.member, a.region as file_region, a.annee as file_year, a.trimestre as file_quarter
    from stg_service as s
    join accepted as a using (submission_id)
    join stg_person_mention as p using (mention_id)
    join person using (person_id)
),

placed as (
    select
        * exclude (date_first, date_last, date_precision, region),
        cast(coalesce(year(date_first), file_year) as integer) as annee,
        cast(case
            when date_first is null then file_quarter
            when date_precision <> 'annee' then quarter(date_first)
            when year(date_first) = file_year then file_quarter
        end as integer) as trimestre,
        coalesce(region, file_region) as region,
        date_precision is not distinct from 'jour' as by_day,
        coalesce(date_first, make_date(file_year, 3 * coalesce(file_quarter, 1) - 2, 1)) as date_first,
        coalesce(date_last, last_day(make_date(file_year, 3 * coalesce(file_quarter, 4), 1))) as date_last
    from service
),

final as (
    select
        person_id as unit,
        cast(1 as double) as weight,
        annee,
        trimestre,
        region,
        sexe,
        member,
        submission_id,
        sheet,
        row,
        service,
        date_first,
        date_last,
        by_day,
        province,
        targeted,
        pilot,
        technical,
        toward,
        prestations
    from placed
    where annee is not null -- chk_service_without_year tells of the others
)

select * from final
