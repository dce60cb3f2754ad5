/*
description: >
  The focal points each institution sent to each meeting of a committee. meeting
  is the committee's meeting of a day, so that a row a later file repeats is the
  same meeting.
*/
with
attendance as (
    select t.*, a.member, a.region as file_region, a.annee as file_year, a.trimestre as file_quarter
    from stg_attendance as t
    join accepted as a using (submission_id)
),

final as (
    select
        coalesce(cast(date as varchar), concat_ws('/', submission_id, sheet, row)) as meeting,
        institution,
        present,
        cast(coalesce(year(date), file_year) as integer) as annee,
        cast(coalesce(quarter(date), file_quarter) as integer) as trimestre,
        coalesce(region, file_region) as region,
        member,
        submission_id,
        sheet,
        row
    from attendance
)

select * from final
