/*
description: "Les rapports en retard ou manquants, avec les jours de retard. Exemple : from retards()."
description_ar: "التقارير المتأخرة أو الغائبة مع عدد أيام التأخر. مثال: from retards()."
*/
create macro retards() as table
select
    c.membre,
    c.structure,
    c.periode,
    c.attendu_le,
    c.recu_le,
    c.statut,
    -- Of a missing one: up to the day the edition speaks of.
    coalesce(c.recu_le, (select max(jour) from executions)) - c.attendu_le as jours
from completude as c
where c.statut in ('en_retard', 'manquant')
order by jours desc, c.membre, c.structure, c.periode
