/*
description: The years in which an indicator has a numerator, or a denominator, of some unit.
grain: [code, role, annee]
*/
select distinct code, role, annee
from indicators
where role in ('N', 'D')
