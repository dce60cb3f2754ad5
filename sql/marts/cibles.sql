/*
description: Les cibles annuelles des indicateurs.
description_ar: الأهداف السنوية للمؤشرات.
grain: [code, annee]
columns:
  - {name: code, type: VARCHAR, fr: "Code de l'indicateur", ar: "رمز المؤشر"}
  - {name: annee, type: INTEGER, fr: "Année", ar: "السنة"}
  - {name: cible, type: DOUBLE, fr: "Cible de l'année, dans l'unité de l'indicateur", ar: "هدف السنة، بوحدة المؤشر"}
checks:
  - not_null: [cible]
  - refers: {column: code, to: indicateurs.code}
*/
with
target as (
    select * from stg_target
),

indicator as (
    select code, ordre from stg_indicator
)

select target.*
from target
join indicator using (code)
order by indicator.ordre, target.annee
