/*
description: The focal points an institution sent to a committee's meeting.
*/
select
    submission_id,
    sheet,
    row,
    date,
    region,
    institution,
    women + men + undeclared as present
from attendance
