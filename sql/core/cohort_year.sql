/*
description: The years whose enrolments in trainings are reported on.
grain: [annee]
*/
select distinct annee
from covered
where topic = 'FP_INSCRIPTION'
