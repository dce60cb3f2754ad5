/*
description: "Un service, une année, par région : personnes distinctes et prestations. Les codes sont dans la colonne service de la table activites. Exemple : from activite('ACCUEIL', 2020)."
description_ar: "خدمة خلال سنة حسب الجهات: أشخاص مختلفون وخدمات مقدمة. الرموز في عمود service من جدول activites. مثال: from activite('ACCUEIL', 2020)."
*/
create macro activite(service_voulu, an) as table
select
    a.region,
    if(a.region is null, 'Région inconnue', nom_region(a.region)) as nom,
    cast(sum(a.personnes) filter (a.sexe = 'F') as bigint) as femmes,
    cast(sum(a.personnes) filter (a.sexe = 'H') as bigint) as hommes,
    cast(sum(a.personnes) as bigint) as personnes,
    cast(sum(a.prestations) as bigint) as prestations
from activites as a
where a.service = service_voulu and a.annee = an
group by a.region
order by a.region
