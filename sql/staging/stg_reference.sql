/*
description: Values of past years from the project's report, used where nobody reported.
grain: [code, annee, sexe]
*/
select code, cast(annee as integer) as annee, sexe, cast(valeur as double) as valeur
from seed_valeurs_reference
