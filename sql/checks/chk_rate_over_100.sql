/*
description: Un taux dépasse 100 %.
description_ar: نسبة تتجاوز 100 %.
severity: warning
*/
select
    cast(null as varchar) as member,
    cast(null as varchar) as submission_id,
    cast(null as varchar) as sheet,
    cast(null as varchar) as cell,
    code,
    annee,
    trimestre,
    region
from valeurs
where sexe = 'T' and contains(drapeaux, 'plus_de_100')
