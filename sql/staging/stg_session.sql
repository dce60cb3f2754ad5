/*
description: Training sessions for the committee's members.
*/
select
    submission_id,
    sheet,
    row,
    lower(theme) as theme_key,
    date,
    region,
    institutions,
    coalesce(women, 0) + coalesce(men, 0) as participants,
    pre_test,
    post_test,
    respondents,
    satisfied
from session
