/*
description: >
  The mean, over the state institutions each committee convened in the year, of the
  focal points present at all of its meetings: the least of an institution's counts,
  0 when it missed a meeting. It has no meaning for a quarter. An institution is
  convened when the committee's table has it at one meeting at least.
*/
with
present as (
    select p.*
    from presence as p
    join stg_institution as i on i.code = p.institution
    where i.state
),

held as (
    select member, annee, count(distinct meeting) as meetings
    from presence
    group by all
),

at_meeting as (
    select member, annee, institution, meeting, max(present) as present
    from present
    group by all
),

faithful as (
    select
        member,
        annee,
        institution,
        case when count(*) = any_value(meetings) then min(present) else 0 end as always_present
    from at_meeting
    join held using (member, annee)
    group by all
),

numerator as (
    select
        member || '/' || institution as unit,
        cast(always_present as double) as weight,
        cast(null as integer) as trimestre,
        'T' as sexe,
        present.* exclude (trimestre)
    from present
    join faithful using (member, annee, institution)
),

convened as (
    select * replace (cast(1 as double) as weight)
    from numerator
),

coverage as (
    select distinct * replace (cast(null as integer) as trimestre)
    from covered
    where topic = 'meetings'
),

final as (
    select 'N' as role, unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from numerator
    union all
    select 'D', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from convened
    union all
    select 'C', unit, weight, annee, trimestre, region, sexe, member, submission_id, sheet, row
    from coverage
)

select '3.1' as code, * from final
