/*
description: The values of the edition in place, which the new one is compared to.
grain: [code, annee, trimestre, region, sexe]
*/
select code, year as annee, quarter as trimestre, region, sex as sexe, value as valeur
from previous_value
