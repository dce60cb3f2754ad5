/*
description: >
  Rows that can't all be true of one person, by kind: what quality rules tell of
  (checks/).
by: unit
*/
with
mention as (
    select p.person_id as unit, a.member, m.submission_id, m.sheet, m.row, m.sexe, a.annee, a.region
    from stg_mention as m
    join stg_person_mention as p using (mention_id)
    join accepted as a using (submission_id)
    where m.sexe <> 'ND'
),

-- The rows that differ from the sex kept for the person.
other_sex as (
    select m.* exclude (sexe)
    from mention as m
    join person as p on p.person_id = m.unit
    where m.sexe <> p.sexe
),

served as (
    select e.*, m.birth_year
    from event as e
    join stg_mention as m using (submission_id, sheet, row)
    where m.birth_year is not null
),

unborn as (
    select distinct unit, member, submission_id, sheet, row, annee, region
    from served
    where year(date_last) < birth_year
),

child as (
    select distinct unit, member, submission_id, sheet, row, annee, region
    from served
    where service = 'FP_INSCRIPTION' and annee - birth_year < 15
),

backwards as (
    select distinct done.unit, done.member, done.submission_id, done.sheet, done.row, done.annee, done.region
    from event as done
    join event as enrolled using (submission_id, sheet, row)
    where done.service in ('FP_REUSSITE', 'FP_ABANDON') and enrolled.service = 'FP_INSCRIPTION'
        and done.date_last < enrolled.date_first
),

final as (
    select *, 'other_sex' as kind from other_sex
    union all
    select *, 'unborn' from unborn
    union all
    select *, 'child' from child
    union all
    select *, 'backwards' from backwards
)

select * from final
