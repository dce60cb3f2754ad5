/*
description: Values that changed from one edition to the next.
*/
select
    edition,
    published_on,
    code,
    year as annee,
    quarter as trimestre,
    region,
    sex as sexe,
    before as valeur_avant,
    after as valeur_apres,
    cause
from revision_log
