/*
description: Settings of the run.
grain: [key]
*/
select key, value
from setting
