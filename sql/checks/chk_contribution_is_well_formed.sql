/*
description: >
  Chaque contribution porte un indicateur du catalogue, un rôle et une année ; au numérateur et au dénominateur, une
  unité n'a qu'un poids par trimestre et par sexe.
description_ar: >
  لكل مساهمة مؤشر من الفهرس ودور وسنة؛ وفي البسط والمقام لا يكون للوحدة إلا وزن واحد في كل فصل ولكل جنس.
severity: error
local: true
*/
with
malformed as (
    select c.source, c.code, c.role, c.unit, c.annee, c.trimestre, 0 as weights
    from indicators as c
    left join stg_indicator as i using (code)
    where i.code is null
        or c.annee is null
        or c.role not in ('N', 'D', 'C')
        or (c.role <> 'C' and (c.unit is null or c.weight is null or c.sexe is null))
        or (c.role <> 'C' and (i.mesure = 'personnes') <> (c.sexe in ('F', 'H', 'ND')))
),

torn as (
    select source, code, role, unit, annee, trimestre, count(distinct weight) as weights
    from indicators
    where role <> 'C'
    group by all
    having count(distinct weight) > 1 or count(distinct sexe) > 1
)

from malformed
union all
from torn
