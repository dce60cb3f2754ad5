/*
description: Le sens de chaque colonne de chaque table publiée.
description_ar: معنى كل عمود في كل جدول منشور.
grain: [table, colonne]
columns:
  - {name: table, type: VARCHAR, fr: "Table", ar: "الجدول"}
  - {name: colonne, type: VARCHAR, fr: "Colonne ; vide : la table elle-même", ar: "العمود؛ فارغ: الجدول نفسه"}
  - {name: type, type: VARCHAR, fr: "Type DuckDB de la colonne", ar: "نوع العمود في DuckDB"}
  - {name: description_fr, type: VARCHAR, fr: "Description en français", ar: "الوصف بالفرنسية"}
  - {name: description_ar, type: VARCHAR, fr: "Description en arabe", ar: "الوصف بالعربية"}
checks:
  - not_null: [table, description_fr, description_ar]
*/
with
final as (
    select name as table, 0 as n, cast(null as varchar) as colonne, cast(null as varchar) as type, fr as description_fr, ar as description_ar
    from doc_table
    union all
    select table_name, cast(n as integer), column_name, type, fr, ar
    from doc_column
)

select * exclude (n)
from final
order by final.table, n
