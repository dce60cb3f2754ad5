/*
description: La même personne est donnée femme dans une ligne et homme dans une autre.
description_ar: الشخص نفسه ورد أنثى في سطر وذكرا في سطر آخر.
severity: warning
*/
select
    member,
    submission_id,
    sheet,
    row || ':' || row as cell,
    cast(null as varchar) as code,
    annee,
    cast(null as integer) as trimestre,
    region
from doubtful_row
where kind = 'other_sex'
