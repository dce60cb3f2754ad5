/*
description: >
  Submissions in force: accepted, with or without reservations, and not replaced.
  recency ranks them by what they report on, then by the workbook's own date;
  never by when they were dropped.
grain: [submission_id]
*/
with
submission as (
    select * from stg_submission
),

final as (
    select
        submission_id,
        member,
        role,
        structure_key,
        region,
        province,
        annee,
        trimestre,
        periode,
        row_number() over (
            order by annee, coalesce(trimestre, 5), saved_at nulls first, member, file_name, submission_id
        ) as recency
    from submission
    where status in ('acceptee', 'reserves')
)

select * from final
