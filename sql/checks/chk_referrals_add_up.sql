/*
description: Dans referencements, T = F + H + ND, et nul n'est pris en charge sans avoir été référé.
description_ar: في جدول referencements، T = F + H + ND، ولا يُتكفل إلا بمن أُحيل.
severity: error
*/
with
cell as (
    select
        membre_origine,
        membre_destination,
        annee,
        trimestre,
        region,
        max(referees) filter (where sexe = 'T') as total,
        sum(referees) filter (where sexe <> 'T') as sexes,
        max(prises_en_charge) filter (where sexe = 'T') as taken,
        sum(prises_en_charge) filter (where sexe <> 'T') as taken_sexes
    from referencements
    group by membre_origine, membre_destination, annee, trimestre, region
)

select *
from cell
where total is distinct from sexes or taken is distinct from taken_sexes or taken > total
