/*
description: >
  The values of the edition in place, to compare the new ones with; empty for the
  first edition and when an edition is made again.
*/
select
    code,
    year as annee,
    quarter as trimestre,
    region,
    sex as sexe,
    value as valeur
from previous_value
