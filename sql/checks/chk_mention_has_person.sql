/*
description: Chaque ligne nominative d'un envoi en vigueur est rattachée à une personne.
description_ar: كل سطر اسمي من إرسال ساري مرتبط بشخص.
severity: error
*/
select m.submission_id, m.sheet, m.row
from stg_mention as m
join accepted using (submission_id)
anti join stg_person_mention as p using (mention_id)
