/*
description: >
  What is reported on, as contributions of role C: a topic, a year, a quarter, a
  region. Where a topic is covered, finding nothing is a zero; elsewhere it is a
  silence. A whole-year report covers its four quarters, unless some of its rows
  have no quarter; a report without a region covers those its sheet speaks of. The
  last columns tell which qualities the sheet's rows of that topic say.
of: submission_id
*/
with
coverage as (
    select c.*, a.member, a.role
    from stg_coverage as c
    join accepted as a using (submission_id)
),

reported as (
    select submission_id, sheet, service as topic, annee, trimestre, region from event
    union all
    select submission_id, sheet, 'companies', annee, trimestre, region from contact
    union all
    select submission_id, sheet, 'meetings', annee, trimestre, region from presence
    union all
    select submission_id, sheet, 'sessions', annee, trimestre, region from training
),

places as (
    select submission_id, sheet, list(distinct region) as regions
    from reported
    where region is not null
    group by all
),

unplaced as (
    select distinct submission_id, sheet, topic, annee
    from reported
    where trimestre is null
),

qualified as (
    select
        submission_id,
        sheet,
        service as topic,
        count(targeted) > 0 as says_targeted,
        count(technical) > 0 as says_technical,
        count(pilot) > 0 as says_pilot
    from event
    group by all
),

spread as (
    select
        c.topic,
        c.member,
        c.role,
        c.submission_id,
        c.sheet,
        c.annee,
        unnest(case
            when c.trimestre is not null then [c.trimestre]
            when u.topic is not null then [null]
            else [1, 2, 3, 4]
        end) as trimestre,
        case when c.region is not null then [c.region] else coalesce(p.regions, [null]) end as regions,
        coalesce(q.says_targeted, false) as says_targeted,
        coalesce(q.says_technical, false) as says_technical,
        coalesce(q.says_pilot, false) as says_pilot
    from coverage as c
    left join places as p using (submission_id, sheet)
    left join unplaced as u
        on u.submission_id = c.submission_id and u.sheet = c.sheet and u.annee = c.annee
        and u.topic = split_part(c.topic, '.', 1)
    left join qualified as q on q.submission_id = c.submission_id and q.sheet = c.sheet and q.topic = c.topic
),

-- Distinct before the columns that say nothing: they would be compared too.
placed as (
    select distinct * exclude (regions), unnest(regions) as region
    from spread
),

final as (
    select
        cast(null as varchar) as unit,
        cast(null as double) as weight,
        annee,
        trimestre,
        region,
        cast(null as varchar) as sexe,
        member,
        submission_id,
        sheet,
        cast(null as integer) as row,
        topic,
        role,
        says_targeted,
        says_technical,
        says_pilot
    from placed
)

select * from final
