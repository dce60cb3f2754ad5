/*
description: Yearly targets.
grain: [code, annee]
*/
select code, cast(annee as integer) as annee, cast(cible as double) as cible
from seed_cibles
