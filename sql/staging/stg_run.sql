/*
description: Runs that published.
grain: [run_id]
*/
select *
from run_log
