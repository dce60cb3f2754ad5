/*
description: Chaque service appartient à une ligne nominative.
description_ar: كل خدمة تعود إلى سطر اسمي.
severity: error
*/
select s.submission_id, s.sheet, s.row, s.service
from stg_service as s
join accepted using (submission_id)
anti join stg_mention as m using (mention_id)
