/*
description: >
  Mentions of persons, without what identifies them: names, papers, phones and
  addresses stop here.
grain: [mention_id]
*/
select
    mention_id,
    submission_id,
    sheet,
    row,
    sex as sexe,
    year(birth_date) as birth_year,
    nationality as nationalite,
    status as statut_administratif
from mention
